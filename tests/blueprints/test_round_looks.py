"""How a proposal is looked at: views, the chosen round, filters, the axis of time, the curve of a search."""

import uuid
from dataclasses import replace
from datetime import date, datetime

import pytest

from blueprints.rounds import curve, drawing, searching, timeline
from blueprints.rounds.figures import compared
from blueprints.rounds.looking import ROWS, View, look
from dispatch import Progress
from models import Means, PlanMethod, ProposalStatus, VisitStatus
from queries.round_lines import LeftOutLine, ProposalPage, RoundLine, StopLine, Township

TODAY = date(2026, 11, 24)


def stop(position: int = 1, **changes) -> StopLine:
    start = 540 + 60 * position
    fields = {
        "id": uuid.uuid4(), "visit_id": uuid.uuid4(), "position": position, "tour": 0, "arrive_minute": start,
        "start_minute": start, "leave_minute": start + 30, "travel_minutes": 10, "distance_m": 4000,
        "latitude": 36.6, "longitude": 109.4, "is_approximate": False, "window_from": 510, "window_to": 1050,
        "priority": 2, "skills": [], "reason": "", "status": VisitStatus.DUE, "outcome": None,
        "visit_helper_id": None, "senior_id": uuid.uuid4(), "senior_name": "张玉兰", "address": "", "landmark": "",
        "round_id": uuid.uuid4(), "division_code": "610602100201", "needs_two": False, "is_second": False,
        "is_pinned": False, "is_done": False, "late_minutes": 0, "fetched": {}, "why": [],
    }  # fmt: skip
    return StopLine(**(fields | changes))


def line(number: int = 1, stops: list[StopLine] | None = None, **changes) -> RoundLine:
    its = stops if stops is not None else [stop(one) for one in (1, 2, 3)]
    fields = {
        "id": uuid.uuid4(), "number": number, "helper_id": uuid.uuid4(), "helper_name": f"助老员{number}",
        "means": Means.MOTOR, "start_minute": 570, "end_minute": 800, "travel_minutes": 60, "work_minutes": 90,
        "distance_m": 12_000, "tours": [{"leave": 570, "back": 800, "breaks": [[720, 750]]}], "base_latitude": 36.5,
        "base_longitude": 109.4, "end_latitude": None, "end_longitude": None, "stops": its,
    }  # fmt: skip
    return RoundLine(**(fields | changes))


def left_out(**changes) -> LeftOutLine:
    fields = {
        "visit_id": uuid.uuid4(), "senior_id": uuid.uuid4(), "senior_name": "薛占山", "division_code": "610602100201",
        "division_name": "赵家岸村", "window_from": 510, "window_to": 1050, "priority": 1, "status": VisitStatus.DUE,
        "plan_id": None, "needs_two": False, "reasons": [{"code": "no_skill", "skill": "bathing"}],
        "at": [36.7, 109.5],
    }  # fmt: skip
    return LeftOutLine(**(fields | changes))


def shown(figures: dict) -> ProposalPage:
    return ProposalPage(
        uuid.uuid4(), "610602", "宝塔区", TODAY, ProposalStatus.PROPOSED, PlanMethod.SEARCH, 5.0, {}, None, False,
        figures, [], [], {}, datetime.now().astimezone(), None, None, None, {}, 0, True,
    )  # fmt: skip


NUMBERS = {"visits": 4, "served": 3, "unserved": [1, 0, 0], "rounds": 1, "metres": 12_000, "travel_minutes": 60,
           "kept_regular": 0, "had_regular": 0}  # fmt: skip


@pytest.mark.parametrize("nonsense", ["", "9", "x", "-1", "1e9"])
def test_what_the_address_asks_for_and_is_not_there_is_left_away(nonsense):
    its = look({"view": "globe", "round": nonsense, "sort": "colour", "after": nonsense}, [line(1)], [])
    assert (its.view, its.chosen, its.sort, its.rows.is_first) == (View.MAP, None, "round", True)


def test_the_chosen_round_gives_its_reasons_and_left_out_visits_theirs():
    why = [{"code": "is_regular", "helper": "x"}]
    lines = [line(1, [stop(1, why=why)]), line(2, [stop(1, why=[{"code": "as_told"}])])]
    codes = [one["code"] for one in look({"round": "1"}, lines, [left_out()]).reasons()]
    assert codes == ["is_regular", "no_skill"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 4),
        ({"round": "2"}, 1),
        ({"priority": "1"}, 1),
        ({"township": "610602101"}, 1),
        ({"late": "1"}, 1),
        ({"two": "1"}, 0),
        ({"round": "2", "priority": "2"}, 0),
    ],
)
def test_filters_narrow_the_table(asked, found):
    first = [stop(1), stop(2, division_code="610602101201"), stop(3, late_minutes=5)]
    assert look(asked, [line(1, first), line(2, [stop(1, priority=1)])], []).count == found


def test_the_table_has_pages():
    many = [line(number, [stop(one) for one in range(1, 13)]) for number in range(1, 11)]
    first = look({"view": "table"}, many, [])
    assert (len(first.rows.items), first.rows.next_cursor, first.count) == (ROWS, str(ROWS), 120)
    second = look({"view": "table", "after": str(ROWS)}, many, [])
    assert (len(second.rows.items), second.rows.next_cursor, second.rows.is_first) == (20, None, False)


def test_both_halves_of_a_visit_by_two_carry_the_same_letter():
    both, early = stop(3, needs_two=True), stop(1, needs_two=True)
    lines = [line(1, [early, both]), line(2, [replace(early, is_second=True), replace(both, is_second=True)])]
    assert look({}, lines, []).pairs == {str(early.visit_id): "A", str(both.visit_id): "B"}


def test_the_axis_runs_from_seven_to_seven_and_further_where_somebody_is_out():
    assert timeline.axis_of([]) == (420, 1140)
    assert timeline.axis_of([line(start_minute=355, end_minute=1150)]) == (300, 1200)


def test_a_day_is_drawn_with_waiting_lateness_fetching_and_breaks():
    fetched = {"arrive": 580, "leave": 585, "portions": 2}
    its = line(1, [stop(1, arrive_minute=590, late_minutes=12, fetched=fetched)])
    axis = timeline.axis_of([its])
    pieces = timeline.pieces(its, axis, {str(its.stops[0].visit_id): "A"})
    assert [piece.kind for piece in pieces] == ["away", "fetch", "wait", "visit", "late", "break"]
    visit = pieces[3]
    assert (visit.x, visit.width, visit.mark) == (axis.at(600), round(axis.at(630) - axis.at(600), 2), "A")
    assert all(0 <= piece.x <= 100 and 0 < piece.width <= 100 for piece in pieces)


def test_the_drawing_has_what_is_left_out_and_names_that_do_not_cover_each_other():
    places = [Township("1", "河庄坪镇", 36.6, 109.45), Township("2", "枣园镇", 36.6001, 109.4501),
              Township("3", "远处镇", 39.0, 109.4), Township("4", "无名镇", None, None)]  # fmt: skip
    picture = drawing.draw([line()], [left_out(), left_out(at=None)], places)
    assert [one.number for one in picture.missing] == [1]
    assert [one.name for one in picture.labels] == ["河庄坪镇"]


def test_a_proposal_of_nothing_but_left_out_visits_is_drawn_too():
    assert drawing.draw([], [left_out()]) is not None
    assert drawing.draw([], [left_out(at=None)]) is None


def test_a_round_that_ends_elsewhere_is_drawn_to_there():
    assert drawing.way(line(stops=[], end_latitude=36.9, end_longitude=109.9)) == [(36.5, 109.4), (36.9, 109.9)]


def test_the_curve_falls_from_its_first_point_to_its_best():
    drawn = curve.of({"history": [[0, 900, 2], [5, 400, 4], [10, 400, 5]]}, limit=20)
    assert drawn.cost.split()[0] == "0.0,4.0"
    assert drawn.cost.split()[-1] == "150.0,56.0"
    assert drawn.served.split()[-1] == "150.0,4.0"
    assert not curve.of({"history": [[0, 900, 2]]}, limit=20).is_there


def test_a_curve_is_bounded_and_keeps_its_ends():
    history: list[list[float]] = []
    for second in range(1000):
        history = searching.with_point(history, Progress(second, second, 10_000 - second, 3, 4))
        assert len(history) <= searching.POINTS
    assert history[0][0] == 0
    assert history[-1][0] == 999
    assert [one[0] for one in history] == sorted(one[0] for one in history)


def test_figures_are_compared_in_sentences_and_only_where_there_is_something():
    nearest = {**NUMBERS, "served": 1, "metres": 98_000, "travel_minutes": 200}
    found = compared(shown({"plan": NUMBERS, "nearest": nearest}), None, TODAY)
    assert found.sentences == ["比就近走多排上 2 位，少走 86 公里，路上少 2.3 小时。"]
    assert "晚到（分钟）" not in found.columns
    late = compared(shown({"plan": {**NUMBERS, "late_minutes": 9}, "nearest": NUMBERS}), None, TODAY)
    assert late.sentences == ["比就近走晚到多 9 分钟。"]
    assert late.rows[1][1][late.columns.index("晚到（分钟）")] == "—"
    assert compared(shown({"plan": NUMBERS, "nearest": NUMBERS}), None, TODAY).sentences == ["和就近走一样。"]
