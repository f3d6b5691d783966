"""Security headers on every answer, pages and files alike."""

from wsgiref.headers import Headers

from flask import Flask, Response, request
from flask import current_app as app

from extensions.login import current_user

_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def policy(tile_origin: str = "") -> str:
    """The content security policy: nothing inline, nothing from elsewhere but the map's tiles."""
    rules = dict(_POLICY)
    if tile_origin:
        rules["img-src"] += f" {tile_origin}"
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def for_pages(response: Response) -> Response:
    """Headers of every page; what a signed-in person sees is not kept by caches."""
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    settings = app.extensions["settings"]
    response.headers.setdefault("Content-Security-Policy", policy(_origin(settings.tile_url)))
    if settings.is_production:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static" and current_user.is_authenticated:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def for_files(headers: Headers, _path: str, _url: str) -> None:
    """Headers of static files, which WhiteNoise answers before Flask."""
    for name, value in _FIXED.items():
        headers[name] = value


def _origin(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{rest.split('/')[0].replace('{s}', '*')}" if separator else ""


def init_app(flask_app: Flask) -> None:
    """Attach to an application."""
    flask_app.after_request(for_pages)
