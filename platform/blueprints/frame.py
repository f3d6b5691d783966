"""What every page's frame shows: where you are, what else you may open, in which language and size."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for

from domain.times import local_day, utc_now
from extensions.babel import LANGUAGES, choose_language
from extensions.babel import lazy as _l
from extensions.login import current_user
from models import Role
from policy import Permission
from policy.guard import PUBLIC, permission_of
from queries import frame as frame_queries

from .marks import Marks


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


PLACES = (
    Place("homes.show", _l("今天"), "house", Permission.HOME),
    Place("seniors.index", _l("老人"), "people", Permission.SENIOR_READ),
    Place("visits.index", _l("探访"), "house-heart", Permission.VISIT_READ),
    Place("rounds.index", _l("巡访"), "signpost-split", Permission.ROUND_READ),
    Place("meals.index", _l("订餐"), "cup-hot", Permission.MEAL_BOOK),
    Place("kitchens.index", _l("厨房"), "egg-fried", Permission.KITCHEN_READ),
    Place("meal_runs.index", _l("送餐"), "truck", Permission.MEAL_RUN_READ),
    Place("rosters.index", _l("名册"), "card-checklist", Permission.ROSTER_READ),
    Place("centres.index", _l("站点"), "buildings", Permission.CENTRE_READ),
    Place("canteens.index", _l("餐厅"), "shop", Permission.CANTEEN_READ),
    Place("helpers.index", _l("助老员"), "person-heart", Permission.HELPER_READ),
    Place("travel.index", _l("路况"), "cone-striped", Permission.TRAVEL_READ),
    Place("messages.index", _l("短信"), "chat-left-text", Permission.MESSAGE_READ),
    Place("alerts.index", _l("预警"), "bell", Permission.ALERT_READ),
    Place("divisions.index", _l("区划"), "diagram-3", Permission.DIVISION_READ),
    Place("calendars.index", _l("日历"), "calendar3", Permission.CALENDAR_READ),
    Place("rules.index", _l("规则"), "sliders", Permission.RULE_READ),
    Place("users.index", _l("用户"), "person-gear", Permission.USER_READ),
    Place("audits.index", _l("审计"), "journal-check", Permission.AUDIT_READ),
)
"""In the order of the rail; the first five a person may open make the phone's bottom bar."""


WITHIN = {"round_changes": "rounds", "what_ifs": "rounds"}
"""Rooms one reaches through another's place."""


def places_of() -> list[Place]:
    """The entries the signed-in person may open."""
    actor = g.get("actor")
    return [place for place in PLACES if actor and actor.can(place.permission)]


def url_with(**changes: Any) -> str:
    """This page's address with some parameters changed, or taken away by None."""
    kept: dict[str, Any] = {name: values for name, values in request.args.lists() if name not in changes}
    kept |= {name: value for name, value in changes.items() if value is not None}
    return url_for(request.endpoint or "homes.show", **(kept | (request.view_args or {})))


def link(endpoint: str, **values: Any) -> str:
    """The address of a page, or nothing for somebody who may not open it: text instead of a dead link."""
    actor = g.get("actor")
    needed = permission_of(current_app, endpoint) if endpoint in current_app.view_functions else None
    is_open = needed == PUBLIC or (needed is not None and actor is not None and actor.can(Permission(needed)))
    return url_for(endpoint, **values) if is_open else ""


def scope_name() -> str:
    """What the person looks after, by name: 宝塔区, a centre, a canteen. Asked for once a page."""
    actor = g.get("actor")
    if actor is None:
        return ""
    if "scope_name" not in g:
        g.scope_name = "、".join(frame_queries.names_of(actor.grants))
    return str(g.scope_name)


def _here() -> str:
    """An address to come back to; a page that answered a POST may have none of its own."""
    if not request or request.endpoint is None:
        return url_for("homes.show")
    if request.method in {"GET", "HEAD"}:
        return request.full_path.rstrip("?")
    adapter = current_app.create_url_adapter(request)
    has_page = adapter is not None and adapter.test(request.path, method="GET")
    return request.full_path.rstrip("?") if has_page else url_for("homes.show")


def _room() -> str:
    """Which place of the rail the page belongs to."""
    blueprint = (request.blueprint or "") if request else ""
    return WITHIN.get(blueprint, blueprint)


def _is_big_type() -> bool:
    if current_user.is_authenticated:
        return bool(current_user.is_big_type)
    return bool(request) and request.cookies.get("big_type") == "1"


def _is_roomy() -> bool:
    """Helpers and families read larger type than offices do."""
    actor = g.get("actor")
    return actor is None or (bool(actor.roles) and actor.roles <= {Role.HELPER, Role.FAMILY})


def _url_for_pages(app: Flask, static: Path) -> Callable[..., str]:
    """`url_for` as templates call it. A page names some fifty files and places: their addresses are made once.

    A file that changed gets a new address, so that no browser shows an old one; in debug mode at once.
    """
    known: dict[tuple[str, str, str], str] = {}

    def address(endpoint: str, **values: Any) -> str:
        is_file = endpoint == "static" and values.keys() == {"filename"}
        if not is_file and (values or endpoint.startswith(".")):
            return url_for(endpoint, **values)
        name = str(values["filename"]) if is_file else ""
        key = (request.script_root if request else "", endpoint, name)
        if key not in known or app.debug:
            known[key] = _file_address(static, name) if is_file else url_for(endpoint)
        return known[key]

    return address


def _file_address(static: Path, name: str) -> str:
    file = static / name
    version = f"{int(file.stat().st_mtime):x}" if file.is_file() else None
    return url_for("static", filename=name, v=version)


def init_app(app: Flask) -> None:
    """Attach to an application."""
    static = Path(str(app.static_folder))
    has_vendor = (static / "vendor" / "bootstrap.css").is_file()
    address = _url_for_pages(app, static)
    app.jinja_env.globals.update(url_for=address, marks=Marks(address, has_sprite=has_vendor))

    @app.context_processor
    def _frame() -> dict[str, object]:
        return {
            "places": places_of(),
            "room": _room(),
            "language": choose_language(),
            "languages": LANGUAGES,
            "is_big_type": _is_big_type(),
            "is_roomy": _is_roomy(),
            "has_vendor": has_vendor,
            "today": local_day(utc_now()),
            "actor": g.get("actor"),
            "here": _here(),
            "scope_name": scope_name,
            "url_with": url_with,
            "link": link,
        }
