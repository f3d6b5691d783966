"""Whether it runs, and how well: for load balancers and Prometheus, not for people."""

from .requests import init_app
from .views import blueprint

__all__ = ["blueprint", "init_app"]
