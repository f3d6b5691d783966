"""巡访: plan a day's rounds, look at the proposal on a map and as lists, publish it, print it."""

from .views import blueprint

__all__ = ["blueprint"]
