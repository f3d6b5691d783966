"""An account of what is carried, kept from a plan alone: it shares nothing with the optimiser and its checker."""

from collections import defaultdict, deque
from dataclasses import dataclass, field

from dispatch import Helper, Plan, Problem, Tour, Visit


@dataclass(slots=True)
class Account:
    """Portions handed over, how many seconds each was on the way, and what is wrong."""

    delivered: int = 0
    heats: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def account_of(problem: Problem, plan: Plan) -> Account:
    """Walk every tour: what is taken on at counters, what is handed over, and what is in the box in between."""
    account = Account()
    visits = {visit.id: visit for visit in problem.visits}
    helpers = {helper.id: helper for helper in problem.helpers}
    for one in plan.rounds:
        for tour in one.tours:
            _walk(tour, helpers[one.helper_id], visits, account)
    return account


def _walk(tour: Tour, carrier: Helper, visits: dict[str, Visit], account: Account) -> None:
    """The box holds, for each counter, when each portion left it: the oldest is handed over first."""
    box: dict[int, deque[int]] = defaultdict(deque)
    clock = tour.leave
    for stop in tour.stops:
        if stop.fetched is not None:
            call = stop.fetched
            if not clock <= call.arrive <= call.start <= call.leave <= stop.arrive:
                account.wrong.append(f"{carrier.id} is at the counter out of turn")
            box[call.place] += [call.leave] * call.portions
            carried = sum(len(some) for some in box.values())
            if carried > carrier.capacity:
                account.wrong.append(f"{carrier.id} carries {carried}")
        _hand_over(visits[stop.visit_id], stop.start, box, account)
        clock = stop.leave
    if any(box.values()):
        account.wrong.append(f"{carrier.id} brings some back")


def _hand_over(visit: Visit, start: int, box: dict[int, deque[int]], account: Account) -> None:
    fetch = visit.fetch
    if fetch is None:
        return
    taken_on = box[fetch.place]
    if len(taken_on) < fetch.size:
        account.wrong.append(f"{visit.id} was not fetched")
        return
    for left_at in [taken_on.popleft() for _portion in range(fetch.size)]:
        heat = start - left_at
        if left_at < fetch.ready or (fetch.fresh is not None and heat > fetch.fresh):
            account.wrong.append(f"{visit.id} is cold, or was taken before it was ready")
        account.heats.append(heat)
        account.delivered += 1
