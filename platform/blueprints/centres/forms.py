"""The forms of a centre and of who works there."""

from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from blueprints.fields import DivisionField, EnumField, MinuteField, PlaceForm, WeekdaysField, given
from blueprints.sentences import HouseForm
from extensions.babel import lazy as _l
from models import Centre, CentreKind
from policy import Permission
from services.centres import CentreData, StaffData

FIELDS = (
    "name", "kind", "division_code", "address", "latitude", "longitude", "phone", "manager_name", "places", "beds",
    "opens_minute", "closes_minute", "weekdays", "is_exemplary", "is_open",
)  # fmt: skip
_NUMBER = [InputRequired(_l("请填写一个数，没有就填 0。")), NumberRange(0, 5000, _l("请填写 0 到 5000 之间的数。"))]


_OFFICE_ONLY = ("kind", "division_code", "is_exemplary", "is_open")


class CentreForm(PlaceForm):
    name = StringField(_l("名称"), [InputRequired(_l("请填写名称。")), Length(max=80)])
    kind = EnumField(_l("类型"), CentreKind)
    division_code = DivisionField(
        _l("所在区划"),
        [InputRequired(_l("请填写所在的乡镇、街道或村。"))],
        permission=Permission.CENTRE_EDIT,
        description=_l("写名称就行，如“河庄坪镇 赵家岸村”，也可以写代码。"),
    )
    address = StringField(_l("地址"), [Length(max=200)])
    phone = StringField(_l("电话"), [Length(max=30)], description=_l("公开的办公电话，座机请带区号。"))
    manager_name = StringField(_l("负责人"), [Length(max=50)])
    places = IntegerField(_l("日间名额"), _NUMBER, default=0)
    beds = IntegerField(_l("床位"), _NUMBER, default=0)
    opens_minute = MinuteField(_l("开门时间"), [InputRequired(_l("请填写开门时间。"))], default=510)
    closes_minute = MinuteField(_l("关门时间"), [InputRequired(_l("请填写关门时间。"))], default=1050)
    weekdays = WeekdaysField(_l("哪几天开放"), default=[1, 2, 3, 4, 5])
    is_exemplary = BooleanField(_l("示范站点"))
    is_open = BooleanField(_l("正在开办"), default=True, description=_l("停办后不再接收老人，记录仍然保留。"))

    def for_manager(self) -> None:
        """Take away what the office decides."""
        for name in _OFFICE_ONLY:
            del self[name]

    def as_data(self, centre: Centre | None = None) -> CentreData:
        """What was typed, for the service."""
        return CentreData(**given(self, FIELDS, centre))


class StaffForm(HouseForm):
    name = StringField(_l("姓名"), [InputRequired(_l("请填写姓名。")), Length(max=50)])
    post = StringField(_l("岗位"), [InputRequired(_l("请填写岗位，如护理员、厨师。")), Length(max=30)])
    phone = StringField(_l("电话"), [Length(max=30)])
    weekdays = WeekdaysField(_l("哪几天上班"), default=[1, 2, 3, 4, 5])

    def as_data(self) -> StaffData:
        """What was typed, for the service."""
        return StaffData(**given(self, ("name", "post", "phone", "weekdays")))
