"""From rows to a problem: a division's day as the optimiser sees it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dispatch import Break, Helper, Problem, Second, Travel, Visit, Weights, Window
from domain.rules import WEIGHED_MINUTES, RuleKey
from domain.working_week import todays_minutes
from gateways.travel import Point, TravelModel
from models import Sex
from models.visit_terms import spans_of
from queries import round_days as queries
from queries import unwanted_helpers, working_weeks
from queries.round_days import DueVisit, Land, OnShift
from queries.whereabouts import Place, places_on
from queries.working_weeks import Worked

from . import free_time, round_calendar, round_daylight, rules
from .round_calendar import CalendarOfDay

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a door or a base was taken to be; `is_approximate` where it is only known by its division."""

    latitude: float
    longitude: float
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter on the way, as people call it."""

    label: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Day:
    """A division's day: the problem, and where its ids are. May be pickled: another process can solve it."""

    division_code: str
    on: date
    problem: Problem
    doors: dict[str, Spot]
    bases: dict[str, Spot]
    ends: dict[str, Spot] = field(default_factory=dict)
    """Only of helpers whose day does not end where it began."""
    counters: dict[int, Counter] = field(default_factory=dict)
    """Where something is fetched, by the index of its place in the problem."""
    calendar: CalendarOfDay = field(default_factory=CalendarOfDay)


@dataclass(frozen=True, slots=True)
class Known:
    """What is looked up once for the whole day: land by division, who is unwanted where, minutes worked this week."""

    lands: dict[str, Land]
    unwanted: dict[uuid.UUID, frozenset[uuid.UUID]]
    worked: dict[uuid.UUID, Worked]
    change: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """A division's day before anything is measured: who and what, and the points that they name by index."""

    helpers: list[Helper]
    visits: list[Visit]
    points: list[Point]
    doors: dict[str, Spot]
    bases: dict[str, Spot]
    ends: dict[str, Spot]
    weights: Weights
    homes: dict[str, str]
    """The division of each visit and helper."""


def prepare(division_code: str, on: date, *, today: date, travel: TravelModel) -> Day:
    """Read the visits to be made and the helpers on shift, fourteen statements whatever their number.

    The week is balanced: who worked more than is contracted on the published rounds since Monday is contracted for
    less today, and the other way round (`domain.working_week`).
    """
    visits = queries.visits_to_plan(division_code, on, today)
    helpers = free_time.left_of(queries.helpers_on_shift(division_code, on), on)
    return assemble(division_code, on, visits, helpers, travel, may_postpone=True)


def assemble(
    division_code: str,
    on: date,
    visits: Sequence[DueVisit],
    helpers: Sequence[OnShift],
    travel: TravelModel,
    *,
    may_postpone: bool = False,
) -> Day:
    """A day of these visits and helpers, with the places, the ways between them, and what the calendar asks for.

    `may_postpone`: nobody knows of the day yet, so the calendar may leave visits and helpers out of it.
    """
    read = gather(division_code, on, visits, helpers)
    problem = Problem(
        tuple(read.helpers), tuple(read.visits), travel_between(read.points, read.helpers, travel), read.weights
    )
    problem, calendar = round_calendar.apply(division_code, on, problem, read.homes, may_postpone=may_postpone)
    return Day(division_code, on, problem, read.doors, read.bases, read.ends, calendar=calendar)


def gather(division_code: str, on: date, visits: Sequence[DueVisit], helpers: Sequence[OnShift]) -> Gathered:
    """The day, but for the ways between the places and the calendar: others may add people and places of theirs."""
    places = places_on({visit.senior_id for visit in visits}, on)
    codes = {place.division_code for place in places.values()} | {visit.division_code for visit in visits}
    codes |= {helper.division_code for helper in helpers} | {
        helper.end.division_code for helper in helpers if helper.end
    }
    change, weights = weights_of(rules.value(RuleKey.ROUND_WEIGHTS, division_code, on).value)
    known = Known(
        queries.lands(codes),
        unwanted_helpers.by_senior(places),
        working_weeks.worked_before(on, [helper.id for helper in helpers]),
        change,
    )
    points: list[Point] = []
    doors: dict[str, Spot] = {}
    bases: dict[str, Spot] = {}
    ends: dict[str, Spot] = {}
    people = [_helper(helper, known, points, bases, ends) for helper in helpers]
    calls = [_visit(visit, places.get(visit.senior_id), known, points, doors) for visit in visits]
    homes = {str(visit.id): _code(visit, places.get(visit.senior_id)) for visit in visits}
    homes |= {str(helper.id): helper.division_code for helper in helpers}
    people = round_daylight.narrowed(people, on, homes, bases)
    return Gathered(people, calls, points, doors, bases, ends, weights, homes)


def _code(visit: DueVisit, where: Place | None) -> str:
    """The division where the visit is made that day."""
    return where.division_code if where else visit.division_code


def travel_between(points: list[Point], helpers: list[Helper], travel: TravelModel) -> dict[str, Travel]:
    """The ways between the points, by each means that somebody has."""
    tables = {means: travel.table(points, means) for means in sorted({helper.means for helper in helpers})}
    return {means: Travel(table.seconds, table.metres) for means, table in tables.items()}


def weights_of(rule: Mapping[str, int]) -> tuple[int, Weights]:
    """What another helper than the regular one costs, and the rest, in seconds of travel."""

    def minutes(name: str) -> int:
        return rule[name] * MINUTE

    def a_second(name: str) -> float:
        return rule[name] / WEIGHED_MINUTES

    weights = Weights(
        unserved=(minutes("urgent"), minutes("normal"), minutes("can_wait")),
        language=minutes("language"),
        sex=minutes("sex"),
        late=a_second("late"),
        overtime=a_second("overtime"),
        fairness=a_second("fairness"),
        pair_wait=a_second("pair_wait"),
        handover=minutes("handover"),
        retime=minutes("retime"),
    )
    return minutes("change"), weights


def spot_of(latitude: float | None, longitude: float | None, land: Land) -> Spot | None:
    """Where to take a door, a base or a counter to be: its pin, or else its division's point; None: nowhere."""
    if latitude is not None and longitude is not None:
        return Spot(latitude, longitude)
    if land.latitude is not None and land.longitude is not None:
        return Spot(land.latitude, land.longitude, True)
    return None


def add(points: list[Point], spot: Spot, land: Land, house: str, code: str) -> int:
    """The index of a point. Doors known only by their village are all in it, but in houses of their own."""
    points.append(Point(spot.latitude, spot.longitude, land.ruggedness, house if spot.is_approximate else "", code))
    return len(points) - 1


def _helper(row: OnShift, known: Known, points: list[Point], bases: dict[str, Spot], ends: dict[str, Spot]) -> Helper:
    key = str(row.id)
    land = known.lands[row.division_code]
    spot = spot_of(row.latitude, row.longitude, land)
    place = -1
    if spot is not None:
        bases[key] = spot
        place = add(points, spot, land, key, row.division_code)
    return Helper(
        id=key,
        shifts=tuple(Window(start * MINUTE, end * MINUTE) for start, end in row.shifts),
        start_place=place,
        end_place=_end(row, known, points, ends, place),
        max_seconds=row.max_daily_minutes * MINUTE,
        means=str(row.means),
        skills=frozenset(row.skills),
        sex=str(row.sex),
        languages=frozenset(row.languages),
        area=row.division_code[:9],
        contracted_seconds=_contracted(row, known.worked.get(row.id, Worked())),
        breaks=_breaks(row),
        capacity=row.capacity,
    )


def _end(row: OnShift, known: Known, points: list[Point], ends: dict[str, Spot], start: int) -> int:
    """Where the day ends: at the helper's station, else where it began."""
    if row.end is None:
        return start
    land = known.lands[row.end.division_code]
    spot = spot_of(row.end.latitude, row.end.longitude, land)
    if spot is None:
        return start
    ends[str(row.id)] = spot
    return add(points, spot, land, f"end of {row.id}", row.end.division_code)


def _contracted(row: OnShift, worked: Worked) -> int | None:
    if row.contracted_minutes is None:
        return None
    minutes = todays_minutes(
        row.contracted_minutes, worked=worked.minutes, days_worked=worked.days, days_left=row.days_left
    )
    return min(minutes, row.max_daily_minutes) * MINUTE


def _breaks(row: OnShift) -> tuple[Break, ...]:
    if not row.break_minutes or row.break_earliest is None or row.break_latest is None:
        return ()
    return (Break(row.break_earliest * MINUTE, row.break_latest * MINUTE, row.break_minutes * MINUTE),)


def _visit(row: DueVisit, where: Place | None, known: Known, points: list[Point], doors: dict[str, Spot]) -> Visit:
    key = str(row.id)
    code = _code(row, where)
    land = known.lands[code]
    spot = spot_of(where.latitude if where else None, where.longitude if where else None, land)
    place = None
    if spot is not None:
        doors[key] = spot
        place = add(points, spot, land, str(row.senior_id), code)
    spans = spans_of(row.windows, row.window_from, row.window_to)
    return Visit(
        id=key,
        place=place,
        windows=tuple(Window(start * MINUTE, end * MINUTE) for start, end in spans),
        duration=row.duration_minutes * MINUTE,
        skills=frozenset(row.skills),
        priority=row.priority,
        wants_sex=_sex(row.wants_sex),
        wishes_sex=row.wishes_sex,
        language=row.language or None,
        needs_language=row.needs_language,
        regular_helper=str(row.regular_helper_id) if row.regular_helper_id else None,
        change_cost=known.change if row.regular_helper_id else 0,
        area=code[:9],
        is_soft=row.is_soft,
        never=frozenset(map(str, known.unwanted.get(row.senior_id, ()))),
        second=_second(row),
    )


def _second(row: DueVisit) -> Second | None:
    if not row.needs_two:
        return None
    return Second(
        duration=(row.second_minutes or row.duration_minutes) * MINUTE,
        skills=frozenset(row.second_skills),
        wants_sex=_sex(row.second_sex),
        gap=(row.second_gap_least * MINUTE, row.second_gap_most * MINUTE),
    )


def _sex(wanted: str | None) -> str | None:
    return wanted if wanted in {Sex.FEMALE, Sex.MALE} else None
