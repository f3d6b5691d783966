"""手机: the sandbox's phones, as their owners would see them. Only where texts go to the sandbox."""

from .views import blueprint

__all__ = ["blueprint"]
