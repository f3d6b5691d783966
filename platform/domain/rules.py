"""The rules a policy may set, with the value that holds where nobody has set one.

A rule's value is a small dictionary of whole numbers. The defaults below are the platform's own suggestions, drawn
from national guidance and from what other cities do; the city's figures are dated rows that an officer enters.
"""

from dataclasses import dataclass
from enum import StrEnum


class RuleKey(StrEnum):
    VISIT_EVERY_DAYS = "visit.every_days"
    VISIT_REMINDERS = "visit.reminders"
    VISIT_REPORTING = "visit.reporting"
    WELL_PATIENCE = "well.patience"
    MEAL_CUT_OFF = "meal.cut_off"
    MEAL_SUBSIDY = "meal.subsidy"
    QUIET_HOURS = "message.quiet_hours"
    ALERT_DEADLINES = "alert.deadlines"
    ROSTER_ABSENCE = "roster.absence"
    PAIRED_POST = "helper.paired_post"
    ROUND_WEIGHTS = "round.weights"
    ROUND_DAYLIGHT = "round.daylight"
    MEAL_RUNS = "meal.runs"


class Unit(StrEnum):
    """How a number of a rule is written and typed."""

    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    CLOCK = "clock"  # minutes after local midnight
    FEN = "fen"
    SWITCH = "switch"  # 1 yes, 0 no


@dataclass(frozen=True, slots=True)
class Term:
    """One number of a rule: its name in the value, its unit, its default, and the range that makes sense."""

    name: str
    unit: Unit
    default: int
    least: int = 0
    most: int = 100_000


def _clock(name: str, default: int) -> Term:
    return Term(name, Unit.CLOCK, default, 0, 1439)


def _days(name: str, default: int, least: int = 1, most: int = 366) -> Term:
    return Term(name, Unit.DAYS, default, least, most)


def _minutes(name: str, default: int) -> Term:
    return Term(name, Unit.MINUTES, default, 1, 30 * 1440)


def _weight(name: str, default: int) -> Term:
    return Term(name, Unit.MINUTES, default, 0, 240)


def _fen(name: str, default: int) -> Term:
    return Term(name, Unit.FEN, default, 0, 100_00)


WEIGHED_MINUTES = 10
"""Weights of things that last are typed for so many minutes of them: whole numbers that a person can picture."""


TERMS: dict[RuleKey, tuple[Term, ...]] = {
    # At least one visit in so many days, by risk tier: A red weekly … D green quarterly.
    RuleKey.VISIT_EVERY_DAYS: (_days("A", 7), _days("B", 14), _days("C", 30), _days("D", 90)),
    # When the senior is told of a visit: the evening before, and again that morning.
    RuleKey.VISIT_REMINDERS: (_clock("evening", 18 * 60), _clock("morning", 7 * 60 + 30)),
    # A planned visit of which nothing was heard so long after its window is 未回报; later entry needs a reason.
    RuleKey.VISIT_REPORTING: (_minutes("unreported_after", 120), Term("backdate", Unit.HOURS, 48, 1, 720)),
    # 平安钟: with no sign of life for so many days, somebody looks into it.
    RuleKey.WELL_PATIENCE: (_days("A", 8), _days("B", 16), _days("C", 35), _days("D", 100)),
    # The last moment to book or cancel: so many days before the meal, at this time.
    RuleKey.MEAL_CUT_OFF: (
        _days("breakfast_days_before", 1, 0, 14), _clock("breakfast_at", 16 * 60),
        _days("lunch_days_before", 1, 0, 14), _clock("lunch_at", 16 * 60),
        _days("supper_days_before", 1, 0, 14), _clock("supper_at", 16 * 60),
    ),
    # The public part of a portion's price: the best single line counts, never more than leaves `self_at_least`.
    RuleKey.MEAL_SUBSIDY: (
        _fen("age_60", 1_00), _fen("age_75", 3_00), _fen("age_85", 5_00), _fen("age_95", 8_00),
        _fen("destitute", 8_00), _fen("minimum_living", 6_00), _fen("disabled", 6_00),
        _fen("family_planning_special", 6_00), _fen("veteran", 6_00), _fen("self_at_least", 1_00),
    ),
    # No texts in these hours, but for emergencies.
    RuleKey.QUIET_HOURS: (_clock("from", 21 * 60), _clock("to", 8 * 60)),
    # An alert is taken, and then closed, within so many minutes of being raised.
    RuleKey.ALERT_DEADLINES: (
        _minutes("red_take", 15), _minutes("red_close", 60),
        _minutes("orange_take", 120), _minutes("orange_close", 1440),
        _minutes("yellow_take", 1440), _minutes("yellow_close", 3 * 1440),
    ),
    # Somebody expected at a centre who has not come, and of whom nothing is known, so long after it opened.
    RuleKey.ROSTER_ABSENCE: (_minutes("alert_after", 90),),
    # What a round is weighed by, in minutes of travel: a visit left out by priority, another than the regular helper,
    # a wish not met, a stop that people know given to somebody else or moved; and, for each `WEIGHED_MINUTES` minutes,
    # being late, overtime, a full day beside an empty one, and waiting for the other of two helpers.
    RuleKey.ROUND_WEIGHTS: (
        _minutes("urgent", 660), _minutes("normal", 420), _minutes("can_wait", 250),
        _weight("change", 10), _weight("language", 10), _weight("sex", 10),
        _weight("late", 20), _weight("overtime", 10), _weight("fairness", 0), _weight("pair_wait", 5),
        _weight("handover", 15), _weight("retime", 5),
    ),
    # Rounds by daylight: set out so long before sunrise at the earliest, be back so long after sunset at the latest.
    # Half an hour is about civil twilight here, in which people still see their way.
    RuleKey.ROUND_DAYLIGHT: (
        Term("applies", Unit.SWITCH, 1, 0, 1),
        Term("before_sunrise", Unit.MINUTES, 30, 0, 240), Term("after_sunset", Unit.MINUTES, 30, 0, 240),
    ),
    # Meals brought to the door: handed out at the counter from, at the door by; hot for so long after the counter.
    RuleKey.MEAL_RUNS: (
        _clock("breakfast_ready", 7 * 60), _clock("breakfast_deadline", 8 * 60 + 30),
        _clock("lunch_ready", 11 * 60), _clock("lunch_deadline", 12 * 60 + 30),
        _clock("supper_ready", 17 * 60), _clock("supper_deadline", 18 * 60),
        Term("hot", Unit.MINUTES, 60, 5, 240), Term("counter", Unit.MINUTES, 5, 0, 60),
        Term("door", Unit.MINUTES, 3, 1, 60),
    ),
    # A paired post: hours owed a month, and how long the proof of hardship may be old.
    RuleKey.PAIRED_POST: (Term("monthly_hours", Unit.HOURS, 60, 1, 300), _days("proof_days", 366, 1, 1100)),
}  # fmt: skip


def default_of(key: RuleKey) -> dict[str, int]:
    """The value of `key` where nobody has set one."""
    return {term.name: term.default for term in TERMS[key]}
