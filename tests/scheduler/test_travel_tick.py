"""Travel times are learned once a night."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from extensions import db
from models import TravelFactor
from scheduler import ticks
from tests.factories import make_divisions, make_helper, make_senior
from tests.services.test_travel_learning import walked

NIGHT = datetime(2026, 11, 23, 19, tzinfo=UTC)  # 3:00


@pytest.fixture
def days(app):
    make_divisions()
    doors = [
        make_senior(latitude=latitude, longitude=longitude)
        for latitude, longitude in ((36.70, 109.40), (36.64, 109.42))
    ]
    walked(make_helper(), doors, 1.5)
    db.session.commit()


def learned_at() -> datetime | None:
    db.session.rollback()
    return db.session.scalar(db.select(TravelFactor.learned_at))


def test_by_day_nothing_is_learned(days):
    with time_machine.travel(NIGHT + timedelta(hours=8), tick=False):
        assert ticks.learn_travel() == 0
    assert learned_at() is None


def test_at_night_it_is_learned_once(days):
    with time_machine.travel(NIGHT, tick=False):
        assert ticks.learn_travel() == 1
    with time_machine.travel(NIGHT + timedelta(minutes=30), tick=False):
        ticks.learn_travel()
    assert learned_at() == NIGHT
    with time_machine.travel(NIGHT + timedelta(days=1), tick=False):
        ticks.learn_travel()
    assert learned_at() == NIGHT + timedelta(days=1)
