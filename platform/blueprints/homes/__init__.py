"""今天: the first page, which answers "what now?" for each role."""

from .views import blueprint

__all__ = ["blueprint"]
