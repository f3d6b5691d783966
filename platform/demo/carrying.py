"""Lunches for doors: the home county's runs planned and published once the kitchens have counted."""

from datetime import date, datetime

from dispatch import Limit
from domain.times import local_day
from extensions import db, unit_of_work
from models import Meal
from policy import SYSTEM
from services import joint_plans, meal_run_days, meal_run_search, meal_runs, travel

from .shape import HOME_COUNTY

SECONDS = 2.0


def plan(on: date, now: datetime, *, osrm_url: str) -> int:
    """Runs for the lunches of a day that nobody brings yet; how many portions are brought."""
    model = travel.model_for(HOME_COUNTY, on, osrm_url=osrm_url)
    day = meal_run_days.prepare(HOME_COUNTY, on, Meal.LUNCH, today=local_day(now), travel=model)
    db.session.rollback()
    if not day.drops:
        return 0
    found = joint_plans.search(day, Limit(seconds=SECONDS), seed=1)
    with unit_of_work():
        kept = meal_run_search.keep(day, found, seconds=SECONDS, by=SYSTEM, now=now)
        if found.plan.rounds:
            meal_runs.publish(kept.id, by=SYSTEM, now=now)
        return int(kept.figures["delivered"])
