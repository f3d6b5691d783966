"""订餐: the week's meals of each senior; booking, changing, cancelling."""

from .views import blueprint

__all__ = ["blueprint"]
