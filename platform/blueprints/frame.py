"""What every page's frame shows: where you are, what else you may open, in which language and size."""

from dataclasses import dataclass

from flask import Flask, g, request, url_for

from domain.times import local_day, utc_now
from extensions.babel import LANGUAGES, choose_language
from extensions.babel import lazy as _l
from extensions.login import current_user
from policy import Permission


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the rail. `endpoint` is where it leads, `room` the blueprint it stands for."""

    endpoint: str
    label: str
    icon: str
    permission: Permission

    @property
    def room(self) -> str:
        return self.endpoint.split(".")[0]


PLACES = (Place("homes.show", _l("今天"), "house", Permission.HOME),)
"""In the order of the rail; the first five a person may open make the phone's bottom bar."""


def places_of() -> list[Place]:
    """The entries the signed-in person may open."""
    actor = g.get("actor")
    return [place for place in PLACES if actor and actor.can(place.permission)]


def init_app(app: Flask) -> None:
    """Attach to an application."""

    @app.context_processor
    def _frame() -> dict[str, object]:
        return {
            "places": places_of(),
            "room": (request.blueprint or "") if request else "",
            "language": choose_language(),
            "languages": LANGUAGES,
            "is_big_type": bool(current_user.is_authenticated and current_user.is_big_type),
            "today": local_day(utc_now()),
            "actor": g.get("actor"),
            "here": request.full_path.rstrip("?") if request else url_for("homes.show"),
        }
