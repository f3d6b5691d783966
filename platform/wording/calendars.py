"""Words for the calendar: when a rule holds, what it asks for, and what it did to a day."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain import lunar
from domain.calendar_effects import UNCHANGED_PERCENT, Change, Effect
from domain.festivals import Festival, Recurrence, Repeats
from domain.workdays import DayKind, Source
from extensions.babel import gettext as _
from extensions.babel import is_english
from extensions.babel import lazy as _l
from models import CalendarKind, RiskTier, VisitMode

from .core import Word, register, word, word_of

register({
    CalendarKind.MARKET_DAY: Word(_l("赶集"), "good", "shop"),
    CalendarKind.FESTIVAL: Word(_l("节日"), "problem", "gift"),
    CalendarKind.WEATHER: Word(_l("天气"), "information", "cloud-rain"),
    CalendarKind.HOLIDAY: Word(_l("假期"), "watch", "sun"),
})  # fmt: skip
register({
    Repeats.DATES: Word(_l("这几天每天都算")), Repeats.WEEKDAYS: Word(_l("每周的某几天")),
    Repeats.SOLAR_ENDINGS: Word(_l("公历逢几（如逢五逢十）")),
    Repeats.LUNAR_ENDINGS: Word(_l("农历逢几（如初三、十三、廿三）")),
    Repeats.FESTIVAL: Word(_l("节日前后")), Repeats.LUNAR_DATE: Word(_l("农历某一天前后（如庙会）")),
})  # fmt: skip
register({
    Festival.SPRING: Word(_l("春节")), Festival.LANTERN: Word(_l("元宵节")), Festival.TOMB_SWEEPING: Word(_l("清明节")),
    Festival.DRAGON_BOAT: Word(_l("端午节")), Festival.MID_AUTUMN: Word(_l("中秋节")),
    Festival.DOUBLE_NINTH: Word(_l("重阳节")), Festival.LABA: Word(_l("腊八节")),
    Festival.LITTLE_YEAR: Word(_l("小年")), Festival.EVE: Word(_l("除夕")),
})  # fmt: skip
register({
    DayKind.HOLIDAY: Word(_l("放假"), "watch", "sun"), DayKind.WORKDAY: Word(_l("补班"), "neutral", "briefcase"),
})  # fmt: skip
register({
    Source.ENTERED: Word(_l("这里登记的"), "good", "check-circle"),
    Source.ANNOUNCED: Word(_l("国务院公布的"), "neutral", "check-circle"),
    Source.ESTIMATED: Word(_l("按法定节日估计的"), "watch", "question-circle"),
})  # fmt: skip

_STATUTORY = {"new_year": _l("元旦"), "labour": _l("劳动节"), "national": _l("国庆节")}
_WEEKDAYS = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))

CHANGES: dict[Change, str] = {
    Change.MOVED: _l("%(count)d 位老人的探访挪到别的时间"),
    Change.NARROWED: _l("%(count)d 位老人的探访避开这段时间"),
    Change.POSTPONED: _l("%(count)d 位老人的探访推迟"),
    Change.KEPT: _l("%(count)d 位老人的探访紧急，照原来的时间去"),
}


def changes(counts: Mapping[Change, int]) -> list[str]:
    """How many visits move, shrink, wait: a sentence each."""
    return [str(text) % {"count": counts[change]} for change, text in CHANGES.items() if counts.get(change)]


def kind_of(code: str) -> Word:
    """The word of a stored kind; the bare code where the list no longer has it."""
    return word_of(CalendarKind(code)) if code in set(CalendarKind) else Word(code)


def day_name(name: str) -> str:
    """The name of a day set apart: of a statutory holiday, of a festival, or as it was typed."""
    if name in _STATUTORY:
        return str(_STATUTORY[name])
    return word(Festival(name)) if name in set(Festival) else name


def _joined(parts: Iterable[str]) -> str:
    return (", " if is_english() else "、").join(parts)


def clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"


def when(its: Recurrence) -> str:
    """每周三 · 公历逢 5、0 · 春节，前 10 天到后 2 天."""
    numbers = sorted(its.numbers)
    if its.repeats is Repeats.WEEKDAYS:
        return _("每%(days)s", days=_joined(str(_WEEKDAYS[number - 1]) for number in numbers))
    if its.repeats is Repeats.SOLAR_ENDINGS:
        return _("公历逢 %(numbers)s", numbers=_joined(map(str, _market_order(numbers))))
    if its.repeats is Repeats.LUNAR_ENDINGS:
        return _("农历逢 %(numbers)s", numbers=_joined(map(str, _market_order(numbers))))
    if its.repeats is Repeats.DATES:
        return _("每天")
    return _around(its)


def _around(its: Recurrence) -> str:
    name = word(its.festival) if its.festival else _lunar(its.lunar_month or 1, its.lunar_day or 1)
    if its.lead_days and its.lag_days:
        return _("%(name)s，前 %(lead)d 天到后 %(lag)d 天", name=name, lead=its.lead_days, lag=its.lag_days)
    if its.lead_days:
        return _("%(name)s，从前 %(lead)d 天起", name=name, lead=its.lead_days)
    return _("%(name)s，到后 %(lag)d 天", name=name, lag=its.lag_days) if its.lag_days else name


def _market_order(numbers: Sequence[int]) -> list[int]:
    """逢五逢十 is said five, then ten."""
    return sorted(numbers, key=lambda number: number or 10)


def _lunar(month: int, day: int) -> str:
    if is_english():
        return _("农历 %(month)s 月 %(day)d 日", month=str(month), day=day)
    return f"农历{lunar.birthday_words(month, day)}"


def asks(effect: Effect, tiers: Sequence[str] = (), mode: VisitMode = VisitMode.DOOR) -> list[str]:
    """What a rule asks for, a short sentence each."""
    said = []
    if effect.closed:
        span = {"start": clock(effect.closed[0]), "end": clock(effect.closed[1])}
        if effect.instead:
            other = {"other_start": clock(effect.instead[0]), "other_end": clock(effect.instead[1])}
            said.append(_("%(start)s–%(end)s 不上门，排不下的改到 %(other_start)s–%(other_end)s", **span, **other))
        else:
            said.append(_("%(start)s–%(end)s 不上门", **span))
    if effect.travel_percent > UNCHANGED_PERCENT:
        said.append(_("路上时间 × %(times)s", times=_times(effect.travel_percent)))
    if effect.duration_percent > UNCHANGED_PERCENT:
        said.append(_("每次探访的时间 × %(times)s", times=_times(effect.duration_percent)))
    if effect.is_foot_out:
        said.append(_("步行的助老员不出门"))
    if effect.postpone_from:
        said.append(_("只去紧急的，其余改天") if effect.postpone_from == 2 else _("可以等的改天再去"))
    if tiers:
        names = _joined(word(RiskTier(tier)) for tier in tiers if tier in set(RiskTier))
        phone = _("%(tiers)s级每人加打一次电话", tiers=names)
        said.append(phone if mode is VisitMode.PHONE else _("%(tiers)s级每人加访一次", tiers=names))
    return said


def _times(percent: int) -> str:
    return f"{percent / 100:g}"


def stored_effect(row: Mapping[str, Any]) -> Effect:
    """The effect of a rule as a proposal remembers it."""
    return Effect(
        closed=_span(row.get("closed")),
        instead=_span(row.get("instead")),
        travel_percent=row.get("travel_percent", UNCHANGED_PERCENT),
        duration_percent=row.get("duration_percent", UNCHANGED_PERCENT),
        is_foot_out=bool(row.get("is_foot_out")),
        postpone_from=row.get("postpone_from"),
    )


def _span(stored: Sequence[int] | None) -> tuple[int, int] | None:
    return (stored[0], stored[1]) if stored else None


def did(row: Mapping[str, Any]) -> list[str]:
    """What a rule did to a day, from what its proposal remembers; nothing where it touched nobody."""
    said = [str(text) % {"count": row[change.value]} for change, text in CHANGES.items() if row.get(change.value)]
    if row.get("at_home"):
        said.append(_("%(count)d 位步行的助老员不出门", count=row["at_home"]))
    effect = stored_effect(row)
    return said + asks(Effect(travel_percent=effect.travel_percent, duration_percent=effect.duration_percent))


def idle(rows: Sequence[Mapping[str, Any]]) -> str:
    """The names of the rules that held on a day and touched nobody."""
    return _joined(str(row.get("name", "")) for row in rows if not did(row))
