"""The count: what to cook, for whom it is special, and the list by name; on screen, on paper, as a file."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blueprints.exports import spreadsheet
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from formatting import clock
from gateways.sheets.writing import Cell, Column
from models import Handover
from policy import Permission, current_actor, requires
from queries import kitchens
from queries.kitchens import KitchenPage
from services import kitchens as services
from wording import word
from wording.meals import allergen, diet

from .forms import TailForm
from .room import KITCHEN, blueprint, kitchen


@blueprint.get("/kitchens/")
@requires(Permission.KITCHEN_READ)
def index() -> str:
    """The meals of a day, canteen by canteen."""
    today = local_day(utc_now())
    on = request.args.get("on", today, type=date.fromisoformat)
    page = kitchens.index(current_actor().scope(Permission.KITCHEN_READ), on, request.args.get("after"))
    days = [today + timedelta(days=ahead) for ahead in range(-1, 7)]
    may_cook = current_actor().can(Permission.MENU_EDIT)
    return render_template("kitchens/index.html", page=page, on=on, days=days, now=utc_now(), may_cook=may_cook)


@blueprint.get(KITCHEN)
@requires(Permission.KITCHEN_READ)
def show(canteen_id: uuid.UUID, on: date, meal: str) -> str:
    """The count of one meal, and the counter."""
    return render(kitchen(canteen_id, on, meal), TailForm())


def render(page: KitchenPage, form: TailForm) -> str:
    """The kitchen's page, with whatever the counter's form says."""
    now = utc_now()
    may_serve = current_actor().can(Permission.MEAL_SERVE)
    is_day = page.service.on <= local_day(now)
    return render_template("kitchens/show.html", page=page, form=form, now=now, may_serve=may_serve, is_day=is_day)


@blueprint.post(f"{KITCHEN}/close")
@requires(Permission.MEAL_SERVE)
def close(canteen_id: uuid.UUID, on: date, meal: str) -> Response:
    """Freeze the count now, where the clock has not done it yet."""
    page = kitchen(canteen_id, on, meal)
    with unit_of_work():
        service = services.close(page.service.id, by=current_actor(), now=utc_now())
    flash(_("定数了：%(count)d 份。", count=service.booked), "success")
    return redirect(url_for("kitchens.show", canteen_id=canteen_id, on=on, meal=meal), 303)


@blueprint.get(f"{KITCHEN}/sheet")
@requires(Permission.KITCHEN_READ)
def sheet(canteen_id: uuid.UUID, on: date, meal: str) -> str:
    """The kitchen's sheet of paper: what to cook, and whose is special."""
    return render_template("kitchens/sheet.html", page=kitchen(canteen_id, on, meal), now=utc_now())


@blueprint.get(f"{KITCHEN}/names")
@requires(Permission.KITCHEN_READ)
def names(canteen_id: uuid.UUID, on: date, meal: str) -> str:
    """The counter's sheet of paper: the list by name, to tick by hand."""
    return render_template("kitchens/names.html", page=kitchen(canteen_id, on, meal), now=utc_now())


@blueprint.get(f"{KITCHEN}/export")
@requires(Permission.KITCHEN_READ)
def export(canteen_id: uuid.UUID, on: date, meal: str) -> Response:
    """The list by name as a spreadsheet."""
    page = kitchen(canteen_id, on, meal)
    return spreadsheet(f"{page.canteen.name}-{on}-{word(page.service.meal)}", _columns(), _lines(page))


def _columns() -> list[Column]:
    texts = (_("饮食要求"), _("过敏"), _("备注"), _("状态"), _("取餐时间"))
    return [
        Column(_("姓名")), Column(_("菜"), 20), Column(_("怎么取餐")), Column(_("地址"), 36), *map(Column, texts)
    ]  # fmt: skip


def _lines(page: KitchenPage) -> Iterator[list[Cell]]:
    for row in page.portions:
        address = f"{row.address} {row.landmark}".strip() if row.handover is Handover.DELIVERY else ""
        yield [
            row.name, row.dish_name, word(row.handover), address, _("、").join(map(diet, row.diets)),
            _("、").join(map(allergen, row.allergens)), row.diet_note, word(row.status),
            clock(row.served_at) if row.served_at else "",
        ]  # fmt: skip
