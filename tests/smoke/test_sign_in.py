"""The door opens for those who belong, and for nobody else."""

from extensions import db
from models import Division, DivisionLevel, Role
from services import passwords


def _city() -> None:
    db.session.add(Division(code="610600", name="延安市", level=DivisionLevel.CITY))
    db.session.commit()


def test_a_page_asks_a_stranger_to_sign_in(client):
    answer = client.get("/")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


def test_a_user_signs_in_and_sees_today(client, make_user):
    _city()
    user = make_user(Role.CITY_OFFICER, division_code="610600", user_name="wang")
    user.password_hash = passwords.hashed("pine-and-crane-7")
    db.session.commit()
    assert client.post("/sign-in", data={"login": "wang", "password": "wrong"}).status_code == 422
    assert client.post("/sign-in", data={"login": "wang", "password": "pine-and-crane-7"}).status_code == 303
    assert client.get("/").status_code == 200
