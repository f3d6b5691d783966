"""Text that cannot be stored is refused at the door, in addresses and forms alike."""

import pytest


@pytest.mark.parametrize("address", ["/sign-in?next=%00", "/seniors?q=%00", "/seniors?%00=1"])
def test_an_address_with_nul_is_refused(client, address):
    assert client.get(address).status_code == 400


def test_a_form_with_nul_is_refused(client):
    assert client.post("/sign-in", data={"login": "wang\0", "password": "x"}).status_code == 400
    assert client.post("/sign-in", data={"login": "wang", "password": "x"}).status_code == 422
