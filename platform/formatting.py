"""How things are written for people: dates, phones, names, amounts. Every template filter lives here."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any
from urllib.parse import quote

from domain import lunar
from domain.codes import ConsentKind, Relation, Skill, Speech
from domain.coordinates import to_gcj02
from domain.masks import masked_identity, masked_name, masked_phone
from domain.rules import TERMS, RuleKey, Unit
from domain.times import age_on, local, utc_now
from domain.visiting import Block, Mark, Need
from extensions.babel import gettext as _
from extensions.babel import is_english
from extensions.babel import lazy as _l
from wording import calendars, round_weights, rounds, tone_of, visit_terms, word, word_of
from wording.acts import act_word
from wording.history import field_word, value_word
from wording.meals import allergen, diet, subsidy_line, texture
from wording.registries import RULE_TERMS
from wording.seniors import fact_word, well_by

_LUNAR_MONTHS = "正二三四五六七八九十冬腊"
_NEAR = {0: _l("今天"), -1: _l("昨天"), 1: _l("明天"), -2: _l("前天"), 2: _l("后天")}
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def weekday(day: date) -> str:
    """星期一, or Monday."""
    return _WEEKDAYS_EN[day.weekday()] if is_english() else f"星期{_WEEKDAYS_ZH[day.weekday()]}"


def long_date(day: date) -> str:
    """2026年11月23日（星期一）, or Monday 23 November 2026."""
    if is_english():
        return f"{weekday(day)} {day.day} {day:%B %Y}"
    return f"{day.year}年{day.month}月{day.day}日（{weekday(day)}）"


def lunar_date(day: date) -> str:
    """农历十月十五, as older people know the day; in English: lunar month 10, day 15."""
    found = lunar.of(day)
    if is_english():
        return f"lunar month {found.month}{' (leap)' if found.is_leap else ''}, day {found.day}"
    return f"农历{'闰' if found.is_leap else ''}{_LUNAR_MONTHS[found.month - 1]}月{_lunar_day(found.day)}"


def _lunar_day(day: int) -> str:
    """初一 … 初十, 十一 … 二十, 廿一 … 三十."""
    if day in (10, 20, 30):
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return "初十廿"[day // 10] + "一二三四五六七八九"[day % 10 - 1]


def birthday_words(senior: Any) -> str:
    """A lunar birthday: 腊月三十; in English 12th lunar month, day 30. Empty for nobody's."""
    month, day = senior.lunar_month, senior.lunar_day
    if not (month and day):
        return ""
    if is_english():
        return f"lunar month {month}{' (leap)' if senior.is_lunar_leap else ''}, day {day}"
    return f"农历{lunar.birthday_words(month, day, is_leap=senior.is_lunar_leap)}"


def short_date(day: date | datetime | None) -> str:
    """2026-11-23, for lists."""
    if day is None:
        return "—"
    return f"{local(day) if isinstance(day, datetime) else day:%Y-%m-%d}"


def near_day(day: date, today: date) -> str:
    """今天, 明天, 后天, else 11月25日; or today, tomorrow, 25 November: as it stands within a sentence."""
    if is_english():
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - today).days) or f"{day.day} {day:%B}"
    near = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}.get((day - today).days)
    return near or f"{day.month}月{day.day}日"


def near_time(at: datetime, now: datetime) -> str:
    """今天 16:00, 11月25日 16:00; or today 16:00, 25 November 16:00: as it stands within a sentence."""
    return f"{near_day(local(at).date(), local(now).date())} {clock(at)}"


def sentence_case(text: str) -> str:
    """The first letter large: for a heading that begins with a word made for the middle of a sentence."""
    return text[:1].upper() + text[1:]


def clock(at: datetime | None) -> str:
    """14:05 on the city's clock."""
    return "—" if at is None else f"{local(at):%H:%M}"


def moment(at: datetime | None, now: datetime | None = None) -> str:
    """今天 14:05, 昨天 09:30, 11月20日 08:00, and with its year where that is another one."""
    if at is None:
        return "—"
    day, today = local(at).date(), local(now or utc_now()).date()
    time = f"{local(at):%H:%M}"
    named = _NEAR.get((day - today).days)
    if named:
        return f"{named} {time}"
    if is_english():
        return f"{day.day} {day:%b} {time}" if day.year == today.year else f"{day.day} {day:%b %Y} {time}"
    date = f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"
    return f"{date} {time}"


def day_name(day: date, today: date) -> str:
    """今天, 明天, 后天, or 11月25日（星期三）."""
    named = {0: _("今天"), 1: _("明天"), 2: _("后天"), -1: _("昨天")}.get((day - today).days)
    if named:
        return named
    if is_english():
        return f"{weekday(day)} {day.day} {day:%B}"
    return f"{day.month}月{day.day}日（{weekday(day)}）"


def greeting(name: str, now: datetime) -> str:
    """王建国，早上好."""
    hour = local(now).hour
    if hour < 5:
        return _("%(name)s，夜深了", name=name)
    if hour < 11:
        return _("%(name)s，早上好", name=name)
    if hour < 13:
        return _("%(name)s，中午好", name=name)
    return _("%(name)s，下午好", name=name) if hour < 18 else _("%(name)s，晚上好", name=name)


def until(at: datetime, now: datetime) -> str:
    """还剩 12 分钟, 超时 1 小时 5 分, 还剩 3 天."""
    minutes = int(abs((at - now).total_seconds())) // 60
    length = _("%(days)d 天", days=minutes // 1440) if minutes >= 2880 else duration(minutes)
    return _("还剩 %(length)s", length=length) if at >= now else _("超时 %(length)s", length=length)


def minutes_clock(minute: int | None) -> str:
    """Minutes after midnight as 14:05."""
    return "—" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


def yuan(fen: int | None) -> str:
    """Fen as 12.60 元, or ¥12.60."""
    if fen is None:
        return "—"
    amount = f"{fen / 100:,.2f}"
    return f"¥{amount}" if is_english() else f"{amount} 元"


def number(value: float) -> str:
    """1063 as 1,063."""
    return f"{value:,}"


def duration(minutes: int | None) -> str:
    """95 as 1 小时 35 分, or 1 h 35 min."""
    hours, rest = divmod(int(minutes or 0), 60)
    if not hours:
        return _("%(minutes)d 分钟", minutes=rest)
    if not rest:
        return _("%(hours)d 小时", hours=hours)
    return _("%(hours)d 小时 %(minutes)d 分", hours=hours, minutes=rest)


def coded(value: str, enum: type[StrEnum]) -> str:
    """The word of a stored code of `enum`; the code itself where the list no longer has it."""
    return word(enum(value)) if value in set(enum) else value


def frequency(days: int) -> str:
    """每周一次, 每月一次, 每 10 天一次."""
    named = {7: _("每周一次"), 14: _("每两周一次"), 30: _("每月一次"), 31: _("每月一次"), 90: _("每季度一次")}
    return named.get(days) or _("每 %(days)d 天一次", days=days)


def findings(checklist: dict[str, dict[str, str]]) -> list[tuple[Block, Mark, str]]:
    """A visit's checklist in the order in which it is asked: block, mark, note."""
    return [
        (block, Mark(found["mark"]), found.get("note", ""))
        for block in Block
        if (found := checklist.get(block.value)) is not None
    ]


def needs(values: list[str]) -> list[Need]:
    """What a senior would like help with, as members that have words."""
    return [need for need in Need if need.value in values]


def kilometres(metres: int | None) -> str:
    """12345 metres as 12.3; a hundred kilometres and more without decimals. The unit stands beside it."""
    if metres is None:
        return "—"
    return f"{metres / 1000:,.0f}" if metres >= 100_000 else f"{metres / 1000:.1f}"


def hours(minutes: int | None) -> str:
    """95 minutes as 1.6: for figures whose unit stands beside them."""
    return "—" if minutes is None else f"{minutes / 60:,.1f}"


def weekdays(days: list[int]) -> str:
    """[1, 2, 3] as 周一、周二、周三, or Mon, Tue, Wed; all seven as 每天."""
    chosen = sorted(days)
    if chosen == [1, 2, 3, 4, 5, 6, 7]:
        return _("每天")
    if is_english():
        return ", ".join(_WEEKDAYS_EN[day - 1][:3] for day in chosen)
    return "、".join(f"周{_WEEKDAYS_ZH[day - 1]}" for day in chosen)


def joined(words: Iterable[str]) -> str:
    """护理、助浴, or Nursing, Bathing."""
    return (", " if is_english() else "、").join(words)


def skill_words(values: list[str]) -> str:
    """Skills by their words; what is no longer known is left out."""
    return joined(word(Skill(value)) for value in values if value in set(Skill))


def speech_words(values: list[str]) -> str:
    """Languages by their words; what is no longer known is left out."""
    return joined(word(Speech(value)) for value in values if value in set(Speech))


def _yes_or_no(number: int) -> str:
    return _("是") if number else _("否")


def rule_terms(key: RuleKey, value: dict[str, int]) -> list[tuple[str, str]]:
    """The numbers of a rule as (what, how much), in the units people use."""
    written = {
        Unit.DAYS: lambda number: _("%(days)d 天", days=number),
        Unit.HOURS: lambda number: _("%(hours)d 小时", hours=number),
        Unit.MINUTES: duration,
        Unit.CLOCK: minutes_clock,
        Unit.FEN: yuan,
        Unit.SWITCH: _yes_or_no,
    }
    return [
        (str(RULE_TERMS[key][term.name]), written[term.unit](value.get(term.name, term.default))) for term in TERMS[key]
    ]


def times(factor: float) -> str:
    """1.35: how many times something is."""
    return f"{factor:.2f}"


def minutes_of(seconds: int) -> str:
    """Whole minutes."""
    return number(round(seconds / 60))


def geo_link(place: Any) -> str:
    """Opens the phone's own map program at a door. Those in use here read such a point as GCJ-02; nobody is named."""
    latitude, longitude = to_gcj02(place.latitude, place.longitude)
    point = f"{latitude:.6f},{longitude:.6f}"
    return f"geo:{point}?q={point}"


def amap_link(place: Any) -> str:
    """The way to a door in 高德地图: in its program where the phone has it, else on its page. Nobody is named."""
    latitude, longitude = to_gcj02(place.latitude, place.longitude)
    to = quote(f"{longitude:.6f},{latitude:.6f},{_('探访')}")
    return f"https://uri.amap.com/navigation?to={to}&mode=car&coordinate=gaode&callnative=1"


def lunar_cell(day: date) -> str:
    """The lunar day as a calendar prints it: 十五, and the month's name on its first day; in English 10/15."""
    found = lunar.of(day)
    if is_english():
        return f"{found.month}/{found.day}"
    if found.day == 1:
        return f"{'闰' if found.is_leap else ''}{_LUNAR_MONTHS[found.month - 1]}月"
    return _lunar_day(found.day)


def month_name(day: date) -> str:
    """2026年11月, or November 2026."""
    return f"{day:%B %Y}" if is_english() else f"{day.year}年{day.month}月"


FILTERS: dict[str, Callable[..., Any]] = {
    "skill_words": skill_words,
    "speech_words": speech_words,
    "rule_terms": rule_terms,
    "weekdays": weekdays,
    "terms_when": visit_terms.when,
    "terms_who": visit_terms.who,
    "terms_second": visit_terms.second,
    "act_word": act_word,
    "field_word": field_word,
    "value_word": value_word,
    "word": word,
    "word_of": word_of,
    "tone": tone_of,
    "weekday": weekday,
    "long_date": long_date,
    "lunar_date": lunar_date,
    "lunar_cell": lunar_cell,
    "month_name": month_name,
    "calendar_when": calendars.when,
    "calendar_asks": calendars.asks,
    "calendar_did": calendars.did,
    "calendar_idle": calendars.idle,
    "calendar_changes": calendars.changes,
    "calendar_kind": calendars.kind_of,
    "weights_said": round_weights.said,
    "weights_cell": round_weights.cell,
    "day_apart": calendars.day_name,
    "short_date": short_date,
    "near_day": near_day,
    "near_time": near_time,
    "sentence_case": sentence_case,
    "clock": clock,
    "moment": moment,
    "until": until,
    "day_name": day_name,
    "greeting": greeting,
    "minutes_clock": minutes_clock,
    "yuan": yuan,
    "duration": duration,
    "number": number,
    "diet": diet,
    "allergen": allergen,
    "subsidy_line": subsidy_line,
    "age": age_on,
    "birthday_words": birthday_words,
    "well_by": well_by,
    "fact_word": fact_word,
    "relation": partial(coded, enum=Relation),
    "speech": partial(coded, enum=Speech),
    "consent": partial(coded, enum=ConsentKind),
    "texture": texture,
    "kilometres": kilometres,
    "times": times,
    "minutes_of": minutes_of,
    "geo_link": geo_link,
    "amap_link": amap_link,
    "hours": hours,
    "priority_of": rounds.priority,
    "left_out_reason": rounds.reason,
    "skill_word": rounds.skill,
    "masked_name": masked_name,
    "masked_phone": masked_phone,
    "masked_identity": masked_identity,
    "findings": findings,
    "frequency": frequency,
    "needs": needs,
}
