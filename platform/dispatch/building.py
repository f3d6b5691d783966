"""From sequences of options to a Plan: times, distances, figures."""

from collections.abc import Callable, Sequence

from .compiled import Model, Sequences, Slot
from .plan import Figures, LeftOut, Method, Plan, Reason, Round, SetAside, Stop, Tour
from .timing import Times, timed

Explainer = Callable[[Model, Sequences, list[int]], dict[int, tuple[Reason, ...]]]


def build(model: Model, sequences: Sequences, method: Method, explain: Explainer, iterations: int = 0) -> Plan:
    """The plan of these sequences, which must be feasible."""
    problem = model.problem
    rounds = _rounds(model, sequences)
    served = {model.options[option].visit for sequence in sequences for option in sequence}
    missing = [index for index in range(len(problem.visits)) if index not in served]
    reasons = explain(model, sequences, missing)
    return Plan(
        rounds=rounds,
        left_out=tuple(LeftOut(problem.visits[index].id, reasons[index]) for index in missing),
        set_aside=tuple(
            SetAside(problem.helpers[index].id, found) for index, found in sorted(model.findings.helpers.items())
        ),
        figures=figures_of(model, sequences, rounds, missing),
        method=method,
        iterations=iterations,
    )


def _rounds(model: Model, sequences: Sequences) -> tuple[Round, ...]:
    tours: dict[int, list[Tour]] = {}
    for slot, sequence in zip(model.slots, sequences, strict=True):
        if sequence:
            times = timed(model, slot, sequence)
            if times is None or times.over:
                raise ValueError("these sequences are not feasible")
            tours.setdefault(slot.helper, []).append(_tour(model, slot, sequence, times))
    return tuple(
        Round(model.problem.helpers[helper].id, tuple(sorted(found, key=lambda tour: tour.leave)))
        for helper, found in sorted(tours.items())
    )


def _tour(model: Model, slot: Slot, sequence: Sequence[int], times: Times) -> Tour:
    seconds, metres = model.seconds(slot), model.problem.travel[slot.means].metres
    stops = []
    here = slot.start_place
    for option, arrive, start in zip(sequence, times.arrive, times.start, strict=True):
        one = model.options[option]
        visit_id = model.problem.visits[one.visit].id
        leg = (int(seconds[here, one.place]), int(metres[here, one.place]))
        stops.append(Stop(visit_id, arrive, start, start + one.duration, *leg))
        here = one.place
    return Tour(
        shift=slot.shift,
        leave=times.leave,
        back=times.back,
        stops=tuple(stops),
        travel_back=int(seconds[here, slot.end_place]),
        metres_back=int(metres[here, slot.end_place]),
    )


def cost_of(model: Model, sequences: Sequences) -> int:
    """The objective: travel, soft costs and the weight of what is left out, in seconds of travel."""
    problem = model.problem
    cost = sum(problem.weights.of(visit.priority) for visit in problem.visits)
    for slot, sequence in zip(model.slots, sequences, strict=True):
        if sequence:
            times = timed(model, slot, sequence)
            cost += times.travel if times else 0
        for option in sequence:
            cost += int(model.soft[slot.helper, model.options[option].visit]) - model.weight(option)
    return cost


def figures_of(model: Model, sequences: Sequences, rounds: tuple[Round, ...], missing: list[int]) -> Figures:
    """Count."""
    problem = model.problem
    unserved = [0, 0, 0]
    for index in missing:
        unserved[min(max(problem.visits[index].priority, 1), 3) - 1] += 1
    on_shift = {problem.helpers[slot.helper].id for slot in model.slots}
    by_id = {visit.id: visit for visit in problem.visits}
    faces = [
        (one.helper_id, by_id[stop.visit_id].regular_helper)
        for one in rounds
        for stop in one.stops
        if by_id[stop.visit_id].regular_helper in on_shift
    ]
    return Figures(
        visits=len(problem.visits),
        served=len(problem.visits) - len(missing),
        unserved=(unserved[0], unserved[1], unserved[2]),
        rounds=len(rounds),
        travel=sum(one.travel for one in rounds),
        metres=sum(one.metres for one in rounds),
        work=sum(one.work for one in rounds),
        wait=sum(stop.wait for one in rounds for stop in one.stops),
        kept_regular=sum(goes == regular for goes, regular in faces),
        had_regular=len(faces),
        cost=cost_of(model, sequences),
    )
