"""Words for canteens, meals and bookings."""

from extensions.babel import lazy as _l
from models import BookingStatus, Handover, Meal, MealServiceStatus

from .core import Word, register

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
