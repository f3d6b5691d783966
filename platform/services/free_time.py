"""What published rounds and runs leave of people's shifts."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from extensions import db
from models import Helper
from queries import meal_run_days
from queries.meal_run_days import Minutes
from queries.round_days import OnShift

LEAST_MINUTES = 15
"""A shorter piece of a shift is no time to go anywhere."""


def left_of(helpers: list[OnShift], on: date) -> list[OnShift]:
    """The helpers with the rest of their shifts and of their day; without those who have none left. Two statements."""
    busy = busy_on(on, [helper.id for helper in helpers])
    found = (_left(helper, busy.get(helper.id, [])) for helper in helpers)
    return [helper for helper in found if helper.shifts]


def busy_on(on: date, carriers: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Minutes]]:
    """When these helpers and couriers are away on what is published for that day."""
    busy = meal_run_days.busy_on_runs(on, carriers)
    for helper, times in meal_run_days.busy_on_rounds(on, carriers).items():
        busy[helper] = busy.get(helper, []) + times
    return busy


def meet(some: Collection[Minutes], others: Collection[Minutes]) -> bool:
    """Whether somebody would have to be at two places at once."""
    return any(start < its_end and its_start < end for start, end in some for its_start, its_end in others)


def hold(helpers: Collection[uuid.UUID]) -> None:
    """Two publications of the same people wait for each other."""
    db.session.execute(select(Helper.id).where(Helper.id.in_(helpers)).order_by(Helper.id).with_for_update())


def _left(helper: OnShift, busy: Iterable[Minutes]) -> OnShift:
    away = sorted(set(busy))
    if not away:
        return helper
    gone = sum(end - start for start, end in away)
    contracted = helper.contracted_minutes
    return replace(
        helper,
        shifts=between(helper.shifts, away),
        max_daily_minutes=max(helper.max_daily_minutes - gone, 0),
        contracted_minutes=None if contracted is None else max(contracted - gone, 0),
    )


def between(shifts: Iterable[Minutes], busy: Iterable[Minutes]) -> tuple[Minutes, ...]:
    """The pieces of the shifts that nothing in `busy` touches, each long enough to go somewhere."""
    pieces = set(shifts)
    for start, end in busy:
        before = {(piece[0], min(piece[1], start)) for piece in pieces}
        after = {(max(piece[0], end), piece[1]) for piece in pieces}
        pieces = {piece for piece in before | after if piece[1] - piece[0] >= LEAST_MINUTES}
    return tuple(sorted(pieces))
