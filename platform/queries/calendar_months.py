"""A month of a place: every day with its lunar date, its holiday, its festivals and the rules that hold."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from domain.festivals import Festival, festivals_of
from domain.workdays import SetApart

from .calendar_rules import HeldRule, between
from .workdays import days_apart


@dataclass(frozen=True, slots=True)
class CalendarCell:
    """A day in the month's grid; `is_outside`: of the month before or after."""

    on: date
    is_outside: bool
    apart: SetApart | None
    festivals: tuple[Festival, ...]
    rules: tuple[HeldRule, ...]

    @property
    def is_plain(self) -> bool:
        return not (self.rules or self.apart or self.festivals)


def month(code: str, first: date) -> list[list[CalendarCell]]:
    """The weeks of a month, Mondays first: two statements whatever there is."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    start = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    apart, holding = days_apart(start, end), _by_day(between(code, start, end), start, end)
    cells = [
        CalendarCell(on, on.month != first.month, apart.get(on), festivals_of(on), tuple(holding.get(on, ())))
        for on in (start + timedelta(days=n) for n in range((end - start).days + 1))
    ]
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]


def _by_day(rules: list[HeldRule], start: date, end: date) -> dict[date, list[HeldRule]]:
    found: dict[date, list[HeldRule]] = {}
    for rule in rules:
        for day in rule.recurrence.days(start, end):
            found.setdefault(day, []).append(rule)
    return found
