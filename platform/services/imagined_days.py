"""A day as it is planned now, and the same day with one thing different: two problems, solved by the same means."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from dispatch import Problem, Visit, Window
from domain.errors import Refusal
from extensions.babel import gettext as _
from gateways.travel import TravelModel
from models import Question, Sex, WhatIf
from queries import round_days as day_queries
from queries import standing
from queries.round_days import DueVisit, OnShift

from . import round_days
from .round_days import Day

DAWN, DUSK = 7 * 3600, 20 * 3600
"""However wide a window is made, nobody knocks outside these."""
NEWCOMER = uuid.UUID(int=1)
"""The helper who does not exist yet."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The day as it is, and as it would be."""

    base: Day
    variant: Day


def read(what_if: WhatIf, *, today: date, travel: TravelModel) -> Pair:
    """The day of a question with all its visits and helpers, whether it is published or not."""
    code, on = what_if.division_code, what_if.on
    away = what_if.helper_id if what_if.question is Question.WITHOUT else None
    visits, helpers = _day(code, on, today, away)
    if what_if.question is Question.ONE_MORE:
        newcomer = _newcomer(helpers, what_if)
        whole = round_days.assemble(code, on, visits, [*helpers, newcomer], travel)
        return Pair(_without(whole, NEWCOMER), whole)
    base = round_days.assemble(code, on, visits, helpers, travel)
    if what_if.question is Question.WITHOUT and what_if.helper_id is not None:
        return Pair(base, _without(base, what_if.helper_id))
    return Pair(base, replace(base, problem=_wider(base.problem, (what_if.minutes or 0) * 60)))


def _day(code: str, on: date, today: date, away: uuid.UUID | None) -> tuple[list[DueVisit], list[OnShift]]:
    """What is due, and what is on the rounds that are published already, with whoever makes them.

    Who is asked about counts as there, even with a leave entered: that is what is asked.
    """
    published = standing.published_of(code, on)
    due = day_queries.visits_to_plan(code, on, today)
    if published is None:
        return due, day_queries.helpers_on_shift(code, on, even=away)
    known = {visit.id for visit in due}
    planned = day_queries.visits_of(standing.visits_on(published) - known)
    return due + planned, day_queries.helpers_on_shift(code, on, but=published, even=away)


def _without(day: Day, helper_id: uuid.UUID) -> Day:
    helpers = tuple(helper for helper in day.problem.helpers if helper.id != str(helper_id))
    return replace(day, problem=replace(day.problem, helpers=helpers))


def _newcomer(helpers: Sequence[OnShift], what_if: WhatIf) -> OnShift:
    """Somebody like the others of that township: their hours and means, every language spoken there."""
    place = what_if.place_code or what_if.division_code
    near = [helper for helper in helpers if helper.division_code.startswith(place[:9])] or list(helpers)
    if not near:
        raise Refusal(_("这一天没有助老员当班，没法比较。"), field="on", suggestion=_("请换一天。"))
    languages = sorted({language for helper in near for language in helper.languages})
    return replace(
        near[0], id=NEWCOMER, division_code=place, latitude=None, longitude=None, skills=sorted(what_if.skills),
        languages=languages, sex=Sex.FEMALE.value, end=None, contracted_minutes=None,
    )  # fmt: skip


def _wider(problem: Problem, seconds: int) -> Problem:
    return replace(problem, visits=tuple(_widened(visit, seconds) for visit in problem.visits))


def _widened(visit: Visit, seconds: int) -> Visit:
    windows = tuple(
        Window(min(max(one.start - seconds, DAWN), one.start), max(min(one.end + seconds, DUSK), one.end))
        for one in visit.windows
    )
    return replace(visit, windows=windows)
