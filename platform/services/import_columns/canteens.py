"""Importing canteens: found by name within a division."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from uuid_utils.compat import uuid7

from domain.hours import written_spans, written_weekdays
from extensions import db
from gateways.sheets.writing import Cell
from models import Canteen, CanteenKind, CanteenMeal, Meal
from policy import Permission
from queries import canteens as queries
from services import canteens
from services.canteens import CanteenData, MealData

from . import values
from .centres import opening
from .core import ImportColumn, Line
from .records import RecordImporter

_YES_NO = ("是", "否")
_FIELDS = tuple(one.name for one in fields(CanteenData) if one.name != "meals")
_MEALS = {Meal.BREAKFAST: ("早餐", (420, 510)), Meal.LUNCH: ("午餐", (690, 780)), Meal.SUPPER: ("晚餐", (1020, 1110))}


def _capacity(meal: Meal) -> Callable[[Any], Any]:
    return lambda one: one.meals[meal].capacity if meal in one.meals else None


def _serving(meal: Meal) -> Callable[[Any], Any]:
    return lambda one: (
        written_spans([(one.meals[meal].from_minute, one.meals[meal].to_minute)]) if meal in one.meals else None
    )


def _days(one: Any) -> str:
    return written_weekdays(next(iter(one.meals.values())).weekdays) if one.meals else ""


class CanteenImporter(RecordImporter[Canteen]):
    permission = Permission.CANTEEN_EDIT
    subject_type = "canteen"
    columns = (
        ImportColumn(
            "name", "名称", values.text(80), "如：枣园社区老年食堂", True, width=26, write=lambda one: one.name,
        ),
        ImportColumn(
            "kind", "类型", values.one_of(CanteenKind, 食堂=CanteenKind.CANTEEN, 共享餐厅=CanteenKind.CANTEEN),
            "从下拉里选", True, CanteenKind,
            write=lambda one: values.written(one.kind, CanteenKind),
        ),
        ImportColumn(
            "division_code", "所在区划", values.text(80), "名称或代码，如：枣园街道", True,
            aliases=("区划", "区划代码", "所在地"), width=22, write=lambda one: one.division_code,
        ),
        ImportColumn("address", "地址", values.text(200), width=26, write=lambda one: one.address),
        ImportColumn("latitude", "纬度", values.degrees, "WGS84，如 36.5854", write=lambda one: one.latitude),
        ImportColumn("longitude", "经度", values.degrees, "WGS84，如 109.4843", write=lambda one: one.longitude),
        ImportColumn("phone", "电话", values.phone, "座机请带区号", write=lambda one: one.phone),
        ImportColumn("manager_name", "负责人", values.text(50), write=lambda one: one.manager_name),
        ImportColumn("licence", "食品经营许可证", values.text(60), width=20, write=lambda one: one.licence),
        ImportColumn(
            "delivers", "送餐", values.yes_or_no, "是或否", options=_YES_NO,
            write=lambda one: "是" if one.delivers else "否",
        ),
        ImportColumn(
            "is_open", "开办", values.yes_or_no, "停办填否", options=_YES_NO,
            write=lambda one: "是" if one.is_open else "否",
        ),
        *(
            column
            for meal, (word, _span) in _MEALS.items()
            for column in (
                ImportColumn(
                    f"{meal}_capacity", f"{word}份数", values.whole(0, 5000), "不供应就空着", write=_capacity(meal)
                ),
                ImportColumn(f"{meal}_hours", f"{word}时间", opening, "如 11:30-13:00", write=_serving(meal)),
            )
        ),
        ImportColumn("weekdays", "供餐日", values.weekdays, "如：每天", write=_days),
    )  # fmt: skip

    def __init__(self) -> None:
        self.present: dict[Any, dict[Meal, CanteenMeal]] = {}

    def key(self, line: Line) -> Any:
        return line.given.get("division_code"), line.given.get("name")

    def load(self, lines: Sequence[Line]) -> dict[Any, Canteen]:
        codes = sorted({line.given["division_code"] for line in lines})
        statement = select(Canteen).where(Canteen.division_code.in_(codes))
        found = {(one.division_code, one.name): one for one in db.session.scalars(statement)}
        self.present = queries.meals(one.id for one in found.values())
        return found

    def fetch(self, subjects: Sequence[str]) -> dict[str, Canteen]:
        ids = [uuid.UUID(subject) for subject in subjects]
        found = {str(one.id): one for one in db.session.scalars(select(Canteen).where(Canteen.id.in_(ids)))}
        self.present = queries.meals(ids)
        return found

    def blank(self, line: Line) -> Canteen:
        return Canteen(id=uuid7())

    def write(self, record: Canteen, line: Line, *, now: datetime, dry: bool) -> dict[str, Any]:
        present = self.present.get(record.id, {})
        base = {name: getattr(record, name) for name in _FIELDS if getattr(record, name) is not None}
        given = {name: value for name, value in line.given.items() if name in _FIELDS}
        meals = _meals(line.given, present)
        changed = canteens.write(record, CanteenData(**(base | given), meals=meals))
        if dry:
            return changed | canteens.meal_changes(meals, present)
        db.session.flush()  # a new canteen comes before its meals
        return changed | canteens.write_meals(record.id, meals, present)


def _meals(given: dict[str, Any], present: dict[Meal, CanteenMeal]) -> dict[Meal, MealData]:
    """What is offered now, with the file's cells laid over it; a capacity of 0 ends a meal."""
    meals = {}
    for meal, (_word, usual) in _MEALS.items():
        row = present.get(meal)
        capacity = given.get(f"{meal}_capacity", row.capacity if row else 0)
        if not capacity:
            continue
        span = given.get(f"{meal}_hours", (row.from_minute, row.to_minute) if row else usual)
        days = given.get("weekdays", row.weekdays if row else [1, 2, 3, 4, 5, 6, 7])
        meals[meal] = MealData(capacity, span[0], span[1], list(days))
    return meals


importer = CanteenImporter()


@dataclass(frozen=True, slots=True)
class _WithMeals:
    """A canteen as its file shows it: with what it offers."""

    canteen: Canteen
    meals: dict[Meal, CanteenMeal]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.canteen, name)


def written_with_meals(records: Sequence[Canteen]) -> Iterator[list[Cell]]:
    """The rows of an export; the meals of all canteens in one statement."""
    meals = queries.meals(one.id for one in records)
    return importer.written(_WithMeals(one, meals.get(one.id, {})) for one in records)
