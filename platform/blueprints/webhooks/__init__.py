"""Where providers call back: public, signed, and never trusted further than one word about one row."""

from .views import blueprint

__all__ = ["blueprint"]
