"""The door, through a real browser and a real server."""

from extensions import db
from models import Division, DivisionLevel, Role
from services import passwords


def test_a_user_signs_in_through_the_door(live, page, make_user):
    db.session.add(Division(code="610600", name="延安市", level=DivisionLevel.CITY))
    db.session.commit()
    user = make_user(Role.CITY_OFFICER, division_code="610600", user_name="wang")
    user.password_hash = passwords.hashed("pine-and-crane-7")
    db.session.commit()
    page.goto("/")
    assert "/sign-in" in page.url
    page.fill("input[name=login]", "wang")
    page.fill("input[name=password]", "pine-and-crane-7")
    page.click("main button[type=submit]")
    page.wait_for_url("**/")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"


def test_a_signed_in_page_needs_no_door(page, signed_in, make_user):
    db.session.add(Division(code="610600", name="延安市", level=DivisionLevel.CITY))
    db.session.commit()
    signed_in(page, make_user(Role.AUDITOR, division_code="610600")).goto("/")
    assert "/sign-in" not in page.url
