"""What a plan of meal runs leaves out, who it could not use, and the names in the reasons."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, false, func, select, true

from extensions import db
from models import CanteenCourier, Dish, Division, Helper, MealBooking, Senior, Visit

from .meal_run_lines import LeftOutLine, PlanPage


def left_out_of(shown: PlanPage) -> list[LeftOutLine]:
    """The portions nobody brings and the visits nobody makes, portions first. At most two statements."""
    portions = {uuid.UUID(one): row["reasons"] for row in shown.left_out for one in row.get("booking_ids", ())}
    visits = {uuid.UUID(row["visit_id"]): row["reasons"] for row in shown.left_out if "visit_id" in row}
    of_portions = (
        select(
            MealBooking.id, Senior.id, Senior.name, Dish.name, func.coalesce(Division.name, ""), true(),
            MealBooking.status,
        )
        .join(Senior, Senior.id == MealBooking.senior_id)
        .join(Dish, Dish.id == MealBooking.dish_id)
        .outerjoin(Division, Division.code == Senior.residence_code)
        .where(MealBooking.id.in_(portions))
        .order_by(Division.code, MealBooking.id)
    )  # fmt: skip
    of_visits = (
        select(Visit.id, Senior.id, Senior.name, Visit.reason, func.coalesce(Division.name, ""), false(), Visit.status)
        .join(Senior, Senior.id == Visit.senior_id)
        .outerjoin(Division, Division.code == Visit.division_code)
        .where(Visit.id.in_(visits))
        .order_by(Visit.priority, Visit.division_code, Visit.id)
    )
    reasons = portions | visits
    found: list[LeftOutLine] = []
    for statement, ids in ((of_portions, portions), (of_visits, visits)):
        rows = db.session.execute(statement).all() if ids else []
        values: list[list[Any]] = [[*row[1:], reasons[row[0]]] for row in rows]
        found += [LeftOutLine(*one) for one in values]
    return found


def names_in(reasons: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The names of the carriers and of the seniors that reasons mention, by id as text. At most four statements."""
    found = list(reasons)
    carriers = {uuid.UUID(one[key]) for one in found for key in ("helper", "other") if one.get(key)}
    about = {uuid.UUID(one["visit"]) for one in found if one.get("visit")}
    statements: list[Select[Any]] = []
    if carriers:
        statements += [select(table.id, table.name).where(table.id.in_(carriers)) for table in (Helper, CanteenCourier)]
    if about:
        statements += [
            select(table.id, Senior.name).join(Senior, Senior.id == table.senior_id).where(table.id.in_(about))
            for table in (Visit, MealBooking)
        ]
    return {str(key): name for statement in statements for key, name in db.session.execute(statement)}


def set_aside_of(shown: PlanPage) -> list[tuple[str, list[dict[str, Any]]]]:
    """(name, reasons) of carriers who could not be planned because of how they are entered."""
    reasons = {one["carrier_id"]: one["reasons"] for one in shown.set_aside}
    names = names_in({"helper": key} for key in reasons)
    return sorted((name, reasons[key]) for key, name in names.items())
