"""Text that cannot be stored is refused at the door, in addresses and forms alike."""

import pytest

from extensions import db
from models import Role
from tests.factories import CITY, make_divisions


@pytest.mark.parametrize("address", ["/seniors?q=%00", "/seniors?%00=1", "/users?after=%00"])
def test_an_address_with_nul_is_refused(sign_in, make_user, address):
    make_divisions()
    db.session.commit()
    role = Role.ADMINISTRATOR if address.startswith("/users") else Role.CITY_OFFICER
    assert sign_in(make_user(role, division_code=CITY)).get(address).status_code == 400


def test_a_form_with_nul_is_refused(client):
    assert client.get("/sign-in?next=%00").status_code == 400
    assert client.post("/sign-in", data={"login": "wang\0", "password": "x"}).status_code == 400
    assert client.post("/sign-in", data={"login": "wang", "password": "x"}).status_code == 422
