"""Searching again from a proposal: what is locked stays, and so does, if nothing better is found, all of it."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from dispatch import Figures, Limit, Method, Pin, Plan, Problem, Progress
from domain.errors import Refusal
from domain.round_orders import Called
from extensions.babel import gettext as _
from models import Proposal, ProposalStatus
from policy import Actor
from queries import edits as queries

from . import round_pricing, round_search, rounds
from .round_days import Day


@dataclass(frozen=True, slots=True)
class Again:
    """What a search starts from: an order, with what of it stays; and who is not there. Empty: from nothing."""

    order: Mapping[str, Sequence[Called]] = field(default_factory=dict)
    without: frozenset[str] = frozenset()

    def pins(self) -> list[dict[str, Any]]:
        """What stays, as it is stored."""
        return [
            {"visit": call.visit_id, "helper": helper, "second": call.is_second}
            for helper, calls in self.order.items()
            for call in calls
            if call.is_pinned
        ]


def begin(
    proposal_id: uuid.UUID, *, seconds: float, without: uuid.UUID | None = None, by: Actor, now: datetime
) -> tuple[Proposal, Again]:
    """A proposal that is searched for from another, which stays as it is. `without`: a helper who cannot come."""
    base = rounds.load(proposal_id, by)
    if base.status != ProposalStatus.PROPOSED:
        raise Refusal(_("这份方案现在不能改。"), suggestion=_("只有待发布的方案可以改；已发布的请先撤回。"))
    gone = frozenset([*base.asked.get("without", ()), *([str(without)] if without else [])])
    order = {helper: calls for helper, calls in queries.order_of(proposal_id).items() if helper not in gone}
    again = Again(order, gone)
    found = round_search.begin(base.division_code, base.on, seconds=seconds, seed=base.seed + 1, by=by, now=now)
    found.asked = {"from": str(base.id), "pins": again.pins(), "without": sorted(gone)}
    return found, again


def shaped(day: Day, again: Again) -> Day:
    """The day with its locks, and without whoever is not there."""
    helpers = tuple(helper for helper in day.problem.helpers if helper.id not in again.without)
    working, visits = {helper.id for helper in helpers}, {visit.id for visit in day.problem.visits}
    pins = tuple(
        Pin(one["visit"], one["helper"], is_second=one["second"])
        for one in again.pins()
        if one["helper"] in working and one["visit"] in visits
    )
    return replace(day, problem=replace(day.problem, helpers=helpers, pins=pins))


def search(
    problem: Problem,
    limit: Limit,
    again: Again,
    *,
    seed: int,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[Plan, Figures]:
    """As `round_search.search`; but never worse than the order it starts from, as far as that still holds."""
    plan, nearest = round_search.search(problem, limit, seed=seed, progress=progress)
    if not again.order:
        return plan, nearest
    visits = {visit.id for visit in problem.visits}
    order = {helper: [one for one in calls if one.visit_id in visits] for helper, calls in again.order.items()}
    kept = round_pricing.arranged(problem, order, is_explained=False)
    if kept.broken or kept.plan.figures.cost >= plan.figures.cost:
        return plan, nearest
    return replace(round_pricing.arranged(problem, order).plan, method=Method.SEARCH), nearest
