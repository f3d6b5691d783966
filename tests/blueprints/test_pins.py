"""Pins copied out of a Chinese map, and links back into one."""

from urllib.parse import unquote

import pytest
from sqlalchemy import select

from domain.coordinates import from_bd09, to_gcj02
from extensions import db
from formatting import amap_link, geo_link
from models import Centre, Role
from queries.whereabouts import Place
from tests.factories import BAOTA, make_divisions

HERE = (36.68, 109.41)
CENTRE = {
    "name": "赵家岸互助幸福院", "kind": "mutual_aid", "division_code": "赵家岸村", "opens_minute": "08:00",
    "closes_minute": "17:30", "weekdays": ["1"], "places": "10", "beds": "0",
}  # fmt: skip


@pytest.fixture
def officer(app, sign_in, make_user):
    make_divisions()
    return sign_in(make_user(Role.COUNTY_OFFICER, division_code=BAOTA))


def saved(officer, **pin: str) -> tuple[float, float]:
    answer = officer.post("/centres/new", data=CENTRE | pin)
    assert answer.status_code == 303, answer.text
    return db.session.execute(select(Centre.latitude, Centre.longitude)).one()


def test_a_receivers_numbers_are_kept_as_they_are(officer):
    assert tuple(saved(officer, latitude="36.68", longitude="109.41")) == HERE


def test_a_pin_of_gaode_is_put_right(officer):
    latitude, longitude = to_gcj02(*HERE)
    pin = {"latitude": f"{latitude:.7f}", "longitude": f"{longitude:.7f}", "datum": "gcj02"}
    assert tuple(saved(officer, **pin)) == pytest.approx(HERE, abs=2e-6)


def test_a_pin_of_baidu_is_put_right(officer):
    found = saved(officer, latitude="36.6866", longitude="109.4221", datum="bd09")
    assert tuple(found) == pytest.approx(from_bd09(36.6866, 109.4221))


@pytest.mark.parametrize("text", ["109.41,36.68", "36.68, 109.41", " 109.41，36.68 ", "36.68 109.41"])
def test_a_pair_may_be_pasted_whole(officer, text):
    assert tuple(saved(officer, latitude=text)) == HERE


@pytest.mark.parametrize("text", ["三十六度", "36.68,109.41,5", "36.6.8"])
def test_what_is_no_number_is_said_and_kept(officer, text):
    answer = officer.post("/centres/new", data=CENTRE | {"latitude": text})
    assert answer.status_code == 422
    assert text in answer.text
    assert "请填数字" in answer.text


def test_a_page_shown_again_shows_the_pin_as_it_was_typed(officer):
    pin = {"latitude": "36.6801", "longitude": "109.4154", "datum": "gcj02", "phone": "1"}
    answer = officer.post("/centres/new", data=CENTRE | pin)
    assert answer.status_code == 422
    assert 'value="36.6801"' in answer.text
    assert '<option selected value="gcj02">' in answer.text


def test_links_into_maps_are_displaced_and_name_nobody():
    door = Place("610602100201", "赵家岸村二组", "老槐树往上", *HERE, is_stay=False)
    latitude, longitude = to_gcj02(*HERE)
    assert geo_link(door) == f"geo:{latitude:.6f},{longitude:.6f}?q={latitude:.6f},{longitude:.6f}"


def test_the_link_to_gaode_says_which_kind_of_point_it_is(app):
    door = Place("610602100201", "赵家岸村二组", "老槐树往上", *HERE, is_stay=False)
    latitude, longitude = to_gcj02(*HERE)
    with app.test_request_context():
        link = unquote(amap_link(door))
    assert f"to={longitude:.6f},{latitude:.6f}," in link
    assert "coordinate=gaode" in link
    assert "赵家岸" not in link
