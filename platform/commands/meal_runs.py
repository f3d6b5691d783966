"""`flask meal-runs …`: planning who brings a meal to the doors from the shell."""

import time
import uuid
from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from commands.languages import speaking
from dispatch import Limit
from domain.errors import NotFound, Refusal
from domain.times import local_day, utc_now
from extensions import db, unit_of_work
from extensions.babel import gettext as _
from formatting import hours, kilometres, long_date
from models import Canteen, Meal, MealRunPlan
from policy import SYSTEM, Permission
from queries import meal_run_reasons
from queries import meal_runs as queries
from queries.meal_run_lines import LeftOutLine
from services import joint_plans, meal_run_days, meal_run_search, meal_runs, travel
from services.meal_run_search import Order
from wording import word
from wording.rounds import reason

meal_runs_group = AppGroup("meal-runs", help="Meal runs: plan who brings a meal to the doors.")


@meal_runs_group.command("plan")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The city's day to plan.")
@click.option("--division", "code", help="A division's code: all of its canteens.")
@click.option("--canteen", "canteen_id", type=click.UUID, help="One canteen's id instead.")
@click.option("--meal", type=click.Choice([meal.value for meal in Meal]), default=Meal.LUNCH.value, show_default=True)
@click.option("--joint", is_flag=True, help="Together with the day's visits, measured against planning them apart.")
@click.option("--seconds", default=20.0, show_default=True, help="How long to search.")
@click.option("--iterations", type=int, help="Search so many steps instead: the same seed gives the same plan.")
@click.option("--publish", is_flag=True, help="Publish what is found; of a joint plan, the better of the two.")
@click.option("--seed", default=1, show_default=True)
@speaking
def plan(
    on: datetime,
    code: str | None,
    canteen_id: uuid.UUID | None,
    meal: str,
    joint: bool,
    seconds: float,
    iterations: int | None,
    publish: bool,
    seed: int,
) -> None:
    """Turn the portions for doors of one meal into runs."""
    console = Console()
    order = _order(on, code, canteen_id, Meal(meal), is_joint=joint)
    model = travel.model_for(order.division_code, order.on, osrm_url=current_app.extensions["settings"].osrm_url)
    day = meal_run_days.prepare(
        order.division_code, order.on, order.meal, canteen_id=order.canteen_id, is_joint=joint,
        today=local_day(utc_now()), travel=model,
    )  # fmt: skip
    db.session.remove()
    if not day.drops:
        raise click.ClickException(_("这一餐没有要送的，或都已经有人送了。换一餐看看。"))
    limit = Limit(iterations=iterations) if iterations else Limit(seconds=seconds)
    started = time.monotonic()
    with console.status(_("正在找更好的路线")):
        found = joint_plans.search(day, limit, seed=seed)
    took = time.monotonic() - started
    with unit_of_work():
        kept = meal_run_search.keep(day, found, seed=seed, seconds=took, by=SYSTEM, now=utc_now())
        ids = [kept.id, *meal_runs.beside(kept.id)]
    if publish:
        _publish(ids)
    _show(console, order, ids, took)


def _order(on: datetime, code: str | None, canteen_id: uuid.UUID | None, meal: Meal, *, is_joint: bool) -> Order:
    if (code is None) == (canteen_id is None):
        raise click.UsageError(_("请给出 --division 或 --canteen，二者选一。"))
    if code is None:
        code = (db.session.scalar(select(Canteen.division_code).where(Canteen.id == canteen_id)) or "")[:6]
    order = Order(code, on.date(), meal, canteen_id, is_joint)
    try:
        meal_run_search.check(order, by=SYSTEM, now=utc_now())
    except Refusal as refusal:
        raise click.ClickException(_sentence(refusal)) from refusal
    except NotFound as error:
        raise click.ClickException(_("没有这个区划或餐厅。")) from error
    return order


def _sentence(refusal: Refusal) -> str:
    return " ".join(filter(None, (refusal.sentence, refusal.suggestion)))


def _publish(ids: list[uuid.UUID]) -> None:
    """The better of the two, where there are two."""
    costs = {one: db.session.get_one(MealRunPlan, one).figures["cost"] for one in ids}
    db.session.rollback()
    try:
        with unit_of_work():
            meal_runs.publish(min(ids, key=lambda one: int(costs[one])), by=SYSTEM, now=utc_now())
    except Refusal as refusal:
        raise click.ClickException(_sentence(refusal)) from refusal


def _show(console: Console, order: Order, ids: list[uuid.UUID], took: float) -> None:
    table = Table(title=_("%(day)s的送餐", day=long_date(order.on)))
    table.add_column(_("怎么排"), no_wrap=True)
    for title in (_("送到/要送"), _("排上/探访"), _("路线"), _("公里"), _("在路上（小时）"), _("最久（分钟）")):
        table.add_column(title, justify="right")
    table.add_column(_("方案"), no_wrap=True)
    for one in ids:
        shown = db.session.get_one(MealRunPlan, one)
        its = shown.figures
        table.add_row(
            word(shown.kind),
            f"{its['delivered']}/{its['portions']}",
            f"{its['visits_served']}/{its['visits']}",
            str(its["runs"]),
            kilometres(its["metres"]),
            hours(its["travel_minutes"]),
            str(its["hot_max"]),
            word(shown.status),
        )
    console.print(table)
    _explain(console, ids[0])
    console.print(_("用时 %(seconds).0f 秒。", seconds=took))


def _explain(console: Console, plan_id: uuid.UUID) -> None:
    """The first reason of everything left out, without names: a shell is no place for them."""
    shown = queries.plan(SYSTEM.scope(Permission.MEAL_RUN_READ), plan_id)
    left_out: list[LeftOutLine] = meal_run_reasons.left_out_of(shown) if shown else []
    for one in left_out:
        console.print(f"  {one.place} · {one.what}: {reason(one.reasons[0], {})}")
