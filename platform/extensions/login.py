"""Who is signed in: Flask-Login, wrapped here and nowhere else."""

from typing import Any

import flask_login
from flask_login import LoginManager

current_user: Any = flask_login.current_user
"""Flask-Login's stand-in for the signed-in `User`, or for nobody (`is_authenticated` is False)."""

login_manager = LoginManager()
login_manager.session_protection = None  # type: ignore[assignment]  # the session carries its own version, see services.sign_in
