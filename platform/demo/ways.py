"""How long ways really take in the demo city, which no model knows, so that there is something to learn.

And a road that is closed.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from domain.travelling import between
from extensions import db, unit_of_work
from gateways.travel import Point, StraightLine
from models import ClosureShape, Division, DivisionLevel, Means, RoadClosure
from policy import SYSTEM
from services import road_closures, travel_learning
from services.road_closures import ClosureData

from .dice import Dice
from .shape import HOME_COUNTY

_EASIEST, _HARDEST = 0.85, 1.7
"""Between these lies what a road between two townships takes, in times of the straight line's estimate."""
_DAYS_CLOSED = 5


def minutes(here: Point, there: Point, means: Means, dice: Dice) -> int:
    """From door to door, with the road's own difficulty and the day's luck."""
    road = Dice("road", *between(here.division, there.division)).uniform(_EASIEST, _HARDEST)
    seconds = float(StraightLine().table([here, there], means).seconds[0, 1])
    return max(1, round(seconds * road * dice.lognormvariate(0, 0.18) / 60))


def learn(today: date, now: datetime) -> travel_learning.Learnt:
    """What the clock would learn at night."""
    seen = travel_learning.observe(StraightLine(), today=today)
    db.session.rollback()
    with unit_of_work():
        return travel_learning.learn(seen, now=now)


def close_a_road(today: date, now: datetime) -> None:
    """A landslide between two neighbours of the home county; once."""
    if db.session.scalar(select(RoadClosure.id).limit(1)) is not None:
        return
    towns = select(Division.code, Division.latitude, Division.longitude).where(
        Division.level == DivisionLevel.TOWNSHIP, Division.code.startswith(HOME_COUNTY), Division.latitude.is_not(None)
    )
    town = db.session.execute(towns.order_by(Division.code.desc()).limit(1)).first()
    if town is None:
        return
    slide = ClosureData(
        shape=ClosureShape.CIRCLE, division_code=town.code, latitude=round(town.latitude, 4),
        longitude=round(town.longitude + 0.015, 4), radius_m=400, from_on=today,
        to_on=today + timedelta(days=_DAYS_CLOSED), means=Means.MOTOR, detour=1.5, reason="雨后边坡塌方，车辆绕行",
    )  # fmt: skip
    with unit_of_work():
        road_closures.close(slide, by=SYSTEM, now=now)
