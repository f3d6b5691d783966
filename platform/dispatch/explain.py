"""Why a visit is left out, as something a person can act on: the first thing in the way, then what would help."""

from collections.abc import Iterable

from .compiled import Model, Sequences, Slot
from .plan import Reason, ReasonCode
from .problem import UNREACHABLE, Helper, Visit
from .timing import timed

CLOSEST = 8
"""So many of the closest tours are searched for an exchange."""
EXCHANGES_FOR = 200
"""With more visits left out than this, nobody reads exchanges: too few helpers are on shift."""


def explain(model: Model, sequences: Sequences, missing: list[int]) -> dict[int, tuple[Reason, ...]]:
    """At least one reason for each of the visits `missing` (indices)."""
    with_exchanges = len(missing) <= EXCHANGES_FOR
    return {
        index: model.findings.visits.get(index) or _reasons(model, sequences, index, with_exchanges)
        for index in missing
    }


def _reasons(model: Model, sequences: Sequences, index: int, with_exchanges: bool) -> tuple[Reason, ...]:
    visit = model.problem.visits[index]
    on_shift = [model.problem.helpers[row] for row in sorted({slot.helper for slot in model.slots})]
    who = _nobody_suits(visit, on_shift)
    if who:
        return who
    rows = [row for row, slot in enumerate(model.slots) if model.suits[slot.helper, index]]
    options = [number for number, option in enumerate(model.options) if option.visit == index]
    return _nobody_can_then(model, sequences, visit, rows, options) or _nobody_has_room(
        model, sequences, rows, options, with_exchanges
    )


def _nobody_suits(visit: Visit, helpers: list[Helper]) -> tuple[Reason, ...]:
    """Skills, sex, language: what nobody on shift that day has."""
    if not helpers:
        return (Reason(ReasonCode.NOBODY_ON_SHIFT, {}),)
    nowhere = sorted(skill for skill in visit.skills if not any(skill in helper.skills for helper in helpers))
    if nowhere:
        return tuple(Reason(ReasonCode.NO_SKILL, {"skill": skill}) for skill in nowhere)
    skilled = [helper for helper in helpers if visit.skills <= helper.skills]
    skills = sorted(visit.skills)
    if not skilled:
        return (Reason(ReasonCode.NO_SKILLS_TOGETHER, {"skills": skills}),)
    of_sex = [helper for helper in skilled if visit.wants_sex in {None, helper.sex}]
    if not of_sex:
        return (Reason(ReasonCode.NO_SEX, {"sex": visit.wants_sex, "skills": skills, "helpers": len(skilled)}),)
    if visit.needs_language and visit.language and not any(visit.language in helper.languages for helper in of_sex):
        return (Reason(ReasonCode.NO_LANGUAGE, {"language": visit.language, "skills": skills}),)
    return ()


def _nobody_can_then(
    model: Model, sequences: Sequences, visit: Visit, rows: list[int], options: list[int]
) -> tuple[Reason, ...]:
    """Not on shift in the window, no way there, or too far even for a day with nothing else in it."""
    meets = [
        (row, option)
        for row in rows
        for option in options
        if max(model.slots[row].start, model.options[option].earliest) + visit.duration
        <= min(model.slots[row].end, model.options[option].latest + visit.duration)
    ]
    if not meets:
        window = visit.windows[0]
        when = {"from_minute": window.start // 60, "to_minute": window.end // 60}
        who = {"skills": sorted(visit.skills), "helpers": _people(model, rows)}
        return (Reason(ReasonCode.NOT_ON_SHIFT_THEN, {**when, **who}),)
    if _reaching(model, rows, options):
        return ()
    ways = [(_way(model, model.slots[row], option), model.slots[row].helper) for row, option in meets]
    seconds, helper = min(ways)
    if seconds >= UNREACHABLE:
        return (Reason(ReasonCode.NO_WAY, {"helpers": _people(model, rows)}),)
    far = Reason(ReasonCode.TOO_FAR, {"helper": model.problem.helpers[helper].id, "minutes": _minutes(seconds)})
    ways_in = sorted(_insertions(model, sequences, dict.fromkeys(row for row, _option in meets), options))
    return (far, _longer(model, ways_in[0])) if ways_in else (far,)


def _nobody_has_room(
    model: Model, sequences: Sequences, rows: list[int], options: list[int], with_exchanges: bool
) -> tuple[Reason, ...]:
    """Everybody suitable is full, or the way is longer than the visit's weight; and what would make room."""
    able = _reaching(model, rows, options)
    ways = sorted(_insertions(model, sequences, rows, options))
    fitting = [(extra, row) for over, extra, row, _option in ways if over == 0]
    if fitting:
        extra, row = min(fitting)
        return (Reason(ReasonCode.COSTS_MORE, {"minutes": _minutes(extra), "helper": _name(model, row)}),)
    found = [Reason(ReasonCode.ALL_FULL, {"helpers": _people(model, able)})]
    if ways:
        found.append(_longer(model, ways[0]))
    if with_exchanges:
        near = sorted(able, key=lambda row: _closeness(model, sequences, row, options[0]))
        exchange = _exchange(model, sequences, near[:CLOSEST], options)
        found += [exchange] if exchange else []
    return tuple(found)


def _longer(model: Model, way: tuple[int, int, int, int]) -> Reason:
    """Whose day would have to be how much longer."""
    over, extra, row, _option = way
    parameters = {"helper": _name(model, row), "minutes": _minutes(over), "travel_minutes": _minutes(extra)}
    return Reason(ReasonCode.LONGER_DAY_FITS, parameters)


def _insertions(
    model: Model, sequences: Sequences, rows: Iterable[int], options: list[int]
) -> Iterable[tuple[int, int, int, int]]:
    """(seconds the day would be too long, extra travel, row, option) of every insertion that keeps the windows."""
    for row in rows:
        slot, sequence = model.slots[row], sequences[row]
        before = timed(model, slot, sequence) if sequence else None
        travel = before.travel if before else 0
        for option in options:
            for at in range(len(sequence) + 1):
                times = timed(model, slot, [*sequence[:at], option, *sequence[at:]])
                if times is not None:
                    yield times.over, times.travel - travel, row, option


def _exchange(model: Model, sequences: Sequences, rows: Iterable[int], options: list[int]) -> Reason | None:
    """The least important stop whose absence would let the visit in, if it is not more important itself."""
    mine = model.problem.visits[model.options[options[0]].visit].priority
    best: tuple[int, int, Reason] | None = None
    for row in rows:
        sequence = sequences[row]
        for at, stop in enumerate(sequence):
            visit = model.problem.visits[model.options[stop].visit]
            if visit.priority < mine:
                continue
            rest = (*sequence[:at], *sequence[at + 1 :])
            extra = _cheapest_fit(model, row, rest, options)
            if extra is None or (best and (-visit.priority, extra) >= best[:2]):
                continue
            times = timed(model, model.slots[row], sequence)
            parameters = {
                "helper": _name(model, row),
                "visit": visit.id,
                "at_minute": (times.start[at] if times else 0) // 60,
            }
            best = (-visit.priority, extra, Reason(ReasonCode.SWAP_FITS, parameters))
    return best[2] if best else None


def _cheapest_fit(model: Model, row: int, sequence: tuple[int, ...], options: list[int]) -> int | None:
    fits = [
        times.travel
        for option in options
        for at in range(len(sequence) + 1)
        if (times := timed(model, model.slots[row], [*sequence[:at], option, *sequence[at:]])) and not times.over
    ]
    return min(fits, default=None)


def _reaching(model: Model, rows: Iterable[int], options: list[int]) -> list[int]:
    """Who could make the visit if they had nothing else to do."""
    return [
        row
        for row in rows
        if any((times := timed(model, model.slots[row], [option])) and not times.over for option in options)
    ]


def _closeness(model: Model, sequences: Sequences, row: int, option: int) -> int:
    """Travel seconds to the door from the nearest place of a tour."""
    slot = model.slots[row]
    places = [slot.start_place, *(model.options[stop].place for stop in sequences[row])]
    return int(model.seconds(slot)[places, model.options[option].place].min())


def _way(model: Model, slot: Slot, option: int) -> int:
    return int(model.seconds(slot)[slot.start_place, model.options[option].place])


def _name(model: Model, row: int) -> str:
    return model.problem.helpers[model.slots[row].helper].id


def _people(model: Model, rows: Iterable[int]) -> int:
    return len({model.slots[row].helper for row in rows})


def _minutes(seconds: int) -> int:
    return -(-seconds // 60)
