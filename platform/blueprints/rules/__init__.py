"""规则: every number a policy sets, where and from when."""

from .views import blueprint

__all__ = ["blueprint"]
