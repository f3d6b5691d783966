"""No request may carry NUL: PostgreSQL stores no such text, and no keyboard types it."""

from flask import Flask, abort, request


def _refuse() -> None:
    for source in (request.args, request.form):
        if any("\0" in name or "\0" in value for name, value in source.items(multi=True)):
            abort(400)


def init_app(app: Flask) -> None:
    """Attach to an application."""
    app.before_request(_refuse)
