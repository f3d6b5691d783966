"""From rows to a problem: the portions of a meal that go to doors, who carries them, and with a joint plan the visits.

A household's portions of one canteen are one visit of the problem, which is fetched at that canteen's counter. Its id
is that of its first portion's booking; a carrier's is that of the helper or of the courier.
"""

import uuid
from dataclasses import dataclass, field, replace
from datetime import date

from dispatch import Fetch, Helper, Problem, Visit, Window
from domain.rules import RuleKey
from gateways.travel import TravelModel
from models import Meal, MealRunKind
from queries import meal_run_days as queries
from queries import round_days as round_queries
from queries.meal_run_days import Counter, Courier, DoorPortion, Minutes
from queries.round_days import Land
from queries.whereabouts import Place, places_on

from . import free_time, round_calendar, round_days, rules
from .round_calendar import CalendarOfDay
from .round_days import MINUTE, Gathered, Spot

EARLY, LATE = 30, 60
"""A canteen's own courier is there so many minutes before the counter opens, and until so many after the deadline."""


@dataclass(frozen=True, slots=True)
class Drop:
    """A household's portions from one canteen."""

    canteen_id: uuid.UUID
    booking_ids: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True)
class RunDay:
    """A meal's deliveries: the problem, and where its ids and places are. May be pickled: another process can solve it.

    `drops` and `doors` are by visit of the problem, `bases` by carrier, `counters` by place.
    """

    division_code: str
    canteen_id: uuid.UUID | None
    on: date
    meal: Meal
    kind: MealRunKind
    problem: Problem
    drops: dict[str, Drop]
    doors: dict[str, Spot]
    bases: dict[str, Spot]
    counters: dict[int, tuple[uuid.UUID, Spot]]
    couriers: frozenset[str]
    calendar: CalendarOfDay
    ends: dict[str, Spot] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Times:
    """The rule of one canteen's meal, in seconds."""

    window: Window
    hot: int
    counter: int
    door: int


def prepare(
    division_code: str,
    on: date,
    meal: Meal,
    *,
    canteen_id: uuid.UUID | None = None,
    is_joint: bool = False,
    today: date,
    travel: TravelModel,
) -> RunDay:
    """Read portions, counters and carriers; with `is_joint` the day's visits too. A fixed number of statements."""
    portions = queries.portions_to_bring(division_code, canteen_id, on, meal)
    canteens = queries.counters({one.canteen_id for one in portions})
    places = places_on({one.senior_id for one in portions}, on)
    codes = {one.division_code for one in places.values()} | {one.division_code for one in canteens}
    builder = _Builder(
        _gather(division_code, on, today, is_joint=is_joint),
        round_queries.lands(codes),
        {one.id: _times(one.division_code, on, meal) for one in canteens},
    )
    builder.add_counters(canteens)
    builder.add_couriers(queries.couriers([one.id for one in canteens]), on)
    builder.add_drops(portions, places)
    problem, calendar = builder.measure(division_code, on, travel)
    read = builder.read
    kind = MealRunKind.JOINT if is_joint else MealRunKind.MEALS
    return RunDay(
        division_code, canteen_id, on, meal, kind, problem, builder.drops, read.doors, read.bases,
        {builder.places[key]: (key, spot) for key, spot in builder.spots.items()}, frozenset(builder.carriers),
        calendar, read.ends,
    )  # fmt: skip


def _gather(division_code: str, on: date, today: date, *, is_joint: bool) -> Gathered:
    """The visits of a joint day; and who is there, with the time that published rounds and runs leave them."""
    visits = round_queries.visits_to_plan(division_code, on, today) if is_joint else []
    helpers = round_queries.helpers_on_shift(division_code, on, with_planned=not is_joint)
    return round_days.gather(division_code, on, visits, free_time.left_of(helpers, on))


def _times(division_code: str, on: date, meal: Meal) -> Times:
    rule = rules.value(RuleKey.MEAL_RUNS, division_code, on).value
    window = Window(rule[f"{meal}_ready"] * MINUTE, rule[f"{meal}_deadline"] * MINUTE)
    return Times(window, rule["hot"] * MINUTE, rule["counter"] * MINUTE, rule["door"] * MINUTE)


class _Builder:
    """Adds to what a round's day has gathered: counters, couriers, doors with portions."""

    def __init__(self, read: Gathered, lands: dict[str, Land], times: dict[uuid.UUID, Times]) -> None:
        self.read = read
        self.lands = lands
        self.times = times
        self.places: dict[uuid.UUID, int] = {}
        self.spots: dict[uuid.UUID, Spot] = {}
        self.carriers: dict[str, Helper] = {}
        self.brought: list[Visit] = []
        self.drops: dict[str, Drop] = {}

    def add_counters(self, canteens: list[Counter]) -> None:
        for one in canteens:
            land = self.lands[one.division_code]
            spot = round_days.spot_of(one.latitude, one.longitude, land)
            if spot is not None:
                self.spots[one.id] = spot
                self.places[one.id] = round_days.add(self.read.points, spot, land, str(one.id), one.division_code)

    def add_couriers(self, couriers: list[Courier], on: date) -> None:
        """Each starts at the counter and goes back there."""
        busy = free_time.busy_on(on, [one.id for one in couriers])
        for one in couriers:
            if one.canteen_id in self.places:
                key, place = str(one.id), self.places[one.canteen_id]
                self.read.bases[key] = self.spots[one.canteen_id]
                self.carriers[key] = Helper(
                    id=key,
                    shifts=self._shifts(one.canteen_id, busy.get(one.id, [])),
                    start_place=place,
                    end_place=place,
                    means=str(one.means),
                    capacity=one.capacity,
                )

    def _shifts(self, canteen_id: uuid.UUID, busy: list[Minutes]) -> tuple[Window, ...]:
        window = self.times[canteen_id].window
        shift = (window.start // MINUTE - EARLY, window.end // MINUTE + LATE)
        return tuple(Window(start * MINUTE, end * MINUTE) for start, end in free_time.between([shift], busy))

    def add_drops(self, portions: list[DoorPortion], places: dict[uuid.UUID, Place]) -> None:
        """One visit for each household and canteen; a canteen's courier carries for nobody else."""
        households: dict[tuple[object, ...], list[DoorPortion]] = {}
        for one in portions:
            households.setdefault((one.canteen_id, *_door(one, places[one.senior_id])), []).append(one)
        for some in households.values():
            self._add_drop(some, places[some[0].senior_id])

    def _add_drop(self, some: list[DoorPortion], where: Place) -> None:
        first = some[0]
        land = self.lands[where.division_code]
        spot = round_days.spot_of(where.latitude, where.longitude, land)
        key = str(first.booking_id)
        self.drops[key] = Drop(first.canteen_id, tuple(one.booking_id for one in some))
        self.read.homes[key] = where.division_code
        place = None
        if spot is not None:
            place = round_days.add(self.read.points, spot, land, str(first.senior_id), where.division_code)
            self.read.doors[key] = spot
        self.brought.append(self._visit(key, first.canteen_id, place, len(some), where.division_code[:9]))

    def _visit(self, key: str, canteen_id: uuid.UUID, place: int | None, size: int, area: str) -> Visit:
        times = self.times[canteen_id]
        counter = self.places.get(canteen_id, -1)
        return Visit(
            id=key,
            place=place,
            windows=(times.window,),
            duration=times.door,
            priority=1,
            area=area,
            never=frozenset(one.id for one in self.carriers.values() if one.start_place != counter),
            fetch=Fetch(counter, times.counter, size, times.window.start, times.hot),
        )

    def measure(self, division_code: str, on: date, travel: TravelModel) -> tuple[Problem, CalendarOfDay]:
        """The problem: visits and helpers as the calendar leaves them, meals in any weather, on slower ways."""
        read, couriers = self.read, tuple(self.carriers.values())
        ways = round_days.travel_between(read.points, [*read.helpers, *couriers], travel)
        day = Problem(tuple(read.helpers), tuple(read.visits), ways, read.weights)
        day, calendar = round_calendar.apply(division_code, on, day, read.homes, may_postpone=True)
        strangers = frozenset(self.carriers)
        visits = tuple(replace(visit, never=visit.never | strangers) for visit in day.visits)
        whole = Problem((*day.helpers, *couriers), (*visits, *self.brought), ways, read.weights)
        codes = read.homes | dict.fromkeys(self.carriers, division_code)
        return round_calendar.slowed(division_code, on, whole, codes), calendar


def _door(portion: DoorPortion, where: Place) -> tuple[object, ...]:
    """What makes a household: the same door. Who has neither pin nor address lives with nobody."""
    if where.latitude is None and not where.address:
        return (portion.senior_id,)
    return (where.division_code, where.address.strip(), where.landmark.strip(), where.latitude, where.longitude)
