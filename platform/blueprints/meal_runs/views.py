"""The day's board of deliveries, starting a plan, and one run on paper."""

import uuid
from datetime import timedelta

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blueprints.forms import given, refusals_into
from domain.times import local_day, utc_now
from extensions import unit_of_work
from models import Meal
from policy import Permission, current_actor, requires
from queries import meal_run_days
from queries import meal_runs as queries
from queries import rounds as round_queries
from services import audit, meal_run_search

from . import picture, searching
from .forms import PlanForm
from .room import blueprint, day, found


@blueprint.get("/meal-runs")
@requires(Permission.MEAL_RUN_READ)
def index() -> str:
    """A day's deliveries by canteen, and its plans; helpers and canteens see their own published runs."""
    actor = current_actor()
    scope = actor.scope(Permission.MEAL_RUN_READ)
    today = local_day(utc_now())
    if not scope.divisions:
        return render_template("meal_runs/own.html", runs=queries.own_runs(scope, today))
    on = day(request.args.get("on"), today)
    return render_template(
        "meal_runs/index.html",
        page=queries.board(scope, on, request.args.get("after")),
        plans=queries.plans(scope, on),
        on=on,
        days=[today + timedelta(days=ahead) for ahead in range(-1, 7)],
        now=utc_now(),
        can_plan=actor.can(Permission.MEAL_RUN_PLAN),
    )


@blueprint.get("/meal-runs/new")
@requires(Permission.MEAL_RUN_PLAN)
def new() -> str:
    """Choose a place, a day and a meal, see what there is, and press the button."""
    form = _form()
    form.on.data = day(request.args.get("on"), local_day(utc_now()) + timedelta(days=1))
    asked = request.args.get("division_code", "")
    form.division_code.data = asked if asked in form.names else _holding(asked, form.names)
    meal = request.args.get("meal", "")
    form.meal.data = meal if meal in set(Meal) else Meal.LUNCH.value
    form.is_joint.data = request.args.get("is_joint") is not None
    _offer(form)
    canteen = request.args.get("canteen_id", "")
    form.canteen_id.data = canteen if canteen in form.canteens else ""
    return render_template("meal_runs/new.html", form=form, counts=_counts(form))


def _holding(code: str, names: dict[str, str]) -> str:
    """The place to plan that a canteen's division lies in; the first of all where it lies in none."""
    return next((place for place in names if code.startswith(place)), next(iter(names), ""))


def _form() -> PlanForm:
    return PlanForm(round_queries.places(current_actor().scope(Permission.MEAL_RUN_PLAN)))


def _offer(form: PlanForm) -> None:
    if form.division_code.data and form.on.data:
        scope = current_actor().scope(Permission.MEAL_RUN_PLAN)
        form.offer(queries.canteens_with_deliveries(scope, form.division_code.data, form.on.data))


def _counts(form: PlanForm) -> meal_run_days.MealCounts | None:
    order = form.order()
    return meal_run_days.counts(order.division_code, order.canteen_id, order.on, order.meal) if order else None


@blueprint.post("/meal-runs")
@requires(Permission.MEAL_RUN_PLAN)
def create() -> Response | tuple[str, int]:
    """Start to search."""
    form = _form()
    _offer(form)
    if form.validate_on_submit() and (order := form.order()):
        actor, seconds = current_actor(), float(given(form.seconds))
        with refusals_into(form) as refused, unit_of_work() as uow:
            plan = meal_run_search.begin(order, seconds=seconds, seed=1, by=actor, now=utc_now())
            task = searching.Task(plan.id, order, seconds, 1, actor)
            app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  Flask's proxy
            uow.after_commit(lambda: searching.start(app, task))
        if not refused:
            return redirect(url_for("meal_runs.show", run_plan_id=task.plan_id), 303)
    return render_template("meal_runs/new.html", form=form, counts=_counts(form)), 422


@blueprint.get("/meal-runs/sheets/<uuid:run_id>")
@requires(Permission.MEAL_RUN_READ)
def sheet(run_id: uuid.UUID) -> str:
    """One run on A4, with names and addresses in full: written down as read."""
    actor = current_actor()
    shown = found(queries.sheet(actor.scope(Permission.MEAL_RUN_READ), run_id))
    with unit_of_work():
        audit.record("meal_run.show", "meal_run", run_id, by=actor, now=utc_now(), division_code=shown.division_code)
    return render_template("meal_runs/sheet.html", sheet=shown, picture=picture.of([shown.line], width=720, height=300))
