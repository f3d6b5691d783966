"""The forms of a canteen and of its closed days."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from blueprints.fields import DivisionField, EnumField, MinuteField, PlaceForm, WeekdaysField, given
from blueprints.sentences import HouseForm
from extensions.babel import lazy as _l
from models import Canteen, CanteenKind, CanteenMeal, Meal
from policy import Permission
from services.canteens import CanteenData, MealData

FIELDS = (
    "name", "kind", "division_code", "address", "latitude", "longitude", "phone", "manager_name", "licence",
    "delivers", "is_open",
)  # fmt: skip
_PORTIONS = [Optional(), NumberRange(0, 5000, _l("请填写 0 到 5000 之间的数。"))]


_OFFICE_ONLY = ("kind", "division_code", "is_open")


class CanteenForm(PlaceForm):
    name = StringField(_l("名称"), [InputRequired(_l("请填写名称。")), Length(max=80)])
    kind = EnumField(_l("类型"), CanteenKind)
    division_code = DivisionField(
        _l("所在区划"),
        [InputRequired(_l("请填写所在的乡镇、街道或村。"))],
        permission=Permission.CANTEEN_EDIT,
        description=_l("写名称就行，如“河庄坪镇 赵家岸村”，也可以写代码。"),
    )
    address = StringField(_l("地址"), [Length(max=200)])
    phone = StringField(_l("电话"), [Length(max=30)], description=_l("公开的办公电话，座机请带区号。"))
    manager_name = StringField(_l("负责人"), [Length(max=50)])
    licence = StringField(_l("食品经营许可证"), [Length(max=60)])
    delivers = BooleanField(_l("可以送餐"))
    is_open = BooleanField(_l("正在营业"), default=True, description=_l("停业后不再接受订餐，记录仍然保留。"))
    breakfast_capacity = IntegerField(_l("早餐份数"), _PORTIONS, description=_l("不供应就空着。"))
    breakfast_from = MinuteField(_l("早餐开始"), default=420)
    breakfast_to = MinuteField(_l("早餐结束"), default=510)
    lunch_capacity = IntegerField(_l("午餐份数"), _PORTIONS, description=_l("不供应就空着。"))
    lunch_from = MinuteField(_l("午餐开始"), default=690)
    lunch_to = MinuteField(_l("午餐结束"), default=780)
    supper_capacity = IntegerField(_l("晚餐份数"), _PORTIONS, description=_l("不供应就空着。"))
    supper_from = MinuteField(_l("晚餐开始"), default=1020)
    supper_to = MinuteField(_l("晚餐结束"), default=1110)
    weekdays = WeekdaysField(_l("哪几天供餐"), default=[1, 2, 3, 4, 5, 6, 7])

    def for_manager(self) -> None:
        """Take away what the office decides."""
        for name in _OFFICE_ONLY:
            del self[name]

    def as_data(self, canteen: Canteen | None = None) -> CanteenData:
        """What was typed, for the service; a meal without portions is not offered."""
        days = list(self.weekdays.data or [])
        meals = {
            meal: MealData(portions, self[f"{meal}_from"].data or 0, self[f"{meal}_to"].data or 0, days)
            for meal in Meal
            if (portions := self[f"{meal}_capacity"].data)
        }
        return CanteenData(**given(self, FIELDS, canteen), meals=meals)


def meal_fields(meals: Mapping[Meal, CanteenMeal]) -> dict[str, Any]:
    """The form's values for what a canteen offers now."""
    values: dict[str, Any] = {}
    for meal, row in meals.items():
        values |= {f"{meal}_capacity": row.capacity, f"{meal}_from": row.from_minute, f"{meal}_to": row.to_minute}
        values["weekdays"] = row.weekdays
    return values


class ClosureForm(HouseForm):
    from_on = DateField(_l("从哪天"), [InputRequired(_l("请填写停餐的第一天。"))])
    to_on = DateField(_l("到哪天"), [InputRequired(_l("请填写停餐的最后一天。"))])
    reason = StringField(_l("原因"), [InputRequired(_l("请写一句原因，订餐的家属会看到。")), Length(max=100)])
