"""Before there is a proposal: the board of days, and the form that starts a search."""

from datetime import date, timedelta
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.forms import refusals_into
from domain.times import local_day, utc_now
from extensions import unit_of_work
from policy import Permission, current_actor, requires
from queries import proposals, round_days
from queries import rounds as queries
from services import round_calendar, round_daylight, round_search

from . import searching
from .forms import PlanForm
from .room import blueprint


def _day(text: str | None, default: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return default


@blueprint.get("")
@requires(Permission.ROUND_READ)
def index() -> str:
    """Today and tomorrow, place by place; a helper sees their own rounds."""
    actor = current_actor()
    scope = actor.scope(Permission.ROUND_READ)
    today = local_day(utc_now())
    if not scope.divisions:
        return render_template("rounds/own.html", rounds=proposals.own_rounds(scope, today))
    first = _day(request.args.get("on"), today)
    board = queries.board(scope, [first, first + timedelta(days=1)])
    return render_template(
        "rounds/index.html",
        board=board,
        first=first,
        history=queries.history(scope, request.args.get("after")),
        can_plan=actor.can(Permission.ROUND_PLAN),
    )


@blueprint.get("/new")
@requires(Permission.ROUND_PLAN)
def new() -> str:
    """Choose a place and a day, see what there is, and press the button."""
    form = _form()
    today = local_day(utc_now())
    form.on.data = _day(request.args.get("on"), today + timedelta(days=1))
    asked = request.args.get("division_code", "")
    form.division_code.data = asked if asked in form.names else next(iter(form.names), "")
    return render_template("rounds/new.html", form=form, counts=_counts(form), foreseen=_foreseen(form), out=_out(form))


def _form() -> PlanForm:
    return PlanForm(queries.places(current_actor().scope(Permission.ROUND_PLAN)))


def _foreseen(form: PlanForm) -> tuple[dict[str, Any], ...]:
    """What the calendar will do to the day that is chosen."""
    code, on = form.division_code.data, form.on.data
    if not code or on is None:
        return ()
    return round_calendar.foreseen(code, on, round_days.visits_to_plan(code, on, local_day(utc_now()))).rules


def _counts(form: PlanForm) -> round_days.DayCounts | None:
    if not form.division_code.data or form.on.data is None:
        return None
    return round_days.counts(form.division_code.data, form.on.data, local_day(utc_now()))


def _out(form: PlanForm) -> round_daylight.DayOut | None:
    """By when helpers are back that day."""
    if not form.division_code.data or form.on.data is None:
        return None
    return round_daylight.at_division(form.division_code.data, form.on.data)


@blueprint.post("")
@requires(Permission.ROUND_PLAN)
def create() -> Redirect | tuple[str, int]:
    """Start to search."""
    form = _form()
    if form.validate_on_submit():
        code, on = form.division_code.data, form.on.data or date.min
        actor, seconds = current_actor(), float(form.seconds.data)
        with refusals_into(form) as refused, unit_of_work() as uow:
            proposal = round_search.begin(code, on, seconds=seconds, seed=1, by=actor, now=utc_now())
            order = searching.Order(proposal.id, code, on, seconds, 1, actor)
            app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  Flask's proxy
            uow.after_commit(lambda: searching.start(app, order))
        if not refused:
            return redirect(url_for("rounds.show", proposal_id=order.proposal_id), 303)
    return render_template(
        "rounds/new.html", form=form, counts=_counts(form), foreseen=_foreseen(form), out=_out(form)
    ), 422
