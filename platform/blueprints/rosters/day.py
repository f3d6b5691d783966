"""A roster put in order for a page or a sheet of paper."""

from dataclasses import dataclass
from datetime import date

from models import Centre
from queries import rosters as queries
from queries.rosters import OnDuty, RosterLine


@dataclass(frozen=True, slots=True)
class RosterDay:
    """A centre's day: whoever is missing first, for that is what somebody must act on."""

    centre: Centre
    on: date
    lines: list[RosterLine]
    duty: list[OnDuty]

    @property
    def is_open(self) -> bool:
        return self.on.isoweekday() in self.centre.weekdays

    @property
    def present(self) -> list[RosterLine]:
        return [one for one in self.lines if one.arrived_at]

    @property
    def absent(self) -> list[RosterLine]:
        return [one for one in self.lines if one.absence_reason and not one.arrived_at]

    @property
    def missing(self) -> list[RosterLine]:
        return [one for one in self.lines if not one.arrived_at and not one.absence_reason and one.is_expected(self.on)]

    @property
    def others(self) -> list[RosterLine]:
        """Enrolled, but not expected that day."""
        return [
            one for one in self.lines if not one.arrived_at and not one.absence_reason and not one.is_expected(self.on)
        ]

    @property
    def expected(self) -> int:
        return sum(one.is_expected(self.on) for one in self.lines)


def roster_day(centre: Centre, on: date) -> RosterDay:
    """Read a centre's day."""
    return RosterDay(centre, on, queries.roster(centre.id, on), queries.on_duty(centre.id, on))
