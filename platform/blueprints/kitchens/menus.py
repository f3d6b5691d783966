"""Menus: the week as a grid, one meal of it, and the dishes."""

import uuid
from datetime import date, timedelta

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from blueprints.forms import refusals_into
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from formatting import yuan
from models import Meal
from policy import Permission, current_actor, requires
from queries import menus
from services import menus as services

from .forms import DishForm, SlotForm
from .room import MEAL, blueprint, found

WEEK = "/canteens/<uuid:canteen_id>/menus/<week:monday>"
SLOT = f"/canteens/<uuid:canteen_id>/menus/<day:on>/<{MEAL}>"
DISHES = "/canteens/<uuid:canteen_id>/dishes"
Answer = str | Response | tuple[str, int]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _to_week(canteen_id: uuid.UUID, monday: date) -> Response:
    return redirect(url_for("kitchens.week", canteen_id=canteen_id, monday=monday), 303)


@blueprint.get("/canteens/<uuid:canteen_id>/menus/")
@requires(Permission.MENU_EDIT)
def menu(canteen_id: uuid.UUID) -> Response:
    """This week's menu."""
    return _to_week(canteen_id, _monday(local_day(utc_now())))


@blueprint.get(WEEK)
@requires(Permission.MENU_EDIT)
def week(canteen_id: uuid.UUID, monday: date) -> str:
    """The grid of a week, and whom it would leave without a meal."""
    today = local_day(utc_now())
    page = found(menus.week(current_actor().scope(Permission.MENU_EDIT), canteen_id, monday, today))
    weeks = [_monday(today) + timedelta(weeks=step) for step in (-1, 0, 1, 2)]
    return render_template("kitchens/week.html", page=page, weeks=weeks)


@blueprint.post(f"{WEEK}/copy")
@requires(Permission.MENU_EDIT)
def copy(canteen_id: uuid.UUID, monday: date) -> Response:
    """Last week's dishes onto the meals that have none yet."""
    last = monday - timedelta(weeks=1)
    with unit_of_work():
        count = services.copy_week(
            canteen_id, from_monday=last, to_monday=monday, by=current_actor(), now=utc_now()
        )  # fmt: skip
    if count:
        flash(_("复制了 %(count)d 道菜，核对后再公布。", count=count), "success")
    else:
        flash(_("没有可以复制的：上一周没有菜，或这一周都已经排好了。"), "information")
    return _to_week(canteen_id, monday)


@blueprint.post(f"{WEEK}/publish")
@requires(Permission.MENU_EDIT)
def publish(canteen_id: uuid.UUID, monday: date) -> Response:
    """Show the week to those who book."""
    with unit_of_work():
        count = services.publish(canteen_id, monday, by=current_actor(), now=utc_now())
    if count:
        flash(_("公布了 %(count)d 道菜，现在可以订了。", count=count), "success")
    else:
        flash(_("这一周已经全部公布过了。"), "information")
    return _to_week(canteen_id, monday)


@blueprint.route(SLOT, methods=["GET", "POST"])
@requires(Permission.MENU_EDIT)
def slot(canteen_id: uuid.UUID, on: date, meal: str) -> Answer:
    """What is cooked at one meal."""
    page = found(menus.dishes(current_actor().scope(Permission.MENU_EDIT), canteen_id))
    chosen = {str(one) for one in menus.chosen(canteen_id, on, Meal(meal))}
    form = SlotForm(data={"dishes": sorted(chosen)})
    offered = [dish for dish in page.dishes if dish.is_active or str(dish.id) in chosen]
    form.dishes.choices = [(str(dish.id), f"{dish.name} · {yuan(dish.price_fen)}") for dish in offered]
    if form.validate_on_submit():
        wanted = [uuid.UUID(one) for one in form.dishes.data or []]
        with refusals_into(form) as refused, unit_of_work():
            services.set_slot(canteen_id, on, Meal(meal), wanted, by=current_actor(), now=utc_now())
        if not refused:
            flash(_("保存了。新加的菜公布以后才能订。"), "success")
            return _to_week(canteen_id, _monday(on))
    answer = render_template("kitchens/slot.html", page=page, form=form, on=on, meal=Meal(meal), monday=_monday(on))
    return answer, 422 if form.is_submitted() else 200


@blueprint.route(DISHES, methods=["GET", "POST"])
@requires(Permission.MENU_EDIT)
def dishes(canteen_id: uuid.UUID) -> Answer:
    """Every dish of a canteen, and a new one."""
    form = DishForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            services.add_dish(canteen_id, form.terms(), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("添好了：“%(name)s”。", name=form.name.data), "success")
            return redirect(url_for("kitchens.dishes", canteen_id=canteen_id), 303)
    page = found(menus.dishes(current_actor().scope(Permission.MENU_EDIT), canteen_id))
    monday = _monday(local_day(utc_now()))
    answer = render_template("kitchens/dishes.html", page=page, form=form, monday=monday)
    return answer, 422 if form.is_submitted() else 200


@blueprint.route(f"{DISHES}/<uuid:dish_id>", methods=["GET", "POST"])
@requires(Permission.MENU_EDIT)
def dish(canteen_id: uuid.UUID, dish_id: uuid.UUID) -> Answer:
    """Change a dish, or stop cooking it."""
    page = found(menus.dishes(current_actor().scope(Permission.MENU_EDIT), canteen_id))
    one = found(next((each for each in page.dishes if each.id == dish_id), None))
    form, title = DishForm(obj=one, price=f"{one.price_fen / 100:.2f}"), one.name
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            services.edit_dish(
                dish_id, form.terms(), is_active=bool(form.is_active.data), by=current_actor(), now=utc_now()
            )
        if not refused:
            flash(_("改好了：“%(name)s”。", name=form.name.data), "success")
            return redirect(url_for("kitchens.dishes", canteen_id=canteen_id), 303)
    answer = render_template("kitchens/dish.html", canteen_id=canteen_id, title=title, form=form)
    return answer, 422 if form.is_submitted() else 200
