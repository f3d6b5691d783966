"""餐厅: shared canteens, what their kitchens can cook, when they are closed."""

from .views import blueprint

__all__ = ["blueprint"]
