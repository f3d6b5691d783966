"""Calendar rules 日历规则: setting, changing and ending market days, festivals and notices."""

import uuid
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from domain.calendar_effects import UNCHANGED_PERCENT, joined, without
from domain.errors import NotFound, Refusal
from domain.festivals import Festival, Recurrence, Repeats
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import CalendarKind, CalendarRule, Division, RiskTier, VisitMode
from policy import Actor, Permission

from . import audit, calendar_visits

LONGEST = timedelta(days=366)
LOOKED_AHEAD = timedelta(days=800)
"""So far ahead a rule must hold at least once: every lunar date comes within two years."""
_NUMBERED = (Repeats.WEEKDAYS, Repeats.SOLAR_ENDINGS, Repeats.LUNAR_ENDINGS)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed of a rule. Times are minutes after local midnight."""

    kind: CalendarKind
    name: str
    division_code: str
    repeats: Repeats
    from_on: date
    to_on: date | None = None
    numbers: tuple[int, ...] = ()
    festival: Festival | None = None
    lunar_month: int | None = None
    lunar_day: int | None = None
    lead_days: int = 0
    lag_days: int = 0
    closed_from: int | None = None
    closed_to: int | None = None
    instead_from: int | None = None
    instead_to: int | None = None
    travel_percent: int = UNCHANGED_PERCENT
    duration_percent: int = UNCHANGED_PERCENT
    is_foot_out: bool = False
    postpone_from: int | None = None
    extra_tiers: tuple[str, ...] = ()
    extra_mode: VisitMode = VisitMode.DOOR
    note: str = ""

    def as_rule(self) -> CalendarRule:
        """A row that is not yet anywhere: for a preview, or to be added."""
        values = asdict(self)
        return CalendarRule(
            **(values | {"numbers": sorted(self.numbers), "extra_tiers": sorted(self.extra_tiers)}), set_by_id=None
        )


def create(draft: Draft, *, by: Actor, now: datetime) -> CalendarRule:
    """A new rule. The past is never rewritten: it begins today or later."""
    check(draft, by=by, now=now)
    if draft.from_on < local_day(now):
        raise Refusal(_("新规则只能从今天或以后开始，过去的日子按当时的规则算。"), field="from_on")
    return _add("calendar.set", draft, by, now)


def change(rule_id: uuid.UUID, draft: Draft, *, by: Actor, now: datetime) -> CalendarRule:
    """Other terms. A rule that already held ends yesterday, and a new one goes on: days past stay as told."""
    rule, today = _load(rule_id, by), local_day(now)
    if rule.to_on is not None and rule.to_on < today:
        raise Refusal(_("这条规则已经结束了。"))
    if rule.from_on < today:
        draft = replace(draft, from_on=max(draft.from_on, today))
    check(draft, by=by, now=now)
    if draft.from_on < today:
        raise Refusal(_("新规则只能从今天或以后开始，过去的日子按当时的规则算。"), field="from_on")
    calendar_visits.take_back(rule.id, since=today)
    if rule.from_on < today:
        rule.to_on = today - timedelta(days=1)
        going_on = _add("calendar.change", draft, by, now)
        calendar_visits.hand_over(rule.id, going_on.id, today=today)
        return going_on
    before = _terms(rule)
    fresh = draft.as_rule()
    for name in asdict(draft):
        setattr(rule, name, getattr(fresh, name))
    db.session.flush()
    changes = {name: [before[name], value] for name, value in _terms(rule).items() if before[name] != value}
    audit.record(
        "calendar.change", "calendar_rule", rule.id, by=by, now=now, division_code=rule.division_code, changes=changes
    )
    return rule


def end(rule_id: uuid.UUID, *, last_on: date, by: Actor, now: datetime) -> CalendarRule:
    """The rule's last day. One that has not begun yet is taken back whole."""
    rule, today = _load(rule_id, by), local_day(now)
    if rule.to_on is not None and rule.to_on < today:
        raise Refusal(_("这条规则已经结束了。"))
    if last_on < today - timedelta(days=1):
        raise Refusal(_("最后一天不能早于昨天：已经按它算过的不会改变。"), field="last_on")
    calendar_visits.take_back(rule.id, since=max(last_on + timedelta(days=1), today))
    if last_on < rule.from_on:
        audit.record("calendar.withdraw", "calendar_rule", rule.id, by=by, now=now, division_code=rule.division_code)
        db.session.delete(rule)
    else:
        changes = {"to_on": [rule.to_on and rule.to_on.isoformat(), last_on.isoformat()]}
        rule.to_on = last_on
        audit.record(
            "calendar.end", "calendar_rule", rule.id, by=by, now=now, division_code=rule.division_code, changes=changes
        )
    db.session.flush()
    return rule


def check(draft: Draft, *, by: Actor, now: datetime) -> None:
    """Refuse what makes no sense, each thing beside its field."""
    if not by.scope(Permission.CALENDAR_EDIT).holds_division(draft.division_code):
        raise NotFound("")
    if db.session.get(Division, draft.division_code) is None:
        raise Refusal(_("没有这个区划。"), field="division_code")
    _check_days(draft, local_day(now))
    _check_hours(draft)
    _check_effect(draft)


def _check_days(draft: Draft, today: date) -> None:
    if draft.to_on is not None and draft.to_on < draft.from_on:
        raise Refusal(_("结束的日子不能早于开始的日子。"), field="to_on")
    if draft.repeats is Repeats.DATES and draft.to_on is None:
        raise Refusal(_("请填写到哪天为止：这样的规则每天都算。"), field="to_on")
    if draft.repeats is Repeats.DATES and draft.to_on is not None and draft.to_on - draft.from_on > LONGEST:
        raise Refusal(_("太长了，最多一年。"), field="to_on")
    if draft.repeats in _NUMBERED and not _numbers_fit(draft):
        field = "weekdays" if draft.repeats is Repeats.WEEKDAYS else "endings"
        raise Refusal(_("请至少选一个。"), field=field)
    if draft.repeats is Repeats.FESTIVAL and draft.festival is None:
        raise Refusal(_("请选一个节日。"), field="festival")
    if draft.repeats is Repeats.LUNAR_DATE and not (
        1 <= (draft.lunar_month or 0) <= 12 and 1 <= (draft.lunar_day or 0) <= 30
    ):
        raise Refusal(_("农历的月是 1 到 12，日是 1 到 30。"), field="lunar_month")
    first = max(draft.from_on, today)
    last = min(draft.to_on or first + LOOKED_AHEAD, first + LOOKED_AHEAD)
    if next(draft.as_rule().recurrence.occurrences(first, last), None) is None:
        raise Refusal(_("这段日子里一次也轮不到。请改日子，或改它怎么重复。"), field="from_on")


def _numbers_fit(draft: Draft) -> bool:
    least, most = (1, 7) if draft.repeats is Repeats.WEEKDAYS else (0, 9)
    return bool(draft.numbers) and all(least <= number <= most for number in draft.numbers)


def _check_hours(draft: Draft) -> None:
    for first, last, name in (
        (draft.closed_from, draft.closed_to, "closed"),
        (draft.instead_from, draft.instead_to, "instead"),
    ):
        if (first is None) != (last is None):
            missing = f"{name}_from" if first is None else f"{name}_to"
            raise Refusal(_("两个时间要么都填，要么都空着。"), field=missing)
        if first is not None and last is not None and first >= last:
            raise Refusal(_("结束的时间要晚于开始的时间。"), field=f"{name}_to")
    effect = draft.as_rule().effect
    if effect.instead and not effect.closed:
        raise Refusal(_("先填什么时间不上门，再填改到什么时间。"), field="closed_from")
    if effect.instead and effect.closed and not without([effect.instead], joined([effect.closed])):
        raise Refusal(_("改到的时间全在不上门的时间里。"), field="instead_from")


def _check_effect(draft: Draft) -> None:
    for name in ("travel_percent", "duration_percent"):
        if not UNCHANGED_PERCENT <= getattr(draft, name) <= 400:
            raise Refusal(_("这里要在 %(least)d 到 %(most)d 之间。", least=100, most=400), field=name)
    if draft.postpone_from not in {None, 2, 3} or not set(draft.extra_tiers) <= set(RiskTier):
        raise Refusal(_("请从列表里选一项。"), field="postpone_from")
    if draft.as_rule().effect.is_nothing and not draft.extra_tiers:
        raise Refusal(_("这条规则什么也没有改。请在下面至少填一样。"), field="closed_from")


def _add(act: str, draft: Draft, by: Actor, now: datetime) -> CalendarRule:
    rule = draft.as_rule()
    rule.name, rule.note, rule.set_by_id = draft.name.strip(), draft.note.strip(), by.user_id
    db.session.add(rule)
    db.session.flush()
    terms = {name: [None, value] for name, value in _terms(rule).items() if value not in (None, "", [], False)}
    audit.record(act, "calendar_rule", rule.id, by=by, now=now, division_code=rule.division_code, changes=terms)
    return rule


def _terms(rule: CalendarRule) -> dict[str, Any]:
    """What a rule says, as the audit trail keeps it."""
    return {
        "name": rule.name, "kind": str(rule.kind), "repeats": str(rule.repeats), "from_on": rule.from_on.isoformat(),
        "to_on": rule.to_on and rule.to_on.isoformat(), "numbers": list(rule.numbers),
        "closed": rule.effect.closed and list(rule.effect.closed),
        "instead": rule.effect.instead and list(rule.effect.instead), "travel_percent": rule.travel_percent,
        "duration_percent": rule.duration_percent, "is_foot_out": rule.is_foot_out,
        "postpone_from": rule.postpone_from, "extra_tiers": list(rule.extra_tiers),
    }  # fmt: skip


def _load(rule_id: uuid.UUID, by: Actor) -> CalendarRule:
    rule = db.session.get(CalendarRule, rule_id, with_for_update=True)
    if rule is None or not by.scope(Permission.CALENDAR_EDIT).holds_division(rule.division_code):
        raise NotFound("")
    return rule


def recurrence_of(draft: Draft) -> Recurrence:
    """When the draft would hold."""
    return draft.as_rule().recurrence
