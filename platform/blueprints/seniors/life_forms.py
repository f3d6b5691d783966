"""Forms of what happens to a senior."""

from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from blueprints.sentences import HouseForm
from domain.codes import ConsentKind
from extensions.babel import lazy as _l
from models import SeniorStatus
from services.reveals import Revealed
from wording import as_options, word

_REASON = Length(max=200, message=_l("最多 200 个字。"))


class StatusForm(HouseForm):
    status = RadioField(_l("改成"), [InputRequired(_l("请选择状态。"))])
    from_on = DateField(_l("从哪天起"), [InputRequired(_l("请填写从哪天起。"))])
    to_on = DateField(_l("到哪天止（含当天）"), [Optional()])
    reason = StringField(_l("原因"), [Optional(), _REASON])

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.status.choices = [(one.value, word(one)) for one in SeniorStatus if one is not SeniorStatus.DECEASED]


class DeathForm(HouseForm):
    on = DateField(_l("哪天去世"), [InputRequired(_l("请填写日期；不确定时填大约的一天。"))])
    reason = StringField(_l("从哪里知道的"), [InputRequired(_l("请写明从哪里知道的。")), _REASON])


class WithdrawForm(HouseForm):
    reason = StringField(_l("为什么撤销"), [InputRequired(_l("请写明为什么撤销。")), _REASON])


class StayForm(HouseForm):
    division_code = SelectField(_l("住到哪里"), [InputRequired(_l("请选择暂住在哪里。"))])
    address = StringField(_l("地址"), [Optional(), _REASON])
    landmark = StringField(_l("怎么找到门"), [Optional(), _REASON])
    from_on = DateField(_l("从哪天起"), [InputRequired(_l("请填写从哪天起。"))])
    to_on = DateField(_l("到哪天止（含当天）"), [Optional()])


class ConsentForm(HouseForm):
    kind = SelectField(_l("同意什么"))
    given_on = DateField(_l("哪天同意的"), [InputRequired(_l("请填写同意的日期。"))])
    how = SelectField(_l("怎样同意的"))
    taken_by = StringField(_l("谁在场"), [Optional(), Length(max=50)])

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.kind.choices = as_options(ConsentKind)
        self.how.choices = [
            ("paper", _l("签字")), ("voice", _l("口头")), ("proxy", _l("由他人代办")), ("page", _l("在网页上"))
        ]  # fmt: skip


class NoteForm(HouseForm):
    body = TextAreaField(_l("备注"), [InputRequired(_l("请写点什么再保存。")), Length(max=2000)])


class RevealForm(HouseForm):
    what = HiddenField(default=Revealed.PHONES.value)
    reason = StringField(_l("为什么要看"), [InputRequired(_l("请写明为什么要看。")), _REASON])


class MergeForm(HouseForm):
    reason = StringField(_l("为什么是同一个人"), [InputRequired(_l("请写明为什么是同一个人。")), _REASON])
