"""巡访: plan a day's rounds, look at the proposal as map, timeline and table, publish it, put it on paper."""

from . import editing, papers, proposals, views  # noqa: F401  each brings its views
from .room import blueprint

__all__ = ["blueprint"]
