"""Every request is counted and timed, by endpoint: never by address, which may carry whom it is about."""

import time

from flask import Flask, Response, g, request
from prometheus_client import Histogram

_SECONDS = Histogram(
    "yannian_request_seconds",
    "Time to answer a request",
    ("endpoint", "method", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def _begin() -> None:
    g.begun = time.perf_counter()


def _end(response: Response) -> Response:
    if "begun" in g:
        status = f"{response.status_code // 100}xx"
        seconds = time.perf_counter() - g.begun
        _SECONDS.labels(request.endpoint or "none", request.method, status).observe(seconds)
    return response


def init_app(app: Flask) -> None:
    """Attach to an application, before anything else looks at the request."""
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(_end)
