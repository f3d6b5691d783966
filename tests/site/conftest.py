"""A small demo city with a day behind it, for the tests that walk the whole site."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from demo import dining, history, walking
from demo import load as loading
from demo.clock import Moments
from demo.shape import HOME_COUNTY
from domain.times import at_minute
from extensions import db
from models import User

NOON = at_minute(date(2026, 11, 24), 12 * 60 + 45)


class Nobody:
    """Watches no progress."""

    def begin(self, label: str, total: int) -> None: ...

    def advance(self, count: int = 1) -> None: ...


def live_a_day(seniors: int, now: datetime = NOON) -> None:
    """The demo city with so many seniors on its way through a Tuesday; the home county's day planned and walked."""
    loading.load(seniors, now=now, progress=Nobody())
    moments = Moments(now)
    history.make_due(moments.today, now)
    for _count in history.report(moments.today):
        pass
    dining.open_kitchens(moments)
    dining.book(dining.orders(moments)[:60], tell=lambda: None)
    dining.close(now)
    for on in (moments.today, moments.today + timedelta(days=1)):
        orders = walking.unplanned([walking.Order(HOME_COUNTY, on, at_minute(moments.today, 420))])
        walking.plan(orders, workers=1, osrm_url="", tell=lambda: None)
    walking.walk(moments.today, now, tell=lambda _count: None)


@pytest.fixture
def city(app: Flask) -> Iterator[Callable[[int], dict[str, User]]]:
    """`city(100)` fills the database and gives the demo users by name."""

    def fill(seniors: int) -> dict[str, User]:
        live_a_day(seniors)
        users = db.session.scalars(select(User).options(selectinload(User.grants)).where(User.is_demo)).all()
        return {user.user_name: user for user in users}

    yield fill
    db.session.rollback()
