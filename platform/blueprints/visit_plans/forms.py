"""Forms of a visit plan."""

from typing import Any

from wtforms import DateField, IntegerField, RadioField, SelectField, SelectMultipleField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.forms import given
from blueprints.sentences import HouseForm
from blueprints.visits.forms import when_of
from domain.codes import Skill
from domain.times import minute_of_day
from extensions.babel import lazy as _l
from models import Sex, VisitMode, VisitPlan
from services.visit_plans import Terms
from wording import as_options, word

_WHY = [InputRequired(_l("请写明原因。")), Length(max=200, message=_l("请写在 200 字以内。"))]


class TermsForm(HouseForm):
    """What a plan promises."""

    every_days = IntegerField(_l("几天一次"), [Optional(), NumberRange(1, 366, _l("间隔要在 1 到 366 天之间。"))])
    duration_minutes = IntegerField(
        _l("大约几分钟"),
        [InputRequired(_l("请填几分钟。")), NumberRange(5, 240, _l("请填 5 到 240 之间的数。"))],
        default=30,
    )
    window_from = TimeField(_l("最早几点"), [InputRequired(_l("请填几点。"))])
    window_to = TimeField(_l("最晚几点"), [InputRequired(_l("请填几点。"))])
    skills = SelectMultipleField(_l("要会什么"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    wants_sex = SelectField(_l("希望谁来"))
    priority = SelectField(_l("轻重"), default="2")
    reason = TextAreaField(_l("为什么要探访"), _WHY)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.skills.choices = as_options(Skill)
        self.priority.choices = [("1", _l("要紧")), ("2", _l("一般")), ("3", _l("可以等"))]
        self.wants_sex.choices = [
            ("", _l("都可以")),
            (Sex.FEMALE.value, word(Sex.FEMALE)),
            (Sex.MALE.value, word(Sex.MALE)),
        ]

    def terms(self) -> Terms:
        """For the service."""
        return Terms(
            every_days=self.every_days.data, duration_minutes=given(self.duration_minutes),
            window_from=minute_of_day(given(self.window_from)), window_to=minute_of_day(given(self.window_to)),
            skills=tuple(self.skills.data or ()), wants_sex=self.wants_sex.data or None,
            priority=int(self.priority.data), reason=self.reason.data or "",
        )  # fmt: skip


class NewPlanForm(TermsForm):
    """A new plan."""

    mode = RadioField(_l("怎么去"), default=VisitMode.DOOR.value)
    from_on = DateField(_l("从哪天开始"), [InputRequired(_l("请选日期。"))])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.mode.choices = as_options(VisitMode)


class PauseForm(HouseForm):
    """Days on which nobody comes."""

    from_on = DateField(_l("从哪天起不去"), [InputRequired(_l("请选日期。"))])
    to_on = DateField(_l("最后一天"), [Optional()])
    reason = TextAreaField(_l("原因"), _WHY)


class EndForm(HouseForm):
    """A plan's last day."""

    last_on = DateField(_l("最后一天"), [InputRequired(_l("请选日期。"))])
    reason = TextAreaField(_l("原因"), _WHY)


def filled(plan: VisitPlan) -> dict[str, Any]:
    """What an edit form starts with."""
    times = when_of(plan.from_on, plan.window_from, plan.window_to)
    return {
        "every_days": plan.every_days, "duration_minutes": plan.duration_minutes, "skills": plan.skills,
        "wants_sex": plan.wants_sex or "", "priority": str(plan.priority), "reason": plan.reason,
        "window_from": times["window_from"], "window_to": times["window_to"],
    }  # fmt: skip
