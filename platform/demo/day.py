"""A working day of the city, replayed from yesterday morning to now, with the services that serve real days.

Every step does what is missing and nothing twice: a second run on the same day finds little to do.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import Flask
from sqlalchemy import func, select

from extensions import db, unit_of_work
from models import MessageStatus, Proposal, ProposalStatus, Visit, VisitStatus
from services import tallies
from services.messages import heartbeats
from settings import Settings

from . import carrying, dining, history, roll_call, texting, walking, ways
from .clock import Moments
from .load import Progress


@dataclass(slots=True)
class Compared:
    """The published rounds of some days beside the order a helper would choose who goes to the nearest door first."""

    rounds: int = 0
    served: int = 0
    left_out: int = 0
    metres: int = 0
    minutes: int = 0
    nearest_served: int = 0
    nearest_metres: int = 0
    nearest_minutes: int = 0

    @property
    def km_saved(self) -> float:
        return (self.nearest_metres - self.metres) / 1000

    @property
    def hours_saved(self) -> float:
        return (self.nearest_minutes - self.minutes) / 60


@dataclass(slots=True)
class Summary:
    """What the day came to."""

    on: date
    visits: dict[date, dict[VisitStatus, int]] = field(default_factory=dict)
    compared: Compared = field(default_factory=Compared)
    meals: list[tuple[str, int, int]] = field(default_factory=list)
    portions: int = 0
    came: int = 0
    texts: dict[MessageStatus, int] = field(default_factory=dict)
    without_receipt: int = 0
    are_texts_left_to_scheduler: bool = False
    steps: list[tuple[str, float]] = field(default_factory=list)


class Day:
    """The day of one installation."""

    def __init__(self, app: Flask, settings: Settings, now: datetime, progress: Progress) -> None:
        self.app = app
        self.settings = settings
        self.moments = Moments(now)
        self.progress = progress
        self.summary = Summary(self.moments.today)

    def run(self) -> Summary:
        """All of it, in the order of a day."""
        self.summary.are_texts_left_to_scheduler = bool(heartbeats.alive())
        db.session.rollback()
        with texting.surroundings(self.app, self.settings):
            self._step("due", self._make_due)
            self._step("history", self._report_history)
            self._step("travel", self._learn_ways)
            self._step("rounds", lambda: self._plan(self.moments.yesterday, self.moments.at(self.moments.yesterday, 6)))
            self._step("meals", self._book)
            self._step("texts", lambda: self._text(self.moments.yesterday, 8, 10))
            self._step("visits", lambda: self._walk(self.moments.yesterday))
            self._step("attendance", lambda: self._call_roll(self.moments.yesterday))
            self._step("meals_close", lambda: dining.close(self.moments.now))
            self._step("runs", self._carry)
            self._step("meals_close", self._eat)
            self._step("rounds", self._plan_ahead)
            self._step("texts", lambda: self._text(self.moments.yesterday, 18, 5))
            self._step("texts", lambda: self._text(self.moments.today, 8, 10))
            self._step("visits", lambda: self._walk(self.moments.today))
            self._step("attendance", lambda: self._call_roll(self.moments.today))
            self._step("texts", lambda: self._text(self.moments.today, 18, 5))
            self._step("receipts", self._wait_for_receipts)
        with unit_of_work():
            tallies.count_visits(self.moments.today, now=self.moments.now)
        self._sum_up()
        return self.summary

    def _step(self, name: str, act: Callable[[], object]) -> None:
        begun = time.monotonic()
        act()
        self.summary.steps.append((name, time.monotonic() - begun))

    def _make_due(self) -> None:
        self.progress.begin("due", 1)
        history.make_due(self.moments.today, self.moments.now)
        self.progress.advance()

    def _report_history(self) -> None:
        waiting = history.waiting(self.moments.yesterday)
        if waiting:
            self.progress.begin("history", waiting)
            for count in history.report(self.moments.yesterday):
                self.progress.advance(count)

    def _learn_ways(self) -> None:
        """From the weeks behind; the day's rounds are planned by it, and round a road that is closed."""
        ways.learn(self.moments.today, self.moments.now)
        ways.close_a_road(self.moments.today, self.moments.now)

    def _plan_yesterday(self) -> None:
        self._plan(self.moments.yesterday, self.moments.at(self.moments.yesterday, 6))

    def _plan_ahead(self) -> None:
        moments = self.moments
        self._plan(moments.today, moments.at(moments.yesterday, 17))
        self._plan(moments.tomorrow, moments.now)

    def _plan(self, on: date, at: datetime) -> None:
        """Rounds of all counties for a day, as of a moment; what one day leaves over, the next one carries."""
        wanted = walking.unplanned(walking.orders(on, at))
        if wanted:
            self.progress.begin("rounds", len(wanted))
            walking.plan(wanted, workers=self.settings.planning_workers, osrm_url=self.settings.osrm_url,
                         tell=self.progress.advance, executor=self.settings.planning_executor)  # fmt: skip

    def _book(self) -> None:
        dining.open_kitchens(self.moments)
        wanted = dining.orders(self.moments)
        if wanted:
            self.progress.begin("meals", len(wanted))
            dining.book(wanted, tell=self.progress.advance)

    def _eat(self) -> None:
        dining.eat(self.moments.yesterday, self.moments.at(self.moments.yesterday, 12, 20))
        if self.moments.has_come(self.moments.today, 12, 30):
            dining.eat(self.moments.today, self.moments.at(self.moments.today, 12, 20))

    def _carry(self) -> None:
        """Who brings today's lunches: decided when the kitchens had counted, before the rounds of the day."""
        self.progress.begin("runs", 1)
        at = self.moments.at(self.moments.yesterday, 16, 30)
        carrying.plan(self.moments.today, at, osrm_url=self.settings.osrm_url)
        self.progress.advance()

    def _walk(self, on: date) -> None:
        until = self.moments.at(on, 20)
        stops = walking.stops_until(on, until)
        if stops:
            self.progress.begin("visits", stops)
            walking.walk(on, until, tell=self.progress.advance)

    def _call_roll(self, on: date) -> None:
        if not self.moments.has_come(on, 8):
            return
        people = roll_call.expected(on)
        if people:
            self.progress.begin("attendance", len(people))
            self.summary.came += roll_call.call(on, people, self.moments.at(on, 19), tell=self.progress.advance)

    def _text(self, on: date, hour: int, minute: int) -> None:
        """The texts of one moment; none of a moment still to come, nor while a scheduler sends by its own clock."""
        if self.summary.are_texts_left_to_scheduler or not self.moments.has_come(on, hour, minute):
            return
        texting.deliver(
            self.app, self.moments.at(on, hour, minute), begin=self._begin_texts, tell=self.progress.advance
        )

    def _begin_texts(self, count: int) -> None:
        if count:
            self.progress.begin("texts", count)

    def _wait_for_receipts(self) -> None:
        if not self.summary.are_texts_left_to_scheduler:
            self.summary.without_receipt = texting.wait_for_receipts(seconds=15)

    def _sum_up(self) -> None:
        summary, moments = self.summary, self.moments
        days = [moments.yesterday, moments.today, moments.tomorrow]
        statement = select(Visit.on, Visit.status, func.count()).where(Visit.on.in_(days))
        for on, status, count in db.session.execute(statement.group_by(Visit.on, Visit.status)):
            summary.visits.setdefault(on, {})[VisitStatus(status)] = count
        summary.compared = compare(days)
        summary.meals = dining.by_canteen(moments.today)
        summary.portions = dining.portions_on(moments.yesterday, moments.tomorrow)
        summary.texts = texting.by_state()


def compare(days: list[date]) -> Compared:
    """The published rounds of these days, all counties, summed."""
    total = Compared()
    statement = select(Proposal.figures).where(Proposal.status == ProposalStatus.PUBLISHED, Proposal.on.in_(days))
    for figures in db.session.scalars(statement):
        plan, nearest = figures.get("plan", {}), figures.get("nearest", {})
        total.rounds += plan.get("rounds", 0)
        total.served += plan.get("served", 0)
        total.left_out += plan.get("visits", 0) - plan.get("served", 0)
        total.metres += plan.get("metres", 0)
        total.minutes += plan.get("travel_minutes", 0)
        total.nearest_served += nearest.get("served", 0)
        total.nearest_metres += nearest.get("metres", 0)
        total.nearest_minutes += nearest.get("travel_minutes", 0)
    return total
