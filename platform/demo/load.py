"""Loading the demo city: everything that is missing, nothing twice, and on from where it stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import func, select

from domain import names
from domain.divisions import reference
from domain.times import local_day
from extensions import db, unit_of_work
from models import (
    Base,
    CalendarRule,
    Canteen,
    CanteenCourier,
    CanteenMeal,
    Centre,
    CentreKind,
    CentreStaff,
    Dish,
    Division,
    DivisionLevel,
    Helper,
    HelperShift,
    MenuItem,
    Senior,
)
from policy import SYSTEM
from services import divisions

from . import accounts, bulk, crew, markets, menus, places, sites
from .people import Census
from .rows import ORDER, VISITED_AT_MOST, Writer
from .shape import COUNTIES

CHUNK = 5_000


class Progress(Protocol):
    """Somebody who shows how far things are."""

    def begin(self, label: str, total: int) -> None:
        """A new step of `total` things."""

    def advance(self, count: int = 1) -> None:
        """So many more are done."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is now in the city, and how many seniors were added by this call."""

    seniors: int
    added: int


def load(seniors: int, *, now: datetime, progress: Progress) -> Loaded:
    """The city with at least `seniors` demo seniors. Each step is one transaction; what is there already stays."""
    today = local_day(now)
    city = _places(now)
    _sites(city, today, progress)
    helpers = _crew(city, min(seniors, VISITED_AT_MOST), today)
    added = _people(city, seniors, helpers, today, progress)
    with unit_of_work():
        accounts.create(now)
    return Loaded(_count(Senior), added)


def is_loaded() -> bool:
    """Whether there is anybody in the city yet."""
    return db.session.scalar(select(Senior.id).limit(1)) is not None


def _count(model: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(model.is_demo)) or 0  # type: ignore[attr-defined]


def _places(now: datetime) -> places.City:
    with unit_of_work() as uow:
        divisions.load_reference(by=SYSTEM, now=now)
        counties, _aliases = reference()
        seats = [(one.code, one.name, one.latitude, one.longitude) for one in counties if not one.code.endswith("00")]
        known = set(db.session.scalars(select(Division.code)))
        city = places.build(seats)
        for level, some in ((DivisionLevel.TOWNSHIP, city.townships), (DivisionLevel.VILLAGE, city.villages)):
            bulk.write(uow.session, Division, [_division(one, level) for one in some if one.code not in known])
    return city


def _division(place: places.Place, level: DivisionLevel) -> dict[str, Any]:
    return {
        "code": place.code, "name": place.name, "pinyin": names.pinyin(place.name), "level": level,
        "parent_code": place.code[:-3], "latitude": place.latitude, "longitude": place.longitude,
        "ruggedness": place.ruggedness, "valid_from": None, "valid_to": None,
    }  # fmt: skip


def _sites(city: places.City, today: date, progress: Progress) -> None:
    """Centres, canteens, dishes, calendar rules; and the menus of this week and the next, whenever it is called."""
    canteens = sites.canteens(city)
    meals = sites.canteen_meals(canteens)
    numbers = {row["id"]: number for number, row in enumerate(canteens)}
    monday = today - timedelta(days=today.weekday())
    centres = sites.centres(city)
    steps: list[tuple[type[Base], list[dict[str, Any]]]] = [
        (Centre, centres), (CentreStaff, sites.staff(centres)), (Canteen, canteens), (CanteenMeal, meals),
        (CanteenCourier, sites.couriers(canteens)), (CalendarRule, markets.rules(city, today)),
        (Dish, menus.dishes(canteens)), (MenuItem, list(menus.weeks(meals, numbers, monday))),
    ]  # fmt: skip
    progress.begin("sites", len(steps))
    with unit_of_work() as uow:
        for model, rows in steps:
            bulk.write(uow.session, model, _missing(model, rows))
            progress.advance()


def _missing(model: type[Base], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those whose id is not there yet."""
    known = set(db.session.scalars(select(model.id)))  # type: ignore[attr-defined]
    return [row for row in rows if row["id"] not in known]


def _crew(city: places.City, visited: int, today: date) -> dict[str, int]:
    """Enough helpers in every county; returns how many each has."""
    counts = {shape.code: crew.count_for(shape.code, visited) for shape in COUNTIES}
    with unit_of_work() as uow:
        known = set(db.session.scalars(select(Helper.id).where(Helper.is_demo)))
        for county, count in counts.items():
            numbers = [number for number in range(count) if crew.helper_id(county, number) not in known]
            helpers, shifts = crew.helpers(city, county, numbers, today)
            bulk.write(uow.session, Helper, helpers)
            bulk.write(uow.session, HelperShift, shifts)
    return counts


def _people(city: places.City, seniors: int, helpers: dict[str, int], today: date, progress: Progress) -> int:
    """Persons from the first that is missing up to `seniors`, a chunk at a time."""
    there = _count(Senior)
    if there >= seniors:
        return 0
    centres: dict[str, list[Any]] = {}
    open_ones = select(Centre.division_code, Centre.id).where(Centre.kind == CentreKind.DAY_CARE, Centre.is_demo)
    for code, centre_id in db.session.execute(open_ones.order_by(Centre.id)):
        centres.setdefault(code[:6], []).append(centre_id)
    writer = Writer(today, centres=centres, helpers=helpers, visited_share=min(1.0, VISITED_AT_MOST / seniors))
    census = Census(city)
    progress.begin("seniors", seniors - there)
    for first in range(there, seniors, CHUNK):
        numbers = range(first, min(first + CHUNK, seniors))
        rows = writer.rows_of(census.person(number, today) for number in numbers)
        with unit_of_work() as uow:
            for model in ORDER:
                bulk.write(uow.session, model, rows[model])
        progress.advance(len(numbers))
    return seniors - there
