"""The forms of the calendar: a rule, its end, and a span of holidays."""

from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.fields import DivisionField, EnumField, EnumListField, MinuteField, WeekdaysField, choice
from blueprints.forms import given
from blueprints.sentences import HouseForm
from domain.calendar_effects import UNCHANGED_PERCENT
from domain.festivals import MOST_DAYS_AROUND, Festival, Repeats
from domain.workdays import DayKind
from extensions.babel import lazy as _l
from models import CalendarKind, CalendarRule, RiskTier, VisitMode
from policy import Permission
from services.calendar_rules import Draft

_PERCENT = [
    InputRequired(_l("请填一个数，100 就是照常。")),
    NumberRange(UNCHANGED_PERCENT, 400, _l("这里要在 100 到 400 之间。")),
]
_AROUND = [Optional(), NumberRange(0, MOST_DAYS_AROUND, _l("最多 15 天。"))]
_STARTS: dict[CalendarKind, dict[str, Any]] = {
    CalendarKind.MARKET_DAY: {
        "repeats": Repeats.SOLAR_ENDINGS, "closed_from": 420, "closed_to": 660, "instead_from": 840,
        "instead_to": 1050,
    },
    CalendarKind.FESTIVAL: {"repeats": Repeats.FESTIVAL, "lead_days": 7, "extra_tiers": ["A", "B"]},
    CalendarKind.WEATHER: {"repeats": Repeats.DATES, "travel_percent": 150},
    CalendarKind.HOLIDAY: {"repeats": Repeats.DATES, "postpone_from": "3"},
}  # fmt: skip


class CalendarRuleForm(HouseForm):
    """When a rule holds, and what it asks for."""

    kind = EnumField(_l("哪一种"), CalendarKind)
    name = StringField(
        _l("叫什么"), [InputRequired(_l("请起个名字，如“柳林集”。")), Length(max=60, message=_l("最多 60 个字。"))]
    )
    division_code = DivisionField(
        _l("适用范围"),
        [InputRequired(_l("请填写这条规则管哪里。"))],
        permission=Permission.CALENDAR_EDIT,
        description=_l("这个区划和它下面的所有地方。一个地方同一天有几条规则时，一起算。"),
    )
    repeats = EnumField(_l("哪些天"), Repeats)
    from_on = DateField(_l("从哪天开始"), [InputRequired(_l("请填写开始的日子。"))])
    to_on = DateField(_l("到哪天为止"), [Optional()], description=_l("一直有效就空着。"))
    weekdays = WeekdaysField(_l("周几"))
    endings = SelectMultipleField(
        _l("逢几"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
        choices=[choice(str(number % 10), str(number)) for number in range(1, 11)],
        description=_l("逢五逢十就选 5 和 10；初三、十三、廿三就选 3。"),
    )  # fmt: skip
    festival = EnumField(_l("哪个节日"), Festival, blank=_l("请选一个"))
    lunar_month = IntegerField(_l("农历几月"), [Optional()])
    lunar_day = IntegerField(_l("农历几日"), [Optional()])
    lead_days = IntegerField(_l("提前几天"), _AROUND, default=0)
    lag_days = IntegerField(_l("延后几天"), _AROUND, default=0)
    closed_from = MinuteField(_l("几点起不上门"), [Optional()], description=_l("比如赶集的早上，家里没人。"))
    closed_to = MinuteField(_l("到几点"), [Optional()])
    instead_from = MinuteField(_l("排不下的改到几点起"), [Optional()], description=_l("空着：不紧急的改天再去。"))
    instead_to = MinuteField(_l("到几点"), [Optional()])
    travel_percent = IntegerField(
        _l("路上时间，平时的百分之几"), _PERCENT, default=100, description=_l("150 就是平时的一倍半；100 照常。")
    )
    duration_percent = IntegerField(_l("每次探访的时间，平时的百分之几"), _PERCENT, default=100)
    is_foot_out = BooleanField(_l("步行的助老员不出门"))
    postpone_from = SelectField(_l("不紧急的要不要推迟"), default="")
    extra_tiers = EnumListField(
        _l("哪些老人加访一次"), RiskTier, description=_l("节日、寒潮、酷暑、暴雨时多去看一次。")
    )
    extra_mode = EnumField(_l("加的那次怎么去"), VisitMode)
    note = StringField(_l("依据"), [Length(max=200)], description=_l("文件名和文号，或一句说明。"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.postpone_from.choices = [
            ("", _l("不推迟")), ("3", _l("推迟可以等的")), ("2", _l("只去紧急的，其余推迟")),
        ]  # fmt: skip

    def draft(self) -> Draft:
        """For the service: what was typed, the numbers of the way of repeating that was chosen."""
        repeats = Repeats(self.repeats.data)
        numbers = self.weekdays.data if repeats is Repeats.WEEKDAYS else self.endings.data
        has_numbers = repeats in {Repeats.WEEKDAYS, Repeats.SOLAR_ENDINGS, Repeats.LUNAR_ENDINGS}
        is_lunar, is_festival = repeats is Repeats.LUNAR_DATE, repeats is Repeats.FESTIVAL
        is_around = is_lunar or is_festival
        return Draft(
            kind=CalendarKind(self.kind.data), name=self.name.data or "", division_code=self.division_code.data or "",
            repeats=repeats, from_on=given(self.from_on), to_on=self.to_on.data,
            numbers=tuple(numbers or ()) if has_numbers else (), festival=self.festival.data if is_festival else None,
            lunar_month=self.lunar_month.data if is_lunar else None,
            lunar_day=self.lunar_day.data if is_lunar else None,
            lead_days=(self.lead_days.data or 0) if is_around else 0,
            lag_days=(self.lag_days.data or 0) if is_around else 0,
            closed_from=self.closed_from.data, closed_to=self.closed_to.data, instead_from=self.instead_from.data,
            instead_to=self.instead_to.data, travel_percent=given(self.travel_percent),
            duration_percent=given(self.duration_percent), is_foot_out=self.is_foot_out.data,
            postpone_from=int(self.postpone_from.data) if self.postpone_from.data else None,
            extra_tiers=tuple(self.extra_tiers.data or ()), extra_mode=VisitMode(self.extra_mode.data),
            note=self.note.data or "",
        )  # fmt: skip


def started(kind: CalendarKind, place: str, today: date) -> CalendarRuleForm:
    """A form with what rules of this kind usually say."""
    end = today + timedelta(days=2) if _STARTS[kind]["repeats"] is Repeats.DATES else None
    start: dict[str, Any] = {"kind": kind, "division_code": place, "from_on": today, "to_on": end}
    return CalendarRuleForm(data=start | {"extra_mode": VisitMode.DOOR} | _STARTS[kind])


def filled(rule: CalendarRule) -> CalendarRuleForm:
    """A form with what the rule says."""
    names = set(CalendarRuleForm().data) - {"csrf_token", "weekdays", "endings", "postpone_from"}
    data: dict[str, Any] = {name: getattr(rule, name) for name in names}
    data["weekdays" if rule.repeats is Repeats.WEEKDAYS else "endings"] = list(rule.numbers)
    data["postpone_from"] = str(rule.postpone_from or "")
    return CalendarRuleForm(data=data)


class EndForm(HouseForm):
    last_on = DateField(_l("最后一天"), [InputRequired(_l("请填写最后一天。"))])


class DaysForm(HouseForm):
    """A span of holidays, or of days that are worked."""

    kind = RadioField(_l("放假还是上班"), default=DayKind.HOLIDAY.value)
    name = StringField(
        _l("叫什么"), [InputRequired(_l("请起个名字，如“春节”。")), Length(max=40, message=_l("最多 40 个字。"))]
    )
    first = DateField(_l("从哪天"), [InputRequired(_l("请填写开始的日子。"))])
    last = DateField(_l("到哪天"), [InputRequired(_l("请填写最后一天。"))], description=_l("只有一天就填同一天。"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kind.choices = [(DayKind.HOLIDAY.value, _l("放假")), (DayKind.WORKDAY.value, _l("上班（补班）"))]
