"""The form that starts a plan."""

from wtforms import DateField, RadioField, SelectField
from wtforms.validators import InputRequired

from blueprints.sentences import HouseForm
from extensions.babel import lazy as _l

SECONDS = [("5", _l("5 秒：先看个大概")), ("20", _l("20 秒：平常用")), ("60", _l("60 秒：人多、路远时用"))]


class PlanForm(HouseForm):
    """Which place, which day, and how long to search."""

    division_code = SelectField(_l("为哪里规划"), [InputRequired(_l("请选一个地方。"))])
    on = DateField(_l("哪一天"), [InputRequired(_l("请选一天。"))])
    seconds = RadioField(_l("找多久"), default="20")

    def __init__(self, places: list[tuple[str, str]], **options: object) -> None:
        super().__init__(**options)
        self.names = dict(places)
        self.division_code.choices = list(places)
        self.seconds.choices = list(SECONDS)
