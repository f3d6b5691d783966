"""The frame of every page: places, links, the way back, type and language."""

import pytest

from blueprints.frame import link, url_with
from extensions import db
from models import Role
from tests.factories import BAOTA, CITY, make_centre, make_divisions, make_helper, make_senior


def test_a_filter_is_changed_and_the_others_kept(app):
    with app.test_request_context("/alerts?level=red&view=open&after=x"):
        assert url_with(view="closed", after=None) == "/alerts?level=red&view=closed"


def test_a_parameter_of_the_address_cannot_be_overwritten_by_a_query(app):
    with app.test_request_context("/alerts/019b76da-a800-73e0-be5d-e9908aa4317b?alert_id=other"):
        assert url_with(x="1").startswith("/alerts/019b76da-a800-73e0-be5d-e9908aa4317b")


def test_nobody_is_led_to_a_page_that_refuses_them(app, sign_in, make_user):
    make_divisions()
    with app.test_request_context("/"):
        assert link("audits.index") == ""
        assert link("there.is_no_such") == ""
        assert link("sessions.new") == "/sign-in"
    text = sign_in(make_user(Role.COUNTY_OFFICER, division_code=BAOTA)).get("/").text
    assert "/audits" not in text
    assert "/audits" in sign_in(make_user(Role.AUDITOR, division_code=CITY)).get("/").text


def test_the_phones_bar_holds_at_most_five(sign_in, make_user):
    make_divisions()
    text = sign_in(make_user(Role.COUNTY_OFFICER, division_code=BAOTA)).get("/").text
    bar = text[text.index('class="bottom-bar"') :]
    shown = bar[: bar.index("</nav>")].split("<details")[0]
    assert shown.count("<a ") == 4
    assert "更多" in bar


@pytest.mark.parametrize(("role", "scope"), [(Role.COUNTY_OFFICER, "division"), (Role.CENTRE_MANAGER, "centre")])
def test_the_frame_says_what_one_looks_after(sign_in, make_user, role, scope):
    make_divisions()
    centre = make_centre(name="河庄坪日间照料中心")
    held = {"division": {"division_code": BAOTA}, "centre": {"centre_id": centre.id}}[scope]
    text = sign_in(make_user(role, **held)).get("/").text
    assert {"division": "宝塔区", "centre": "河庄坪日间照料中心"}[scope] in text


def test_helpers_and_families_read_larger_type_than_offices(sign_in, make_user):
    make_divisions()
    helper = make_helper()
    assert 'class="roomy' in sign_in(make_user(Role.HELPER, helper_id=helper.id)).get("/").text
    assert 'class="roomy' not in sign_in(make_user(Role.COUNTY_OFFICER, division_code=BAOTA)).get("/").text


def test_large_type_is_kept_with_the_browser_before_signing_in_and_with_the_person_after(client, sign_in, make_user):
    client.post("/preferences", data={"big_type": "1", "next": "/sign-in"})
    assert "big-type" in client.get("/sign-in").text.split(">")[1]
    user = make_user(Role.FAMILY, senior_id=make_senior().id)
    page = sign_in(user)
    page.post("/preferences", data={"big_type": "1"})
    db.session.refresh(user)
    assert user.is_big_type
    assert "big-type" in page.get("/").text.split(">")[1]


def test_changing_the_language_leads_back_to_where_one_was(sign_in, make_user):
    make_divisions()
    page = sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))
    assert 'name="next" value="/alerts?view=closed"' in page.get("/alerts?view=closed").text
    answer = page.post("/preferences", data={"language": "en", "next": "/alerts?view=closed"})
    assert answer.location == "/alerts?view=closed"
    assert 'lang="en"' in page.get("/alerts").text


def test_a_page_that_answered_a_post_leads_back_to_one_that_can_be_asked_for(client):
    text = client.post("/sign-in", data={"login": "x", "password": "y"}).text
    assert 'name="next" value="/sign-in"' in text


def test_a_file_that_changes_gets_a_new_address(app, client):
    text = client.get("/sign-in").text
    assert "css/tokens.css?v=" in text
