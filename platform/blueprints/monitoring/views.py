"""/healthz for whoever asks; /metrics for this machine, or for who knows the token."""

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.registry import REGISTRY

from policy import public
from queries import health

blueprint = Blueprint("monitoring", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> tuple[Response, int]:
    """200 while the database answers, else 503."""
    if health.database_answers():
        return jsonify(status="ok"), 200
    return jsonify(status="database does not answer"), 503


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Requests of all workers of this machine, in Prometheus' text form."""
    if not (_is_local() or _knows_token()):
        abort(404)
    registry: CollectorRegistry = REGISTRY
    if current_app.extensions["settings"].metrics_folder:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_local() -> bool:
    """Asked on this machine itself, and not through a proxy that stands on it."""
    is_forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not is_forwarded and ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104


def _knows_token() -> bool:
    token = current_app.extensions["settings"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())
