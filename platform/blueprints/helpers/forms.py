"""The forms of a helper and of leave."""

import uuid
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from blueprints.fields import DivisionField, EnumField, EnumListField, MinuteField, PlaceForm, SpansField, choice, given
from blueprints.sentences import HouseForm
from domain.codes import Skill, Speech
from extensions.babel import lazy as _l
from models import Helper, HelperKind, Means, Sex
from policy import Permission, current_actor
from queries import centres
from services.helpers import HelperData, shifts_of

FIELDS = (
    "name", "kind", "division_code", "sex", "phone", "centre_id", "latitude", "longitude", "skills", "languages",
    "means", "max_daily_minutes", "contracted_minutes", "break_minutes", "break_earliest", "break_latest", "capacity",
    "end_centre_id", "is_active", "hardship_proof", "hardship_valid_to", "post_monthly_hours",
)  # fmt: skip
_EXAMPLE = _l("如 08:30-12:00 14:00-17:30，不上班就空着。")


def _centres(none: str) -> list[Any]:
    found = centres.options(current_actor().scope(Permission.CENTRE_READ))
    return [choice("", str(none)), *(choice(str(key), name) for key, name in found)]


def _key(text: Any) -> uuid.UUID | None:
    return uuid.UUID(str(text)) if text else None


class HelperForm(PlaceForm):
    name = StringField(_l("姓名"), [InputRequired(_l("请填写姓名。")), Length(max=50)])
    kind = EnumField(_l("类型"), HelperKind)
    sex = EnumField(_l("性别"), Sex)
    phone = StringField(_l("手机"), [Length(max=30)], description=_l("每天的路线从这个手机上看。"))
    division_code = DivisionField(
        _l("家住的村或驻地"),
        [InputRequired(_l("请填写家住的村或驻地。"))],
        permission=Permission.HELPER_EDIT,
        description=_l("写名称就行，如“河庄坪镇 赵家岸村”，也可以写代码。"),
    )
    centre_id = SelectField(_l("所属站点"), choices=lambda: _centres(_l("不属于任何站点")), coerce=_key)
    skills = EnumListField(_l("技能"), Skill)
    languages = EnumListField(_l("会说的话"), Speech)
    means = EnumField(_l("出行方式"), Means)
    max_daily_minutes = IntegerField(
        _l("每天最多工作分钟数"),
        [InputRequired(_l("请填写 30 到 720 之间的数。")), NumberRange(30, 720, _l("请填写 30 到 720 之间的数。"))],
        default=480,
        description=_l("上门和路上的时间都算在内。"),
    )
    contracted_minutes = IntegerField(
        _l("每天应工作分钟数"),
        [Optional(), NumberRange(30, 720, _l("请填写 30 到 720 之间的数。"))],
        description=_l("超过的算加班，排路线时尽量避免；前几天多干了，后几天就少排。不填就不算加班。"),
    )
    break_minutes = IntegerField(
        _l("午休几分钟"),
        [Optional(), NumberRange(0, 180, _l("请填 0 到 180 之间的数。"))],
        default=0,
        description=_l("填 0 就是没有固定的午休。"),
    )
    break_earliest = MinuteField(_l("最早几点开始午休"))
    break_latest = MinuteField(_l("最晚几点开始午休"))
    capacity = IntegerField(
        _l("一次能带几份饭"),
        [Optional(), NumberRange(0, 200, _l("请填 0 到 200 之间的数。"))],
        default=0,
        description=_l("不送饭就填 0。"),
    )
    end_centre_id = SelectField(
        _l("收工去哪里"),
        choices=lambda: _centres(_l("回出发地")),
        coerce=_key,
        description=_l("比如从家里出发，最后到站点交班。"),
    )
    shift_1 = SpansField(_l("周一"), description=_EXAMPLE)
    shift_2 = SpansField(_l("周二"))
    shift_3 = SpansField(_l("周三"))
    shift_4 = SpansField(_l("周四"))
    shift_5 = SpansField(_l("周五"))
    shift_6 = SpansField(_l("周六"))
    shift_7 = SpansField(_l("周日"))
    is_active = BooleanField(_l("在岗"), default=True, description=_l("离岗后不再安排路线，记录仍然保留。"))
    hardship_proof = StringField(
        _l("困难家庭证明"), [Length(max=200)], description=_l("只有一岗双助要填：证明的名称和编号。")
    )
    hardship_valid_to = DateField(_l("证明有效期至"), [Optional()])
    post_monthly_hours = IntegerField(
        _l("每月应服务小时"), [Optional(), NumberRange(1, 300, _l("请填写 1 到 300 之间的数。"))]
    )

    def as_data(self) -> HelperData:
        """What was typed, for the service."""
        shifts = {day: self[f"shift_{day}"].data or [] for day in range(1, 8)}
        values = given(self, FIELDS)
        values |= {name: values[name] or 0 for name in ("break_minutes", "capacity")}
        return HelperData(
            **(values | {"skills": values["skills"] or [], "languages": values["languages"] or []}), shifts=shifts
        )


def shift_fields(helper: Helper) -> dict[str, Any]:
    """The form's values for the weekly shifts of a helper."""
    return {f"shift_{day}": spans for day, spans in shifts_of(helper).items()}


class LeaveForm(HouseForm):
    from_on = DateField(_l("从哪天"), [InputRequired(_l("请填写请假的第一天。"))])
    to_on = DateField(_l("到哪天"), [InputRequired(_l("请填写请假的最后一天。"))])
    reason = StringField(_l("原因"), [Length(max=100)])
