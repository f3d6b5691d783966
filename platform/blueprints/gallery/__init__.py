"""The components on one page, to be looked at and tested; in demo and test mode only."""

from .views import blueprint

__all__ = ["blueprint"]
