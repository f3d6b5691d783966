"""A canteen with lunches for doors."""

import pytest

from tests.factories import make_canteen, make_dish, make_senior, make_service
from tests.meal_runs import TOMORROW, make_portion


@pytest.fixture
def canteen(app):
    return make_canteen()


@pytest.fixture
def dish(canteen):
    return make_dish(canteen)


@pytest.fixture
def service(canteen, dish):
    return make_service(canteen, TOMORROW, dish)


@pytest.fixture
def portions(service, dish):
    """Three portions for two doors: a couple, and somebody further on."""
    couple = {"latitude": 36.69, "longitude": 109.41, "address": "二组 3 号"}
    return [
        make_portion(service, dish, make_senior(name="张玉兰", **couple), allergens=["egg"]),
        make_portion(service, dish, make_senior(name="李满仓", **couple)),
        make_portion(service, dish, make_senior(name="薛占山", latitude=36.70, address="三组 1 号")),
    ]
