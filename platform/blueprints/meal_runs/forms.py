"""The forms of meal runs: what to plan, and a canteen's courier."""

import uuid

from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from blueprints.fields import EnumField
from blueprints.sentences import HouseForm
from extensions.babel import lazy as _l
from models import Meal, Means
from services.meal_run_search import Order
from wording import as_options

SECONDS = [("5", _l("5 秒：先看个大概")), ("20", _l("20 秒：平常用")), ("60", _l("60 秒：人多、路远时用"))]


class PlanForm(HouseForm):
    """Which place, which meal of which day, alone or with the visits, and how long to search."""

    division_code = SelectField(_l("为哪里规划"), [InputRequired(_l("请选一个地方。"))])
    canteen_id = SelectField(_l("哪家餐厅"), default="")
    on = DateField(_l("哪一天"), [InputRequired(_l("请选一天。"))])
    meal = SelectField(_l("哪一餐"), choices=lambda: as_options(Meal), default=Meal.LUNCH.value)
    is_joint = BooleanField(
        _l("和当天的探访一起排（顺路单）"),
        description=_l("同一批助老员，送餐路上顺便探访。排好以后先看省了多少，再决定用不用。"),
    )
    seconds = RadioField(_l("找多久"), default="20")

    def __init__(self, places: list[tuple[str, str]], **options: object) -> None:
        super().__init__(**options)
        self.names = dict(places)
        self.division_code.choices = list(places)
        self.seconds.choices = list(SECONDS)
        self.offer([])

    def offer(self, canteens: list[tuple[uuid.UUID, str]]) -> None:
        """The canteens to choose from."""
        self.canteens = {str(key): name for key, name in canteens}
        self.canteen_id.choices = [("", _l("全部餐厅")), *self.canteens.items()]

    def order(self) -> Order | None:
        """What is asked for; None while a place or a day is missing."""
        if not self.division_code.data or self.on.data is None:
            return None
        canteen = uuid.UUID(self.canteen_id.data) if self.canteen_id.data else None
        return Order(self.division_code.data, self.on.data, Meal(self.meal.data), canteen, bool(self.is_joint.data))


class CourierForm(HouseForm):
    """Somebody of the canteen's own who carries."""

    name = StringField(_l("姓名"), [InputRequired(_l("请填写送餐员的姓名。")), Length(max=50)])
    means = EnumField(_l("怎么去"), Means, default=Means.MOTOR.value)
    capacity = IntegerField(
        _l("一次带几份"),
        [InputRequired(_l("请填写一次能带多少份。")), NumberRange(1, 200, _l("请填写 1 到 200 之间的数。"))],
        default=20,
    )
