"""The room of ways and roads, as people use it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.coordinates import to_gcj02
from domain.times import local_day, utc_now
from domain.travelling import Basis
from extensions import db
from models import ClosureShape, Means, RoadClosure, Role, TravelFactor
from services import travel
from tests.factories import BAOTA, OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, make_divisions
from tests.gateways.roads import running_roads

CLOSURE = {"shape": "place", "division_code": "赵家岸村", "effect": "impassable", "reason": "雨后塌方"}


@pytest.fixture
def today() -> date:
    return local_day(utc_now())


@pytest.fixture
def dispatcher(app, sign_in, make_user):
    make_divisions()
    return sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))


def closure() -> RoadClosure:
    return db.session.scalars(select(RoadClosure)).one()


def make_factor(**changes) -> TravelFactor:
    fields = {
        "basis": Basis.LINE, "means": Means.MOTOR, "one_code": TOWNSHIP, "other_code": TOWNSHIP, "legs": 12,
        "low": 1.1, "median": 1.3, "high": 1.6, "factor": 1.25, "model_s": 900, "observed_s": 1170,
        "from_on": date(2026, 9, 1), "to_on": date(2026, 11, 1), "learned_at": utc_now(),
    }  # fmt: skip
    row = TravelFactor(**(fields | changes))
    db.session.add(row)
    db.session.flush()
    return row


def test_an_empty_room_says_what_it_is_for(dispatcher):
    page = dispatcher.get("/travel/").text
    assert "没有登记封路" in page
    assert "还没有学到什么" in page
    assert "按直线估算" in page


def test_a_village_is_cut_off_and_opened_again(dispatcher, today):
    answer = dispatcher.post("/travel/closures/new", data=CLOSURE | {"from_on": today.isoformat()})
    assert answer.status_code == 303
    assert (closure().division_code, closure().detour) == (VILLAGE, None)
    assert "赵家岸村进出的路" in dispatcher.get("/travel/").text
    assert dispatcher.post(f"/travel/closures/{closure().id}/open").status_code == 303
    assert "没有登记封路" in dispatcher.get("/travel/").text


def test_a_pin_of_gaode_closes_the_right_place(dispatcher, today):
    latitude, longitude = to_gcj02(36.69, 109.41)
    data = CLOSURE | {
        "shape": "circle", "latitude": f"{longitude:.6f},{latitude:.6f}", "datum": "gcj02", "radius_m": "400",
        "effect": "detour", "detour": "1.5", "means": "motor", "from_on": today.isoformat(),
    }  # fmt: skip
    assert dispatcher.post("/travel/closures/new", data=data).status_code == 303
    assert (closure().latitude, closure().longitude) == pytest.approx((36.69, 109.41), abs=1e-5)
    assert (closure().detour, closure().means) == (1.5, Means.MOTOR)
    page = dispatcher.get("/travel/").text
    assert "周围 400 米" in page
    assert "1.5 倍时间" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "请写明原因"),
        ({"division_code": ""}, "请填写是哪里"),
        ({"shape": "pair"}, "请填写路的另一头"),
        ({"shape": "circle", "latitude": ""}, "请填写这个点的经纬度"),
        ({"effect": "detour", "detour": "9"}, "1.1 到 5.0 倍之间"),
        ({"effect": "detour", "detour": ""}, "倍之间"),
        ({"from_on": "2020-01-01"}, "从今天或以后"),
        ({"from_on": "昨天"}, "有的日子"),
    ],
)
def test_wrong_input_gets_a_sentence_and_loses_nothing(dispatcher, today, changes, sentence):
    answer = dispatcher.post("/travel/closures/new", data=CLOSURE | {"from_on": today.isoformat()} | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    if "reason" not in changes:
        assert "雨后塌方" in answer.text
    assert db.session.scalars(select(RoadClosure)).all() == []


def test_it_is_corrected(dispatcher, today):
    dispatcher.post("/travel/closures/new", data=CLOSURE | {"from_on": today.isoformat()})
    address = f"/travel/closures/{closure().id}/edit"
    assert "雨后塌方" in dispatcher.get(address).text
    last = today + timedelta(days=3)
    data = CLOSURE | {"from_on": today.isoformat(), "to_on": last.isoformat(), "reason": "修桥"}
    assert dispatcher.post(address, data=data).status_code == 303
    assert (closure().to_on, closure().reason) == (last, "修桥")
    assert dispatcher.post(address, data=data | {"reason": ""}).status_code == 422


def test_another_countys_roads_and_ways_do_not_exist(dispatcher, today):
    db.session.add(
        RoadClosure(shape=ClosureShape.PLACE, division_code=OTHER_TOWNSHIP, from_on=today, reason="别县的塌方")
    )
    factor = make_factor(one_code=OTHER_TOWNSHIP, other_code=OTHER_TOWNSHIP)
    db.session.commit()
    assert "别县的塌方" not in dispatcher.get("/travel/").text
    assert "七里村街道" not in dispatcher.get("/travel/").text
    assert dispatcher.get(f"/travel/closures/{closure().id}/edit").status_code == 404
    assert dispatcher.post(f"/travel/closures/{closure().id}/open").status_code == 404
    assert dispatcher.post(f"/travel/factors/{factor.id}/reset").status_code == 404


def test_what_was_learned_is_shown_reset_and_taken_back(dispatcher):
    factor = make_factor()
    make_factor(one_code=BAOTA, other_code=BAOTA, legs=120, factor=0.9, low=0.7, median=0.9, high=1.2)
    make_factor(one_code=TOWNSHIP, other_code=OTHER_TOWNSHIP)
    page = dispatcher.get("/travel/").text
    for known in ("河庄坪镇境内", "加 25%", "宝塔区全境", "减 10%", "河庄坪镇 – 七里村街道"):
        assert known in page
    dispatcher.post(f"/travel/factors/{factor.id}/reset", data={"reason": "新路通了"})
    page = dispatcher.get("/travel/").text
    assert "已重置" in page
    assert "新路通了" in page
    dispatcher.post(f"/travel/factors/{factor.id}/undo")
    assert "已重置" not in dispatcher.get("/travel/").text


def test_pressing_twice_does_no_harm(dispatcher):
    factor = make_factor()
    dispatcher.post(f"/travel/factors/{factor.id}/reset")
    dispatcher.post(f"/travel/factors/{factor.id}/reset")
    assert "已经重置过了" in dispatcher.get("/travel/").text


def test_on_foot_only(dispatcher):
    make_factor()
    assert "河庄坪镇境内" not in dispatcher.get("/travel/?means=foot").text
    assert "河庄坪镇境内" in dispatcher.get("/travel/?means=motor").text


def test_an_auditor_has_no_business_here(app, sign_in, make_user):
    make_divisions()
    assert sign_in(make_user(Role.AUDITOR, division_code=BAOTA)).get("/travel/").status_code == 403


@pytest.mark.server
def test_the_road_server_is_tried(dispatcher):
    dispatcher.post("/travel/server")
    assert "没有设路网服务" in dispatcher.get("/travel/").text
    with running_roads() as roads:
        assert travel.try_server(roads.url) == ""
        assert travel.health(roads.url).is_well
        roads.broken = {"all"}
        assert travel.try_server(roads.url) == "Too many table coordinates"
    assert travel.try_server("http://127.0.0.1:9") != ""
