"""The blueprint, and what its views share."""

from datetime import date
from typing import TypeVar

from flask import Blueprint

from domain.errors import NotFound

blueprint = Blueprint("meal_runs", __name__)

Found = TypeVar("Found")


def found(thing: Found | None) -> Found:
    """What a query gave, or the page that says there is no such thing."""
    if thing is None:
        raise NotFound("")
    return thing


def day(text: str | None, default: date) -> date:
    """A day of the address, or the default where somebody made one up."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return default
