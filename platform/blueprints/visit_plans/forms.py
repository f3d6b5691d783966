"""Forms of a visit plan."""

import uuid
from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from blueprints.fields import EnumListField, SpansField, choice
from blueprints.forms import given
from blueprints.sentences import HouseForm
from blueprints.visits.forms import when_of
from domain.codes import Skill
from domain.times import minute_of_day
from extensions.babel import gettext as _
from extensions.babel import lazy as _l
from models import Sex, VisitMode, VisitPlan
from services.visit_terms import Second, Terms
from wording import as_options, word

_WHY = [InputRequired(_l("请写明原因。")), Length(max=200, message=_l("请写在 200 字以内。"))]


_MINUTES = NumberRange(5, 240, _l("请填 5 到 240 之间的数。"))
_GAP = NumberRange(0, 240, _l("请填 0 到 240 之间的数。"))


class TermsForm(HouseForm):
    """What a plan promises."""

    every_days = IntegerField(_l("几天一次"), [Optional(), NumberRange(1, 366, _l("间隔要在 1 到 366 天之间。"))])
    duration_minutes = IntegerField(_l("大约几分钟"), [InputRequired(_l("请填几分钟。")), _MINUTES], default=30)
    window_from = TimeField(_l("最早几点"), [InputRequired(_l("请填几点。"))])
    window_to = TimeField(_l("最晚几点"), [InputRequired(_l("请填几点。"))])
    other_windows = SpansField(_l("别的时间也行"))
    is_soft = BooleanField(_l("可以晚一点"))
    skills = EnumListField(_l("要会什么"), Skill)
    wants_sex = SelectField(_l("希望谁来"))
    wishes_sex = BooleanField(_l("派不出时，男女都可以"))
    needs_language = BooleanField(_l("一定要会说老人的话"))
    needs_two = BooleanField(_l("要两个人一起去"))
    second_skills = EnumListField(_l("第二个人要会什么"), Skill)
    second_sex = SelectField(_l("第二个人要男的还是女的"), default="", validate_choice=False)  # not sent where one goes
    second_minutes = IntegerField(_l("第二个人待几分钟"), [Optional(), _MINUTES])
    second_gap_least = IntegerField(_l("第二个人最少晚几分钟到"), [Optional(), _GAP], default=0)
    second_gap_most = IntegerField(_l("最多晚几分钟到"), [Optional(), _GAP], default=0)
    priority = SelectField(_l("轻重"), default="2")
    reason = TextAreaField(_l("为什么要探访"), _WHY)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.priority.choices = [("1", _l("要紧")), ("2", _l("一般")), ("3", _l("可以等"))]
        either = [
            ("", _l("都可以")),
            (Sex.FEMALE.value, word(Sex.FEMALE)),
            (Sex.MALE.value, word(Sex.MALE)),
        ]
        self.wants_sex.choices = self.second_sex.choices = either

    def terms(self) -> Terms:
        """For the service."""
        return Terms(
            every_days=self.every_days.data, duration_minutes=given(self.duration_minutes),
            window_from=minute_of_day(given(self.window_from)), window_to=minute_of_day(given(self.window_to)),
            other_windows=tuple(self.other_windows.data or ()), is_soft=self.is_soft.data,
            skills=tuple(self.skills.data or ()), wants_sex=self.wants_sex.data or None,
            wishes_sex=self.wishes_sex.data, needs_language=self.needs_language.data, second=self._second(),
            priority=int(self.priority.data), reason=self.reason.data or "",
        )  # fmt: skip

    def _second(self) -> Second | None:
        if not self.needs_two.data:
            return None
        return Second(
            skills=tuple(self.second_skills.data or ()), sex=self.second_sex.data or None,
            minutes=self.second_minutes.data, gap_least=self.second_gap_least.data or 0,
            gap_most=self.second_gap_most.data or 0,
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


Options = Iterable[tuple[uuid.UUID, str, str]]
"""Helpers to choose from: id, name, place."""


def _key(text: Any) -> uuid.UUID | None:
    return uuid.UUID(str(text)) if text else None


def _choices(none: str, options: Options) -> list[Any]:
    named = (
        (key, _("%(name)s（%(place)s）", name=name, place=place) if place else name) for key, name, place in options
    )
    return [choice("", none), *(choice(str(key), text) for key, text in named)]


class RegularForm(HouseForm):
    """Who comes where it can be arranged."""

    helper_id = SelectField(_l("尽量派谁"), coerce=_key)

    def __init__(self, options: Options, **kept: Any) -> None:
        super().__init__(**kept)
        self.helper_id.choices = _choices(_("没有固定的人"), options)


class KeepAwayForm(HouseForm):
    """Who is not to come, and why."""

    helper_id = SelectField(_l("不要派谁"), [InputRequired(_l("请选一位助老员。"))], coerce=_key)
    reason = StringField(_l("原因"), _WHY)

    def __init__(self, options: Options, **kept: Any) -> None:
        super().__init__(prefix="away-", **kept)
        self.helper_id.choices = _choices(_("请选择"), options)


def filled(plan: VisitPlan) -> dict[str, Any]:
    """What an edit form starts with."""
    same = (
        "every_days", "duration_minutes", "is_soft", "skills", "wishes_sex", "needs_language", "needs_two",
        "second_skills", "second_minutes", "second_gap_least", "second_gap_most", "reason",
    )  # fmt: skip
    first, *others = plan.spans
    times = when_of(plan.from_on, *first)
    return {name: getattr(plan, name) for name in same} | {
        "wants_sex": plan.wants_sex or "", "second_sex": plan.second_sex or "", "priority": str(plan.priority),
        "window_from": times["window_from"], "window_to": times["window_to"], "other_windows": others,
    }  # fmt: skip
