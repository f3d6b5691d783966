"""The room itself, which its modules of views share."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint

blueprint = Blueprint("seniors", __name__, url_prefix="/seniors")


def _stored(rows: Iterable[Any], key: str | None) -> Any:
    """The stored phone or contact that a row of the form stands for."""
    return next((one for one in rows if str(one.id) == key), None)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"stored": _stored}
