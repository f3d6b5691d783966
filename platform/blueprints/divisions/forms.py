"""The form of a division."""

from wtforms import DateField, FloatField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from blueprints.fields import PlaceForm, given
from extensions.babel import lazy as _l
from services.divisions import DivisionData


class DivisionForm(PlaceForm):
    name = StringField(_l("名称"), [InputRequired(_l("请填写名称。")), Length(max=60)])
    ruggedness = FloatField(
        _l("地形起伏"),
        [InputRequired(_l("请填写 0 到 1 之间的数。")), NumberRange(0, 1, _l("请填写 0 到 1 之间的数。"))],
        default=0.5,
        description=_l("0 是平地，1 是深沟大山。排路线时，越陡路程估得越慢。"),
    )
    valid_from = DateField(_l("启用日期"), [Optional()])
    valid_to = DateField(_l("停用日期"), [Optional()], description=_l("撤并后填写；历史记录仍然保留。"))

    def as_data(self) -> DivisionData:
        """What was typed, for the service."""
        return DivisionData(**given(self, ("name", "latitude", "longitude", "ruggedness", "valid_from", "valid_to")))


class NewDivisionForm(DivisionForm):
    code = StringField(
        _l("区划代码"),
        [InputRequired(_l("请填写区划代码。")), Length(max=12)],
        description=_l("乡镇、街道 9 位，村、社区 12 位，前面几位是上一级的代码。"),
    )
