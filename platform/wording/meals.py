"""Words for canteens, meals and bookings."""

from domain.codes import Allergen, Diet
from extensions.babel import lazy as _l
from models import BookingStatus, Handover, Meal, MealRunKind, MealRunStopKind, MealServiceStatus

from .core import Word, register, word

register({
    Meal.BREAKFAST: Word(_l("早餐"), "neutral", "sunrise"), Meal.LUNCH: Word(_l("午餐"), "neutral", "sun"),
    Meal.SUPPER: Word(_l("晚餐"), "neutral", "moon"),
    MealServiceStatus.OPEN: Word(_l("可以订"), "good", "check-circle"),
    MealServiceStatus.CLOSED: Word(_l("已定数"), "neutral", "lock"),
    BookingStatus.BOOKED: Word(_l("已订"), "good", "check-circle"),
    BookingStatus.LOCKED: Word(_l("厨房已备餐"), "information", "lock"),
    BookingStatus.SERVED: Word(_l("已用餐"), "good", "check-circle"),
    BookingStatus.NO_SHOW: Word(_l("没有来取"), "watch", "question-circle"),
    BookingStatus.FAILED: Word(_l("没有送到"), "problem", "exclamation-triangle"),
    BookingStatus.CANCELLED: Word(_l("已取消"), "neutral", "x-circle"),
    Handover.DINE_IN: Word(_l("到店吃"), "neutral", "shop"), Handover.PICK_UP: Word(_l("来取"), "neutral", "bag"),
    Handover.DELIVERY: Word(_l("送到家"), "neutral", "truck"),
})  # fmt: skip
register({
    MealRunKind.MEALS: Word(_l("只送餐"), "neutral", "truck"),
    MealRunKind.JOINT: Word(_l("顺路单"), "information", "signpost-split"),
    MealRunKind.APART: Word(_l("分开排"), "neutral", "diagram-3"),
    MealRunStopKind.COUNTER: Word(_l("取餐"), "information", "shop"),
    MealRunStopKind.DOOR: Word(_l("送餐"), "good", "truck"),
    MealRunStopKind.VISIT: Word(_l("探访"), "neutral", "house-heart"),
})  # fmt: skip

SUBSIDY_LINES = {
    "age_60": _l("60 岁以上"), "age_75": _l("75 岁以上"), "age_85": _l("85 岁以上"), "age_95": _l("95 岁以上"),
    "destitute": _l("特困"), "minimum_living": _l("低保"), "disabled": _l("残疾或失能"),
    "family_planning_special": _l("计生特殊家庭"), "veteran": _l("优抚对象"),
}  # fmt: skip
"""What the lines of the rule meal.subsidy are called beside an amount."""


def subsidy_line(line: str) -> str:
    """Why the public pays."""
    return str(SUBSIDY_LINES.get(line, line))


def diet(code: str) -> str:
    """A diet as it stands in a list column."""
    return word(Diet(code)) if code in set(Diet) else code


def allergen(code: str) -> str:
    """An allergen as it stands in a list column."""
    return word(Allergen(code)) if code in set(Allergen) else code


_TEXTURES = {"regular": _l("普食"), "soft": _l("软食"), "semi_liquid": _l("半流食")}


def texture(code: str) -> str:
    """How soft a portion is."""
    return str(_TEXTURES.get(code, code))
