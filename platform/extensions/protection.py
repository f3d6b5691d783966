"""Against forged forms and floods. The sign-in lock-out lives in the database, see services.sign_in."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)
