"""What has happened of a published round by a minute of its day, as far as anybody knows.

What was reported is taken as it was reported. A stop whose time has come and of which nothing was heard is taken to
go as planned, since phones are silent in valleys: it stays with its helper, and nobody else is sent. Whoever has to be
on the way to a door by now is on it, and goes there. A helper who is known to be elsewhere, or who fell ill, is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dispatch import Done
from domain.times import local, local_day
from queries.standing import StandingRound, StandingStop

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Moment:
    """When one looks: the day, its minute, the visits that are known to end at another minute, and who is ill."""

    on: date
    minute: int
    ends: dict[str, int]
    ill: str = ""


@dataclass(frozen=True, slots=True)
class SoFar:
    """One helper's stops that nothing changes any more, in order. `silent`: how many are past and not reported."""

    done: tuple[Done, ...] = ()
    silent: int = 0


def so_far(its: StandingRound, moment: Moment) -> SoFar:
    """What the helper has done or is doing, one stop after the other, however phones' clocks went."""
    found, silent = [], 0
    last = _last_known(its.stops, moment)
    is_busy = last is not None and (last.is_under_way or last.key[0] in moment.ends)
    for stop in its.stops:
        if stop.is_begun or stop.key[0] in moment.ends:
            found.append(_reported(its.helper_id, stop, moment))
        elif _is_silent(stop, last, moment, is_busy=is_busy) and its.helper_id != moment.ill:
            found.append(_as_planned(its.helper_id, stop))
            silent += 1
    done = _in_order(found)
    if not is_busy and its.helper_id != moment.ill:
        done += _on_the_way(its, done, moment)
    return SoFar(done, silent)


def _on_the_way(its: StandingRound, done: tuple[Done, ...], moment: Moment) -> tuple[Done, ...]:
    """The next door, if the helper had to leave for it by now."""
    over = {(one.visit_id, one.is_second) for one in done}
    following = next((stop for stop in its.stops if stop.is_open and stop.key not in over), None)
    if following is None or following.row["arrive_minute"] - following.row["travel_minutes"] > moment.minute:
        return ()
    free = done[-1].leave // MINUTE if done else following.row["arrive_minute"] - following.row["travel_minutes"]
    if free > moment.minute:
        return ()
    start = max(following.row["start_minute"], free + following.row["travel_minutes"], moment.minute)
    return (_done(its.helper_id, following, start, start + following.duration_minutes),)


def _last_known(stops: Sequence[StandingStop], moment: Moment) -> StandingStop | None:
    """The furthest stop on the round that somebody reported or told the dispatcher of."""
    known = [stop for stop in stops if stop.is_begun or stop.key[0] in moment.ends]
    return known[-1] if known else None


def _is_silent(stop: StandingStop, last: StandingStop | None, moment: Moment, *, is_busy: bool) -> bool:
    if not stop.is_open or stop.row["start_minute"] > moment.minute:
        return False
    if last is None:
        return True
    is_after = bool(stop.row["position"] > last.row["position"])
    return is_after and not is_busy if not last.is_open else not is_after


def _reported(helper_id: str, stop: StandingStop, moment: Moment) -> Done:
    arrive = _minute_on(stop.arrived_at, moment.on)
    if arrive is None:
        arrive = stop.row["start_minute"] if stop.is_begun else max(stop.row["arrive_minute"], moment.minute)
    leave = moment.ends.get(stop.key[0])
    if leave is None:
        leave = _minute_on(stop.left_at, moment.on)
    if leave is None:
        leave = arrive + stop.duration_minutes
        leave = max(leave, moment.minute) if stop.is_under_way else leave
    return _done(helper_id, stop, arrive, leave)


def _as_planned(helper_id: str, stop: StandingStop) -> Done:
    return _done(helper_id, stop, stop.row["start_minute"], stop.row["leave_minute"])


def _done(helper_id: str, stop: StandingStop, start: int, leave: int) -> Done:
    visit_id, is_second = stop.key
    return Done(visit_id, helper_id, start * MINUTE, start * MINUTE, leave * MINUTE, is_second)


def _in_order(found: list[Done]) -> tuple[Done, ...]:
    free, straight = 0, []
    for one in sorted(found, key=lambda done: (done.start, done.leave)):
        start = max(one.start, free)
        free = max(one.leave, start)
        straight.append(replace(one, arrive=start, start=start, leave=free))
    return tuple(straight)


def minute_of(at: datetime) -> int:
    """Minutes after the city's midnight."""
    wall = local(at)
    return wall.hour * 60 + wall.minute


def _minute_on(at: datetime | None, on: date) -> int | None:
    return minute_of(at) if at is not None and local_day(at) == on else None
