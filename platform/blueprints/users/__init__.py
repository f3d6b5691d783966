"""用户: who may sign in, and what each may do where."""

from .views import blueprint

__all__ = ["blueprint"]
