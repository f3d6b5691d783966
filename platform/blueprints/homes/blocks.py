"""Which blocks the first page has for whom, in the order they are read. Each asks a fixed number of statements."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from domain.times import local_day
from models import AlertLevel, Role
from policy import Actor, Permission
from queries import alerts, audits
from queries.alerts import AlertView
from queries.homes import canteens, centres, dispatch, doors, families, offices, trail
from wording.acts import READS

ALERTS_SHOWN = 5
_OFFICES = frozenset({Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.TOWNSHIP_CLERK})


@dataclass(frozen=True, slots=True)
class Moment:
    """Who asks, and when."""

    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        return local_day(self.now)


@dataclass(frozen=True, slots=True)
class Block:
    """`templates/homes/<name>.html`, for these roles, with what `ask` gives."""

    name: str
    roles: frozenset[Role]
    ask: Callable[[Moment], dict[str, Any]]


def _helper(at: Moment) -> dict[str, Any]:
    return {"day": doors.helper_day(at.actor.scope(Permission.VISIT_LOG), at.today)}


def _family(at: Moment) -> dict[str, Any]:
    scope = at.actor.scope(Permission.MEAL_BOOK)
    return {"relatives": families.relatives(scope, at.today), "tomorrow": at.today + timedelta(days=1)}


def _centre(at: Moment) -> dict[str, Any]:
    return {"centres": centres.centre_days(at.actor.scope(Permission.ATTENDANCE_RECORD), at.today)}


def _canteen(at: Moment) -> dict[str, Any]:
    return {"meals": canteens.coming_meals(at.actor.scope(Permission.MENU_EDIT), at.today)}


def _dispatch(at: Moment) -> dict[str, Any]:
    scope = at.actor.scope(Permission.ROUND_PLAN)
    figures = dispatch.figures(scope, at.today, at.now)
    return {"figures": figures, "late": dispatch.late_visits(scope, at.today, at.now)}


def _office(at: Moment) -> dict[str, Any]:
    scope = at.actor.scope(Permission.REPORT_READ)
    is_small = all(len(code) > 6 for code in scope.divisions)
    return {
        "month": offices.month_of(scope, at.today),
        "waiting": offices.waiting(scope, at.today) if is_small else [],
    }


def _alerts(at: Moment) -> dict[str, Any]:
    scope = at.actor.scope(Permission.ALERT_READ)
    counts = alerts.live_counts(scope, at.today)
    page = alerts.listed(scope, at.today, view=AlertView.LIVE, size=ALERTS_SHOWN)
    return {
        "alerts": page.items,
        "live": sum(counts.values()),
        "red": sum(count for (level, _status), count in counts.items() if level is AlertLevel.RED),
    }


def _trail(at: Moment) -> dict[str, Any]:
    scope = at.actor.scope(Permission.AUDIT_READ)
    return {
        "readers": audits.readers(scope, READS, at.now - timedelta(days=7)),
        "reveals": audits.listed(scope, acts={"senior.reveal"}).items[:8],
        "chain": audits.chain_state(),
    }


def _people(at: Moment) -> dict[str, Any]:
    return {"people": trail.people_figures(at.now)}


BLOCKS = (
    Block("helper", frozenset({Role.HELPER}), _helper),
    Block("family", frozenset({Role.FAMILY}), _family),
    Block("centre", frozenset({Role.CENTRE_MANAGER}), _centre),
    Block("canteen", frozenset({Role.CANTEEN_MANAGER}), _canteen),
    Block("dispatch", frozenset({Role.DISPATCHER}), _dispatch),
    Block("office", _OFFICES, _office),
    Block("alerts", _OFFICES | {Role.DISPATCHER, Role.CENTRE_MANAGER}, _alerts),
    Block("trail", frozenset({Role.AUDITOR}), _trail),
    Block("people", frozenset({Role.ADMINISTRATOR}), _people),
)


def blocks_of(actor: Actor, now: datetime) -> list[tuple[str, dict[str, Any]]]:
    """(template, what it shows) of each block of the actor's roles."""
    at = Moment(actor, now)
    return [(f"homes/{block.name}.html", block.ask(at)) for block in BLOCKS if actor.roles & block.roles]
