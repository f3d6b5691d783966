"""The forms of a roster: an absence, an agreement, its end."""

from datetime import date

from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length

from blueprints.fields import EnumField, WeekdaysField
from blueprints.sentences import HouseForm
from domain.codes import AbsenceReason
from domain.errors import Refusal
from domain.masks import masked_name
from extensions.babel import gettext as _
from extensions.babel import lazy as _l
from models import Centre
from queries import rosters
from queries.rosters import Found


class AbsenceForm(HouseForm):
    reason = EnumField(_l("为什么没来"), AbsenceReason)
    note = StringField(_l("备注"), [Length(max=200)])


class EnrolmentForm(HouseForm):
    who = StringField(
        _l("老人的姓名或身份证号"),
        [InputRequired(_l("请填写姓名或身份证号。")), Length(max=60)],
        description=_l("本乡镇的老人写全名就行；同名的，或住在别的乡镇的，请写完整身份证号。"),
    )
    weekdays = WeekdaysField(_l("哪几天来"), default=[1, 2, 3, 4, 5])
    from_on = DateField(_l("从哪天开始"), [InputRequired(_l("请填写开始的日子。"))])
    note = StringField(_l("备注"), [Length(max=200)])

    def found(self, centre: Centre, today: date) -> Found:
        """The one senior who is meant. Refuses none and several."""
        several = rosters.find(self.who.data or "", centre.division_code, today)
        if not several:
            raise Refusal(_("没有找到这位老人。"), field="who", suggestion=_("请核对姓名，或填写完整身份证号。"))
        if len(several) > 1:
            names = "；".join(f"{masked_name(one.name)} {one.born_on:%Y-%m}" for one in several)
            raise Refusal(_("有几位同名的老人（%(names)s），请填写完整身份证号。", names=names), field="who")
        return several[0]


class EndForm(HouseForm):
    last_on = DateField(_l("最后一天"), [InputRequired(_l("请填写最后一天。"))])
