"""Planning texts: a pure function of (database, local day), so that any number of planners give one row each.

A visit is told of the evening before, from the time the Rule says (18:00) until quiet hours begin, and again on its
morning. The Rule's morning (7:30) lies within quiet hours (until 8:00), and nobody is woken for a reminder: the text
waits for the end of quiet hours, and is not sent at all if the helper is at the door by then.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain import phones
from domain.rules import RuleKey
from domain.times import at_minute, local, local_day
from models import Meal, Purpose, SubjectType
from queries import reminders as queries
from queries.reminders import MealFacts, Reach, VisitFacts

from . import rules
from .texts import Facts

NEWS_HOURS = 12
"""A confirmation or a note about what happened is news for so long."""
NOTICE_MINUTES = 10
"""A reminder comes at least so long before the helper, or not at all."""
_SERVED_FROM = {Meal.BREAKFAST: 390, Meal.LUNCH: 660, Meal.SUPPER: 1020}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One subject of which one person should be told, from when and until when that is of use."""

    purpose: Purpose
    subject_type: SubjectType
    facts: Facts
    due_at: datetime
    not_after: datetime
    number: int = 0
    told: str = ""


def quiet_until(at: datetime, division_code: str) -> datetime | None:
    """When the quiet hours that cover `at` end, or None outside them. They may span midnight."""
    hours = rules.value(RuleKey.QUIET_HOURS, division_code, local_day(at)).value
    start, end = hours["from"], hours["to"]
    wall = local(at)
    minute, day = wall.hour * 60 + wall.minute, wall.date()
    if start == end:
        return None
    if start < end:
        return at_minute(day, end) if start <= minute < end else None
    if minute >= start:
        return at_minute(day + timedelta(days=1), end)
    return at_minute(day, end) if minute < end else None


def wanted(purpose: Purpose, now: datetime, after: uuid.UUID | None = None) -> tuple[list[Wanted], uuid.UUID | None]:
    """One batch of what is still to be planned for `purpose`, and where the next begins (None: that was all)."""
    facts = _facts(purpose, now, None, after)
    following = facts[-1].id if len(facts) >= queries.BATCH else None
    return _moments(purpose, facts, now, is_planning=True), following


def still_wanted(
    purpose: Purpose, subjects: Collection[tuple[uuid.UUID, date]], now: datetime
) -> dict[uuid.UUID, Wanted]:
    """Of subjects planned earlier, those that live state still asks for, with the facts as they are now."""
    if not subjects:
        return {}
    if purpose is Purpose.VISIT_CANCELLED:
        found = called_off(queries.called_off_visits(subjects, local_day(now)), now)
    else:
        facts = _facts(purpose, now, [subject_id for subject_id, _on in subjects], None)
        found = _moments(purpose, facts, now, is_planning=False)
    return {one.facts.id: one for one in found if (one.facts.id, one.facts.on) in set(subjects)}


def _facts(purpose: Purpose, now: datetime, ids: queries.Ids, after: queries.After) -> Sequence[Facts]:
    today = local_day(now)
    since = now - timedelta(hours=NEWS_HOURS if ids is None else 4 * NEWS_HOURS)
    facts: Sequence[Facts] = ()
    match purpose:
        case Purpose.VISIT_EVE:
            facts = queries.coming_visits(purpose, today + timedelta(days=1), ids, after)
        case Purpose.VISIT_MORNING:
            facts = queries.coming_visits(purpose, today, ids, after)
        case Purpose.VISIT_DONE:
            facts = queries.done_visits(since, today, ids, after)
        case Purpose.MEAL_BOOKED:
            facts = queries.booked_meals(since, today, ids, after)
        case Purpose.MEAL_CANCELLED:
            facts = queries.cancelled_meals(since, today, ids, after)
        case Purpose.MEAL_CHANGED:
            facts = queries.touched_meals(since, today, ids, after)
        case Purpose.VISIT_CANCELLED:
            pass  # corrections are written by whoever calls a visit off
    return facts


def _moments(purpose: Purpose, facts: Sequence[Facts], now: datetime, *, is_planning: bool) -> list[Wanted]:
    """From when and until when each is of use; those whose moment has gone are left out."""
    visits = [one for one in facts if isinstance(one, VisitFacts)]
    meals = [one for one in facts if isinstance(one, MealFacts)]
    match purpose:
        case Purpose.VISIT_EVE | Purpose.VISIT_MORNING:
            return _coming(purpose, visits, now)
        case Purpose.MEAL_BOOKED:
            return _meals(purpose, queries.served(meals), now)
        case Purpose.MEAL_CANCELLED:
            return _meals(purpose, meals, now)
        case Purpose.MEAL_CHANGED:
            return _changed(queries.served(meals), now, is_planning=is_planning)
    return [_news(purpose, SubjectType.VISIT, one, now) for one in visits]


def called_off(
    visits: Iterable[VisitFacts], now: datetime, numbers: Mapping[uuid.UUID, int] | None = None
) -> list[Wanted]:
    """Corrections: of use as long as somebody may be waiting at home. `numbers`: how often called off before."""
    before = numbers or {}
    return [
        Wanted(Purpose.VISIT_CANCELLED, SubjectType.VISIT, one, now, at_minute(one.on, one.start_minute),
               before.get(one.id, 0))
        for one in visits
    ]  # fmt: skip


def told_again(purpose: Purpose, on: date, numbers: Mapping[uuid.UUID, int], now: datetime) -> list[Wanted]:
    """Reminders of visits whose time or helper has changed since somebody heard of them: the `numbers`th change."""
    facts = [replace(one, is_change=True) for one in queries.coming_visits(purpose, on, list(numbers))]
    return [replace(one, due_at=now, number=numbers[one.facts.id]) for one in _coming(purpose, facts, now)]


def _coming(purpose: Purpose, visits: Iterable[VisitFacts], now: datetime) -> list[Wanted]:
    """Reminders with their moments by the Rule; those whose moment has gone are left out."""
    found = []
    for visit in visits:
        code = visit.person.division_code
        clock = rules.value(RuleKey.VISIT_REMINDERS, code, visit.on).value
        quiet = rules.value(RuleKey.QUIET_HOURS, code, visit.on).value
        if purpose is Purpose.VISIT_EVE:
            eve = visit.on - timedelta(days=1)
            due = at_minute(eve, clock["evening"])
            not_after = at_minute(eve, quiet["from"] if quiet["from"] > clock["evening"] else 1440)
        else:
            due = at_minute(visit.on, clock["morning"])
            not_after = at_minute(visit.on, visit.start_minute - NOTICE_MINUTES)
        due = quiet_until(due, code) or due
        if max(due, now) < not_after:
            found.append(Wanted(purpose, SubjectType.VISIT, visit, due, not_after, told=visit.told))
    return found


def _news(purpose: Purpose, subject: SubjectType, facts: Facts, now: datetime) -> Wanted:
    """Something that has just happened: due at once, or when quiet hours end."""
    due = quiet_until(now, facts.person.division_code) or now
    return Wanted(purpose, subject, facts, due, due + timedelta(hours=NEWS_HOURS))


def _meals(purpose: Purpose, meals: Iterable[MealFacts], now: datetime, number: int = 0) -> list[Wanted]:
    """News of portions, of no use once the meal is handed out."""
    found = []
    for meal in meals:
        told = "" if purpose is Purpose.MEAL_CANCELLED else meal.told
        news = _news(purpose, SubjectType.BOOKING, meal, now)
        served = at_minute(meal.on, _SERVED_FROM[meal.meal])
        if news.due_at < served:
            found.append(Wanted(purpose, SubjectType.BOOKING, meal, news.due_at, min(news.not_after, served),
                                number, told))  # fmt: skip
    return found


def _changed(meals: list[MealFacts], now: datetime, *, is_planning: bool) -> list[Wanted]:
    """Portions that are no longer what their last text said; at the claim, what the text now has to say."""
    told = queries.last_told([meal.id for meal in meals])
    found: list[Wanted] = []
    for meal in meals:
        last, number = told.get(meal.id, ("", 0))
        if not is_planning:
            found += _meals(Purpose.MEAL_CHANGED, [meal], now, number)
        elif last and last != meal.told:
            found += _meals(Purpose.MEAL_CHANGED, [meal], now, number + 1)
    return found


def reach_of(purpose: Purpose, reaches: list[Reach]) -> Reach | None:
    """Who gets a text of this purpose: the senior before contacts; a note to family only ever goes to a contact."""
    fitting = [
        one for one in reaches if phones.is_mobile(one.number) and not (purpose is Purpose.VISIT_DONE and one.is_own)
    ]
    return fitting[0] if fitting else None
