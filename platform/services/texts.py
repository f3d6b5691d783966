"""The words of the texts: one template per purpose and language under templates/messages.

Every text carries the signature, names a telephone, and holds no health fact and no link.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import current_app

from domain.times import local
from gateways.sms import MAX_SEGMENTS, count_segments
from models import Handover, Meal, Purpose, Sex
from queries.reminders import MealFacts, Person, VisitFacts

SIGNATURE = {"zh": "【延安养老】", "en": "【Yan'an Care】"}
PHONE = "12349"
"""The care line every text names."""

_COMPOUND = frozenset({"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "夏侯"})
_MEALS = {
    "zh": {Meal.BREAKFAST: "早餐", Meal.LUNCH: "午餐", Meal.SUPPER: "晚餐"},
    "en": {Meal.BREAKFAST: "breakfast", Meal.LUNCH: "lunch", Meal.SUPPER: "supper"},
}
_HANDOVERS = {
    "zh": {Handover.DINE_IN: "到店用餐", Handover.PICK_UP: "自取", Handover.DELIVERY: "送餐上门"},
    "en": {Handover.DINE_IN: "dine in", Handover.PICK_UP: "pick up", Handover.DELIVERY: "delivered"},
}

Facts = VisitFacts | MealFacts


@dataclass(frozen=True, slots=True)
class Text:
    """A finished text."""

    body: str
    language: str
    segments: int


class TooLong(Exception):
    """More parts than a text may have: a defect of a template, or of what joined too much into one text."""


def render(purpose: Purpose, subjects: Sequence[Facts], *, is_own: bool, today: date) -> Text:
    """The text about these subjects to one person. `is_own`: it goes to the senior, not to somebody close."""
    language = "en" if subjects[0].person.language == "en" else "zh"
    people = list({one.person.id: one.person for one in subjects}.values())
    first = min(subjects, key=_order)
    helpers = _helpers(subjects)
    values = {
        "greeting": _greeting(people, language, is_own=is_own),
        "whom": _whom(people, language, is_own=is_own),
        "day": _day(first.on, today, language),
        "time": _time(first, language),
        "helper": _joined(helpers, language) if helpers else ("" if language == "zh" else "our helper"),
        "phone": PHONE,
        "is_change": any(getattr(one, "is_change", False) for one in subjects),
    }
    if isinstance(first, MealFacts):
        values |= {
            "meal": _MEALS[language][first.meal],
            "canteen": first.canteen_name,
            "handover": _HANDOVERS[language][first.handover],
        }
    template = current_app.jinja_env.get_template(f"messages/{purpose}.{language}.txt")
    body = SIGNATURE[language] + template.render(values).strip()
    segments = count_segments(body)
    if segments > MAX_SEGMENTS:
        raise TooLong(f"{purpose}: {segments} parts")
    return Text(body, language, segments)


def polite_name(person: Person) -> str:
    """张奶奶, 李爷爷: as a senior is spoken to."""
    surname = person.name[:2] if person.name[:2] in _COMPOUND else person.name[:1]
    return surname + {Sex.FEMALE: "奶奶", Sex.MALE: "爷爷"}.get(person.sex, "老人家")


def _helpers(subjects: Sequence[Facts]) -> list[str]:
    """Everybody who goes, each once."""
    visits = [one for one in subjects if isinstance(one, VisitFacts)]
    return list(dict.fromkeys(name for one in visits for name in (one.helper_name, one.second_name) if name))


def _order(one: Facts) -> tuple[date, int]:
    return one.on, getattr(one, "start_minute", 0)


def _greeting(people: Sequence[Person], language: str, *, is_own: bool) -> str:
    if language == "en":
        return "Hello" if not is_own else f"Dear {_joined([one.name for one in people], language)}"
    if is_own:
        return "、".join(polite_name(one) for one in people) + "您好"
    return "您好"


def _whom(people: Sequence[Person], language: str, *, is_own: bool) -> str:
    if is_own:
        return "you" if language == "en" else "您"
    return _joined([one.name if language == "en" else polite_name(one) for one in people], language)


def _joined(names: Sequence[str], language: str) -> str:
    return (" and " if language == "en" else "、").join(names)


def _day(on: date, today: date, language: str) -> str:
    near = (on - today).days
    if language == "en":
        plain = f"{on:%A} {on.day} {on:%b}"
        return {0: "today", 1: f"tomorrow, {plain}"}.get(near, f"on {plain}")
    plain = f"{on.month}月{on.day}日周{'一二三四五六日'[on.weekday()]}"
    return {0: "今天", 1: f"明天（{plain}）"}.get(near, plain)


def _time(one: Facts, language: str) -> str:
    if isinstance(one, MealFacts):
        return ""
    at = local(one.done_at).time() if one.done_at else _rounded(one.start_minute)
    if language == "en":
        return f"{at:%H:%M}"
    part = "上午" if at.hour < 12 else "下午" if at.hour < 18 else "晚上"
    return f"{part}{(at.hour - 1) % 12 + 1}:{at:%M}"


def _rounded(minute: int) -> time:
    """To the ten minutes, as people say it; the round is a plan, not a railway."""
    return (datetime(2000, 1, 1) + timedelta(minutes=round(minute / 10) * 10)).time()  # noqa: DTZ001  a time of day
