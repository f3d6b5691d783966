"""Centres and canteens: as many of each kind as the city has, spread over the generated places."""

from collections.abc import Iterator, Sequence
from typing import Any

from domain import names
from models import CanteenKind, CentreKind, Meal, Means

from .dice import Dice, id_of
from .keys import phone_of
from .places import City, Place, scattered
from .shape import (
    BEDS,
    CANTEENS,
    DAY_CARE_CENTRES,
    EMBEDDED_HOMES,
    HOME_COUNTY,
    INSTITUTIONS,
    MUTUAL_AID_HOMES,
    REGIONAL_CENTRES,
)
from .words import full_name

_DAILY = [1, 2, 3, 4, 5, 6, 7]
_WORKDAYS = [1, 2, 3, 4, 5]
_TEAM = ("站长", "护理员", "护理员", "社工")
_HOUSE = ("院长", "护士", "护理员", "护理员", "护理员", "厨师")
_POSTS = {CentreKind.DAY_CARE: _TEAM, CentreKind.MUTUAL_AID: ("管理员",), CentreKind.EMBEDDED: _HOUSE,
          CentreKind.REGIONAL: _HOUSE, CentreKind.INSTITUTION: _HOUSE}  # fmt: skip
_MEALS = {Meal.BREAKFAST: (420, 510), Meal.LUNCH: (690, 780), Meal.SUPPER: (1050, 1140)}


def centres(city: City) -> list[dict[str, Any]]:
    """Every centre's row, the kinds in the order of the city's own statement."""
    rows = [*_day_care(city), *_mutual_aid(city), *_embedded(city), *_regional(city), *_institutions(city)]
    for row in rows:
        row["pinyin"] = names.pinyin(row["name"])
    return rows


def _row(kind: CentreKind, number: int, place: Place, name: str, **more: Any) -> dict[str, Any]:
    dice = Dice("centre", kind, number)
    latitude, longitude = scattered(dice, place.latitude, place.longitude, 0.05, 0.6)
    return {
        "id": id_of("centre", kind, number, number=number), "name": name, "pinyin": "", "kind": kind,
        "division_code": place.code, "address": f"{place.name}{dice.randint(1, 160)}号",
        "latitude": latitude, "longitude": longitude, "phone": f"0911-{dice.randint(2_000_000, 8_999_999)}",
        "manager_name": full_name(dice, is_woman=dice.happens(0.6)), "places": 0, "beds": 0,
        "opens_minute": 510, "closes_minute": 1050, "weekdays": _WORKDAYS, "is_exemplary": dice.happens(0.12),
        "is_open": True, "is_demo": True,
    } | more  # fmt: skip


def _spread(places: Sequence[Place], count: int) -> Iterator[tuple[Place, int]]:
    """`count` things over `places`, evenly; with each its number at that place, 0 for the first."""
    rounds, more = divmod(count, len(places))
    step = len(places) / more if more else 0
    extra = {int(number * step) for number in range(more)}
    for position, place in enumerate(places):
        for number in range(rounds + (1 if position in extra else 0)):
            yield place, number


def _day_care(city: City) -> Iterator[dict[str, Any]]:
    """In the communities of the streets; the home county has most of them, as it has most streets."""
    streets = {town.code: town.name.removesuffix("街道") for town in city.townships}
    communities = [village for village in city.villages if village.is_urban]
    for number, (place, _second) in enumerate(_spread(communities, DAY_CARE_CENTRES)):
        name = f"{streets[place.code[:9]]}{place.name}日间照料中心"
        yield _row(CentreKind.DAY_CARE, number, place, name, places=Dice("places", number).randint(20, 50))


def _mutual_aid(city: City) -> Iterator[dict[str, Any]]:
    """In four of five villages."""
    villages = [village for village in city.villages if not village.is_urban]
    for number, (place, _second) in enumerate(_spread(villages, MUTUAL_AID_HOMES)):
        is_open = not Dice("mutual", number).happens(0.03)
        yield _row(CentreKind.MUTUAL_AID, number, place, f"{place.name}互助幸福院",
                   places=Dice("mutual places", number).randint(10, 30), weekdays=_DAILY, is_open=is_open)  # fmt: skip


def _embedded(city: City) -> Iterator[dict[str, Any]]:
    streets = [town for town in city.townships if town.is_urban and town.county == HOME_COUNTY]
    for number, (place, _second) in enumerate(_spread(streets, EMBEDDED_HOMES)):
        yield _row(CentreKind.EMBEDDED, number, place, f"{place.name}嵌入式养老服务中心", places=20, beds=20,
                   weekdays=_DAILY)  # fmt: skip


def _regional(city: City) -> Iterator[dict[str, Any]]:
    towns = [town for town in city.townships if not town.is_urban]
    for number, (place, _second) in enumerate(_spread(towns, REGIONAL_CENTRES)):
        yield _row(CentreKind.REGIONAL, number, place, f"{place.name}区域性养老服务中心", places=40, beds=60,
                   weekdays=_DAILY)  # fmt: skip


def _institutions(city: City) -> Iterator[dict[str, Any]]:
    """The beds of the city's figure less those of the embedded and regional homes lie here."""
    beds = _shares(BEDS - 20 * EMBEDDED_HOMES - 60 * REGIONAL_CENTRES, INSTITUTIONS)
    nouns = ("颐养院", "敬老院", "老年公寓", "养老服务中心", "福利院")
    for number, (place, _second) in enumerate(_spread(city.townships, INSTITUTIONS)):
        noun = Dice("institution", number).choice(nouns)
        yield _row(CentreKind.INSTITUTION, number, place, f"{place.name}{noun}", beds=beds[number], weekdays=_DAILY,
                   opens_minute=0, closes_minute=1439)  # fmt: skip


def _shares(total: int, parts: int) -> list[int]:
    """`total` in `parts` uneven whole shares."""
    dice = Dice("beds")
    weights = [dice.uniform(0.4, 1.8) for _ in range(parts)]
    shares = [int(total * weight / sum(weights)) for weight in weights]
    shares[0] += total - sum(shares)
    return shares


def canteens(city: City) -> list[dict[str, Any]]:
    """Fifteen shared canteens, all in the home county: a central kitchen, canteens, meal points, restaurants."""
    places = [v for v in city.villages if v.county == HOME_COUNTY and v.is_urban]
    streets = {town.code: town.name.removesuffix("街道") for town in city.townships}
    kinds = [CanteenKind.CENTRAL_KITCHEN, *[CanteenKind.CANTEEN] * 8, *[CanteenKind.MEAL_POINT] * 4,
             *[CanteenKind.RESTAURANT] * 2]  # fmt: skip
    rows = []
    for number, (place, _second) in enumerate(_spread(places, CANTEENS)):
        dice = Dice("canteen", number)
        latitude, longitude = scattered(dice, place.latitude, place.longitude, 0.05, 0.4)
        name = f"{streets[place.code[:9]]}{place.name.removesuffix('社区')}共享餐厅"
        rows.append({
            "id": id_of("canteen", number, number=number), "name": name, "pinyin": names.pinyin(name),
            "kind": kinds[number], "division_code": place.code, "address": f"{place.name}{dice.randint(1, 90)}号",
            "latitude": latitude, "longitude": longitude, "phone": f"0911-{dice.randint(2_000_000, 8_999_999)}",
            "manager_name": full_name(dice, is_woman=dice.happens(0.5)),
            "licence": f"JY2610602{dice.randint(1_000_000, 9_999_999)}", "delivers": number % 5 != 4,
            "is_open": True, "is_demo": True,
        })  # fmt: skip
    return rows


def canteen_meals(canteen_rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lunch everywhere; breakfast and supper where the kitchen cooks all day. Portions as the kitchens are large."""
    rows = []
    for number, canteen in enumerate(canteen_rows):
        dice = Dice("canteen meals", number)
        is_whole_day = canteen["kind"] in {CanteenKind.CENTRAL_KITCHEN, CanteenKind.CANTEEN}
        capacity = {CanteenKind.CENTRAL_KITCHEN: 400, CanteenKind.CANTEEN: 120}.get(canteen["kind"], 50)
        for meal, (begins, ends) in _MEALS.items():
            if meal is Meal.LUNCH or is_whole_day:
                portions = capacity + 10 * dice.randint(-2, 4)
                rows.append({
                    "id": id_of("canteen meal", number, meal), "canteen_id": canteen["id"], "meal": meal,
                    "capacity": portions if meal is Meal.LUNCH else portions // 2, "from_minute": begins,
                    "to_minute": ends, "weekdays": _DAILY if is_whole_day else _WORKDAYS,
                })  # fmt: skip
    return rows


def couriers(canteen_rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One of its own for each canteen that delivers; two for the central kitchen."""
    return [
        {
            "id": id_of("courier", canteen["id"], number), "canteen_id": canteen["id"],
            "name": full_name(Dice("courier", canteen["id"], number), is_woman=False, is_old=False),
            "means": Means.MOTOR, "capacity": 20, "is_active": True,
        }
        for canteen in canteen_rows
        if canteen["delivers"]
        for number in range(2 if canteen["kind"] is CanteenKind.CENTRAL_KITCHEN else 1)
    ]  # fmt: skip


def staff(centre_rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Who works there: a keeper in a village, a small team in a day-care centre, shifts in a home with beds."""
    rows = []
    for centre in centre_rows:
        dice = Dice("staff", centre["id"])
        for number, post in enumerate(_POSTS[centre["kind"]]):
            phone = phone_of(dice)
            is_woman = dice.happens(0.7)
            rows.append({
                "id": id_of("staff", centre["id"], number), "centre_id": centre["id"],
                "name": full_name(dice, is_woman=is_woman, is_old=dice.happens(0.4)), "post": post, "phone": phone,
                "weekdays": centre["weekdays"] if number == 0 else sorted(dice.sample(centre["weekdays"], 4)),
            })  # fmt: skip
    return rows
