"""路程: what is known of ways, and which roads are closed."""

from .views import blueprint

__all__ = ["blueprint"]
