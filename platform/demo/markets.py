"""The calendar's rows: the home county's markets, the festivals the city visits for, and a cold wave ahead."""

from datetime import date, timedelta
from typing import Any

from domain.festivals import Festival, Repeats
from models import CalendarKind

from .dice import id_of
from .places import City
from .shape import CITY_CODE, HOME_COUNTY

Rows = list[dict[str, Any]]
_PLAIN: dict[str, Any] = {
    "to_on": None, "numbers": [], "festival": None, "lunar_month": None, "lunar_day": None, "lead_days": 0,
    "lag_days": 0, "closed_from": None, "closed_to": None, "instead_from": None, "instead_to": None,
    "travel_percent": 100, "duration_percent": 100, "is_foot_out": False, "postpone_from": None, "extra_tiers": [],
    "note": "",
}  # fmt: skip
_VISITED_FOR = (
    (Festival.SPRING, 15, "春节前走访慰问"), (Festival.TOMB_SWEEPING, 3, "清明前看望"),
    (Festival.DRAGON_BOAT, 5, "端午看望"), (Festival.MID_AUTUMN, 7, "中秋看望"),
    (Festival.DOUBLE_NINTH, 7, "敬老月走访"),
)  # fmt: skip


def rules(city: City, today: date) -> Rows:
    """Every second township of the home county has a market by the lunar calendar; all rows the same every day."""
    begun = date(today.year, 1, 1)
    towns = [town for town in city.townships if town.county == HOME_COUNTY]
    rows = [_market(town.code, town.name, number, begun) for number, town in enumerate(towns) if number % 2 == 1]
    rows += [_festival(festival, lead, name, begun) for festival, lead, name in _VISITED_FOR]
    return [*rows, _cold_wave(today)]


def _market(code: str, name: str, number: int, begun: date) -> dict[str, Any]:
    """逢三逢八 and so on: neighbours keep different days, so that traders can go round."""
    first = number // 2 % 5
    return _row(
        ("market", code), kind=CalendarKind.MARKET_DAY, name=f"{name.removesuffix('镇').removesuffix('街道')}集",
        division_code=code, repeats=Repeats.LUNAR_ENDINGS, from_on=begun, numbers=[first, first + 5], closed_from=420,
        closed_to=630, instead_from=840, instead_to=1050, note="各乡镇集日表",
    )  # fmt: skip


def _festival(festival: Festival, lead: int, name: str, begun: date) -> dict[str, Any]:
    return _row(
        ("festival", festival.value), kind=CalendarKind.FESTIVAL, name=name, division_code=CITY_CODE,
        repeats=Repeats.FESTIVAL, from_on=begun, festival=festival, lead_days=lead, extra_tiers=["A", "B"],
    )  # fmt: skip


def _cold_wave(today: date) -> dict[str, Any]:
    """Two days in the north-west of the city, begun the day after tomorrow."""
    return _row(
        ("cold wave",), kind=CalendarKind.WEATHER, name="寒潮蓝色预警", division_code="610626", repeats=Repeats.DATES,
        from_on=today + timedelta(days=2), to_on=today + timedelta(days=3), travel_percent=130, is_foot_out=True,
        extra_tiers=["A"], note="市气象台",
    )  # fmt: skip


def _row(parts: tuple[str, ...], **values: Any) -> dict[str, Any]:
    return _PLAIN | {"id": id_of("calendar rule", *parts)} | values
