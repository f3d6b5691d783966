"""Things a test needs to exist. Each function adds, flushes and returns; every default can be given otherwise.

A page opens its own session: `db.session.commit()` before a client asks for what was made here.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from domain.festivals import Repeats
from domain.times import at_minute
from extensions import db
from models import (
    CalendarKind,
    CalendarRule,
    Canteen,
    CanteenKind,
    CanteenMeal,
    Centre,
    CentreKind,
    Dish,
    Division,
    DivisionLevel,
    Helper,
    HelperKind,
    HelperShift,
    Meal,
    MealService,
    MenuItem,
    Senior,
    SeniorPhone,
    SeniorStatus,
    SeniorStatusPeriod,
    Sex,
    Visit,
    VisitPlan,
)
from models.keyring import phone_index
from services import search_keys

CITY, BAOTA, YANCHANG = "610600", "610602", "610621"
TOWNSHIP, VILLAGE = "610602100", "610602100201"
OTHER_TOWNSHIP, OTHER_VILLAGE = "610621100", "610621100201"

Row = TypeVar("Row")
_number = count(1)
_PLACES = (
    (CITY, "延安市", DivisionLevel.CITY, None, 36.6512, 109.4887),
    (BAOTA, "宝塔区", DivisionLevel.COUNTY, CITY, 36.5854, 109.4843),
    (YANCHANG, "延长县", DivisionLevel.COUNTY, CITY, 36.5792, 110.0069),
    (TOWNSHIP, "河庄坪镇", DivisionLevel.TOWNSHIP, BAOTA, 36.6700, 109.4100),
    (VILLAGE, "赵家岸村", DivisionLevel.VILLAGE, TOWNSHIP, 36.6800, 109.4000),
    (OTHER_TOWNSHIP, "七里村街道", DivisionLevel.TOWNSHIP, YANCHANG, 36.5800, 110.0100),
    (OTHER_VILLAGE, "槐里坪村", DivisionLevel.VILLAGE, OTHER_TOWNSHIP, 36.5900, 110.0200),
)


def _saved(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row


def make_divisions() -> None:
    """延安市 with 宝塔区 and 延长县, each with one township and one village. May be called twice."""
    for code, name, level, parent, latitude, longitude in _PLACES:
        if db.session.get(Division, code) is None:
            db.session.add(
                Division(code=code, name=name, level=level, parent_code=parent, latitude=latitude, longitude=longitude)
            )
            db.session.flush()


def make_senior(*, phones: Sequence[str] = (), **changes: Any) -> Senior:
    """张玉兰 in the village of 宝塔区, served, visited rarely; `phones` are her numbers, already normalised."""
    make_divisions()
    fields: dict[str, Any] = {
        "name": "张玉兰",
        "pinyin": "zhangyulan",
        "born_on": date(1943, 3, 5),
        "sex": Sex.FEMALE,
        "residence_code": VILLAGE,
        "address": "赵家岸村二组",
        "landmark": "老槐树往上第三孔窑",
        "latitude": 36.6805,
        "longitude": 109.4005,
    }
    senior = Senior(**(fields | changes))
    senior.phones = [
        SeniorPhone(
            number=number,
            number_index=phone_index(number),
            is_mobile=number.startswith("1"),
            position=position,
        )
        for position, number in enumerate(phones)
    ]
    _saved(senior)
    search_keys.write([search_keys.Findable(senior, tuple(phones))], are_new=True)
    return senior


def make_status(senior: Senior, status: SeniorStatus, from_on: date, to_on: date | None = None, **changes: Any) -> Any:
    """A status of a senior over days."""
    return _saved(SeniorStatusPeriod(senior_id=senior.id, status=status, from_on=from_on, to_on=to_on, **changes))


def make_helper(*, shifts: bool = True, **changes: Any) -> Helper:
    """A village helper with a motor and shifts from 8:30 to 17:30 every day of the week (unless `shifts=False`)."""
    make_divisions()
    fields: dict[str, Any] = {
        "name": "李秀英",
        "pinyin": "lixiuying",
        "kind": HelperKind.VILLAGE,
        "sex": Sex.FEMALE,
        "division_code": TOWNSHIP,
        "latitude": 36.67,
        "longitude": 109.41,
        "languages": ["zh"],
    }
    helper = Helper(**(fields | changes))
    if shifts:
        helper.shifts = [HelperShift(weekday=day, start_minute=510, end_minute=1050) for day in range(1, 8)]
    return _saved(helper)


def make_centre(**changes: Any) -> Centre:
    """A day-care centre of the township, open on weekdays."""
    make_divisions()
    fields: dict[str, Any] = {
        "name": f"河庄坪日间照料中心{next(_number)}",
        "pinyin": "hezhuangpingrijianzhaoliaozhongxin",
        "kind": CentreKind.DAY_CARE,
        "division_code": TOWNSHIP,
        "latitude": 36.671,
        "longitude": 109.412,
        "places": 30,
    }
    return _saved(Centre(**(fields | changes)))


def make_canteen(*, lunch_capacity: int = 50, **changes: Any) -> Canteen:
    """A canteen of the township that cooks lunch every day."""
    make_divisions()
    fields: dict[str, Any] = {
        "name": f"河庄坪老年食堂{next(_number)}",
        "pinyin": "hezhuangpinglaonianshitang",
        "kind": CanteenKind.CANTEEN,
        "division_code": TOWNSHIP,
        "latitude": 36.671,
        "longitude": 109.412,
        "delivers": True,
    }
    canteen = _saved(Canteen(**(fields | changes)))
    _saved(CanteenMeal(canteen_id=canteen.id, meal=Meal.LUNCH, capacity=lunch_capacity, from_minute=690, to_minute=780))
    return canteen


def make_plan(senior: Senior, **changes: Any) -> VisitPlan:
    """A visit plan as the rule for the senior's tier says, running since long ago."""
    fields: dict[str, Any] = {"senior_id": senior.id, "from_on": date(2026, 1, 1), "reason": "独居"}
    return _saved(VisitPlan(**(fields | changes)))


def make_visit(senior: Senior, on: date, **changes: Any) -> Visit:
    """A visit at the senior's door on a day, not planned into a round."""
    fields: dict[str, Any] = {
        "senior_id": senior.id,
        "division_code": senior.residence_code,
        "due_on": on,
        "on": on,
        "window_from": 510,
        "window_to": 1050,
        "duration_minutes": 30,
    }
    return _saved(Visit(**(fields | changes)))


def make_dish(canteen: Canteen, **changes: Any) -> Dish:
    """A set lunch at 12.00 yuan that suits most and holds egg."""
    fields: dict[str, Any] = {
        "name": f"家常套餐{next(_number)}",
        "ingredients": "番茄炒蛋、清炒白菜、米饭",
        "price_fen": 12_00,
        "allergens": ["egg"],
    }
    return _saved(Dish(canteen_id=canteen.id, **(fields | changes)))


def make_service(
    canteen: Canteen, on: date, *dishes: Dish, meal: Meal = Meal.LUNCH, is_published: bool = True, **changes: Any
) -> MealService:
    """Lunch of a canteen on a day, with a published menu; the cut-off is 16:00 the day before."""
    for dish in dishes:
        _saved(MenuItem(canteen_id=canteen.id, on=on, meal=meal, dish_id=dish.id, is_published=is_published))
    cut_off: datetime = at_minute(on - timedelta(days=1), 16 * 60)
    fields: dict[str, Any] = {"capacity": 50, "cut_off_at": cut_off}
    return _saved(MealService(canteen_id=canteen.id, on=on, meal=meal, **(fields | changes)))


def make_calendar_rule(on: date, to_on: date | None = None, **changes: Any) -> CalendarRule:
    """A market in the township on one day (or up to `to_on`): nobody at home from 7:00 to 11:00, but from 14:00 on."""
    make_divisions()
    fields: dict[str, Any] = {
        "kind": CalendarKind.MARKET_DAY,
        "name": "河庄坪集",
        "division_code": TOWNSHIP,
        "repeats": Repeats.DATES,
        "from_on": on,
        "to_on": to_on or on,
        "closed_from": 420,
        "closed_to": 660,
        "instead_from": 840,
        "instead_to": 1050,
    }
    return _saved(CalendarRule(**(fields | changes)))
