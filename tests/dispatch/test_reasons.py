"""Each reason, case by case: true, and something a person can act on."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch import UNREACHABLE, Limit, Problem, Reason, ReasonCode, Window, solve

from .problems import HOUR, helper, line, problem, visit

NURSING = frozenset({"nursing"})
BOTH = frozenset({"nursing", "bathing"})
ROWS = st.tuples(st.integers(1, 3), st.sampled_from([1800, 2700, 3600]), st.sampled_from([8, 9]))


def reasons(day: Problem, visit_id: str = "a") -> tuple[Reason, ...]:
    plan = solve(day, Limit(iterations=30))
    return next(one.reasons for one in plan.left_out if one.visit_id == visit_id)


def only(day: Problem) -> Reason:
    found = reasons(day)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"place": None}, Reason(ReasonCode.NO_PLACE, {})),
        ({"place": 99}, Reason(ReasonCode.NO_PLACE, {})),
        ({"duration": 0}, Reason(ReasonCode.BAD_DURATION, {"minutes": 0})),
        ({"windows": ()}, Reason(ReasonCode.BAD_WINDOW, {})),
        (
            {"windows": (Window(10 * HOUR, 9 * HOUR),)},
            Reason(ReasonCode.BAD_WINDOW, {"from_minute": 600, "to_minute": 540}),
        ),
        (
            {"windows": (Window(9 * HOUR, 9 * HOUR + 1200),)},
            Reason(ReasonCode.WINDOW_TOO_SHORT, {"minutes": 30, "window": 20}),
        ),
    ],
)
def test_bad_input_is_named(change, reason):
    assert only(problem([helper()], [visit(**change)])) == reason


def test_an_id_given_twice_is_named():
    plan = solve(problem([helper()], [visit(), visit()]), Limit(iterations=30))
    assert [one.reasons[0].code for one in plan.left_out] == [ReasonCode.DUPLICATE]


def test_nobody_is_on_shift():
    assert only(problem([], [visit()])).code is ReasonCode.NOBODY_ON_SHIFT


def test_nobody_on_shift_has_the_skill():
    assert only(problem([helper()], [visit(skills=NURSING)])) == Reason(ReasonCode.NO_SKILL, {"skill": "nursing"})


def test_nobody_has_both_skills():
    day = problem([helper("li", skills=NURSING), helper("wang", skills=frozenset({"bathing"}))], [visit(skills=BOTH)])
    assert only(day) == Reason(ReasonCode.NO_SKILLS_TOGETHER, {"skills": ["bathing", "nursing"]})


def test_nobody_with_the_skill_is_of_the_sex_asked_for():
    day = problem([helper("li", skills=NURSING, sex="male"), helper("wang", sex="female")],
                  [visit(skills=NURSING, wants_sex="female")])  # fmt: skip
    assert only(day) == Reason(ReasonCode.NO_SEX, {"sex": "female", "skills": ["nursing"], "helpers": 1})


def test_nobody_speaks_the_language_that_is_needed():
    day = problem([helper(languages=frozenset({"zh"}))], [visit(language="shaanbei", needs_language=True)])
    assert only(day) == Reason(ReasonCode.NO_LANGUAGE, {"language": "shaanbei", "skills": []})


def test_nobody_suitable_is_on_shift_at_that_time():
    day = problem([helper(skills=NURSING), helper("wang", shifts=(Window(13 * HOUR, 18 * HOUR),))],
                  [visit(skills=NURSING, windows=(Window(14 * HOUR, 15 * HOUR),))])  # fmt: skip
    expected = {"from_minute": 840, "to_minute": 900, "skills": ["nursing"], "helpers": 1}
    assert only(day) == Reason(ReasonCode.NOT_ON_SHIFT_THEN, expected)


def test_it_is_too_far_for_a_whole_shift():
    far, longer = reasons(problem([helper()], [visit()], line(0, 120)))
    assert far == Reason(ReasonCode.TOO_FAR, {"helper": "li", "minutes": 120})
    assert longer == Reason(ReasonCode.LONGER_DAY_FITS, {"helper": "li", "minutes": 30, "travel_minutes": 240})


def test_there_is_no_way():
    ways = line(0, 10)
    ways.seconds[0, 1] = UNREACHABLE
    assert only(problem([helper()], [visit()], ways)) == Reason(ReasonCode.NO_WAY, {"helpers": 1})


def test_the_way_costs_more_than_the_visit_weighs():
    ways = line(0, 100)
    day = replace(problem([helper()], [visit(priority=3)], ways))
    cheap = replace(day, weights=replace(day.weights, unserved=(40_000, 25_000, 600)))
    assert only(cheap) == Reason(ReasonCode.COSTS_MORE, {"minutes": 200, "helper": "li"})


def test_everybody_is_full_and_how_much_longer_a_day_would_fit_it():
    short = helper(shifts=(Window(8 * HOUR, 9 * HOUR + 1200),))
    day = problem([short], [visit("b", priority=1, duration=HOUR), visit("a", priority=1, duration=900)])
    found = {reason.code: reason.parameters for reason in reasons(day)}
    assert found[ReasonCode.ALL_FULL] == {"helpers": 1}
    assert found[ReasonCode.LONGER_DAY_FITS] == {"helper": "li", "minutes": 15, "travel_minutes": 0}


def test_a_less_important_stop_is_offered_in_exchange():
    weights = {"unserved": (40_000, 25_000, 24_000)}
    visits = [
        visit("a", priority=2, duration=HOUR),
        visit("b", priority=3, duration=1800),
        visit("c", priority=3, duration=1800),
    ]
    day = problem([helper(shifts=(Window(8 * HOUR, 9 * HOUR + 1200),))], visits)
    day = replace(day, weights=replace(day.weights, **weights))
    found = {reason.code: reason.parameters for reason in reasons(day)}
    assert ReasonCode.ALL_FULL in found
    assert ReasonCode.SWAP_FITS not in found  # one exchange alone does not make an hour's room
    roomy = problem([helper(shifts=(Window(8 * HOUR, 9 * HOUR + 1200),))],
                    [visit("b", priority=2, duration=3600), visit("a", priority=2, duration=3600)])  # fmt: skip
    left = solve(roomy, Limit(iterations=30)).left_out[0]
    exchange = next(reason for reason in left.reasons if reason.code is ReasonCode.SWAP_FITS)
    assert exchange.parameters["helper"] == "li"
    assert {exchange.parameters["visit"], left.visit_id} == {"a", "b"}
    assert exchange.parameters["at_minute"] == 490


def test_a_more_important_stop_is_never_offered_in_exchange():
    short = helper(shifts=(Window(8 * HOUR, 9 * HOUR + 1200),))
    day = problem([short], [visit("b", priority=1, duration=3600), visit("a", priority=3, duration=3600)])
    assert ReasonCode.SWAP_FITS not in {reason.code for reason in reasons(day)}


def test_helpers_who_could_never_be_there_in_time_are_not_called_full():
    on_foot = helper("walks", means="foot", start_place=3, end_place=3)
    near = helper("near", shifts=(Window(8 * HOUR, 9 * HOUR),))
    visits = [visit("b", priority=1), visit("a", windows=(Window(8 * HOUR, 9 * HOUR),))]
    found = reasons(problem([on_foot, near], visits))
    assert found[0] == Reason(ReasonCode.ALL_FULL, {"helpers": 1})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"shifts": ()}, ReasonCode.BAD_SHIFT),
        ({"shifts": (Window(12 * HOUR, 8 * HOUR),)}, ReasonCode.BAD_SHIFT),
        ({"max_seconds": 0}, ReasonCode.BAD_SHIFT),
        ({"start_place": 77}, ReasonCode.NO_PLACE),
        ({"means": "boat"}, ReasonCode.NO_MEANS),
    ],
)
def test_a_helper_who_cannot_be_planned_is_set_aside_with_the_reason(change, code):
    plan = solve(problem([helper(**change)], [visit()]), Limit(iterations=5))
    assert [(one.helper_id, one.reasons[0].code) for one in plan.set_aside] == [("li", code)]
    assert plan.left_out[0].reasons[0].code is ReasonCode.NOBODY_ON_SHIFT


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from([1800, 2700, 3600]), st.sampled_from([8, 9])),
        min_size=4,
        max_size=9,
    )
)
def test_a_longer_day_lets_in_the_visit_that_asks_for_it(rows):
    """The reason is true: give the helper those minutes, keep the rest, and one more visit can be served."""
    visits = [
        visit(str(number), place=place, duration=duration, windows=(Window(opens * HOUR, 18 * HOUR),))
        for number, (place, duration, opens) in enumerate(rows)
    ]
    day = problem([helper(shifts=(Window(8 * HOUR, 10 * HOUR),))], visits)
    plan = solve(day, Limit(iterations=30))
    for one in plan.left_out:
        minutes = next(r.parameters["minutes"] for r in one.reasons if r.code is ReasonCode.LONGER_DAY_FITS)
        served = {stop.visit_id for each in plan.rounds for stop in each.stops} | {one.visit_id}
        longer = helper(shifts=(Window(8 * HOUR, 10 * HOUR + minutes * 60),))
        again = problem([longer], [visit for visit in visits if visit.id in served])
        assert solve(again, Limit(iterations=100)).figures.served == len(served)
