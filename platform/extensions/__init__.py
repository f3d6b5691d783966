"""The application's extensions, one module each; `application.create_app` binds them."""

from .database import database_now, db, migrate, unit_of_work
from .login import login_manager
from .protection import csrf, limiter

__all__ = ["csrf", "database_now", "db", "limiter", "login_manager", "migrate", "unit_of_work"]
