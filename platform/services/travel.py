"""How long ways take on a day in a place: the installation's model, what was learned of it, and the closed roads."""

import uuid
from datetime import date, datetime

from domain.errors import NotFound
from extensions import db
from extensions.babel import gettext as _
from gateways.travel import (
    IMPASSABLE,
    MOTOR,
    Between,
    Circle,
    Closure,
    Health,
    Osrm,
    Pair,
    Place,
    Point,
    StraightLine,
    TravelModel,
    corrected,
    road_server,
    travel_model,
)
from models import ClosureShape, RoadClosure, TravelFactor
from policy import Actor, Permission, Scope
from queries import travel as queries

from . import audit


def model_for(division_code: str, on: date, *, osrm_url: str) -> TravelModel:
    """The model by which a division's day is planned. Two statements; the model itself reads nothing more."""
    factors = {
        Pair(row.basis, row.means, row.one_code, row.other_code): row.factor
        for row in queries.factors_under(division_code)
    }
    closures = [as_closure(row) for row in queries.closures_on(on)]
    return corrected(travel_model(osrm_url), factors, closures)


def as_closure(row: RoadClosure) -> Closure:
    """The closed road as a travel model takes it."""
    times = IMPASSABLE if row.detour is None else row.detour
    return Closure(_shape(row), str(row.means) if row.means else None, times)


def _shape(row: RoadClosure) -> Place | Between | Circle:
    if row.shape is ClosureShape.PAIR and row.other_code is not None:
        return Between(row.division_code, row.other_code)
    if row.latitude is not None and row.longitude is not None and row.radius_m is not None:
        return Circle(row.latitude, row.longitude, float(row.radius_m))
    return Place(row.division_code)


def _touches(scope: Scope, codes: tuple[str, str | None]) -> bool:
    """Whether one of the two ends lies in the scope."""
    return any(code is not None and scope.holds_division(code) for code in codes)


def _factor(factor_id: uuid.UUID, by: Actor) -> TravelFactor:
    row = db.session.get(TravelFactor, factor_id, with_for_update=True)
    if row is None or not _touches(by.scope(Permission.TRAVEL_EDIT), (row.one_code, row.other_code)):
        raise NotFound("")
    return row


def reset(factor_id: uuid.UUID, *, reason: str, by: Actor, now: datetime) -> TravelFactor:
    """Forget what was learned of a pair: it starts anew with what is logged from tomorrow on."""
    row = _factor(factor_id, by)
    row.reset(" ".join(reason.split()), by_id=by.user_id, at=now)
    db.session.flush()
    audit.record(
        "travel.reset", "travel_factor", row.id, by=by, now=now, division_code=row.one_code, reason=row.reset_reason,
        changes={"factor": [round(row.factor, 2), None]},
    )  # fmt: skip
    return row


def undo_reset(factor_id: uuid.UUID, *, by: Actor, now: datetime) -> TravelFactor:
    """What was learned holds again."""
    row = _factor(factor_id, by)
    row.undo_reset()
    db.session.flush()
    audit.record(
        "travel.undo_reset", "travel_factor", row.id, by=by, now=now, division_code=row.one_code,
        changes={"factor": [None, round(row.factor, 2)]},
    )  # fmt: skip
    return row


def health(osrm_url: str) -> Health:
    """How the road server has done in this process; nothing where there is none."""
    return road_server(osrm_url).health() if osrm_url else Health()


def try_server(osrm_url: str) -> str:
    """Ask the road server the way across the city's middle; what went wrong, or "" if it answers."""
    if not osrm_url:
        return _("没有设路网服务")
    points = [Point(36.5854, 109.4843), Point(36.60, 109.47)]
    server = Osrm(osrm_url, StraightLine(), circuit=road_server(osrm_url).circuit)
    table = server.table(points, MOTOR)
    is_answer = table.by_road is not None and bool(table.by_road[0, 1])
    return "" if is_answer else server.health().trouble or _("这里不在它的路网里")
