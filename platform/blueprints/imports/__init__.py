"""导入: a file is shown row by row before anything of it is saved."""

from .views import blueprint

__all__ = ["blueprint"]
