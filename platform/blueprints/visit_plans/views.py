"""A senior's plan: shown, begun, changed, paused, ended."""

import uuid
from datetime import time

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from blueprints.forms import given, refusals_into
from blueprints.visits.room import moment_of
from domain.errors import NotFound
from domain.times import utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import VisitMode, VisitPlan
from policy import Permission, current_actor, requires
from queries import visit_plans as queries
from queries.visit_plans import PlanPage
from services import visit_plans

from .forms import EndForm, NewPlanForm, PauseForm, TermsForm, filled

blueprint = Blueprint("visit_plans", __name__, url_prefix="/visit-plans")


def page_of(senior_id: uuid.UUID, permission: Permission) -> PlanPage:
    """A senior's plans, within what the permission reaches."""
    page = queries.of(senior_id, current_actor().scope(permission), moment_of(utc_now()))
    if page is None:
        raise NotFound("")
    return page


def _plan(plan_id: uuid.UUID) -> tuple[VisitPlan, str, str]:
    found = queries.one(plan_id, current_actor().scope(Permission.VISIT_PLAN), moment_of(utc_now()).today)
    if found is None:
        raise NotFound("")
    return found


@blueprint.get("/senior/<uuid:senior_id>")
@requires(Permission.VISIT_READ)
def show(senior_id: uuid.UUID) -> str:
    """The plans of one senior, and the visits around today."""
    page = page_of(senior_id, Permission.VISIT_READ)
    today = moment_of(utc_now()).today
    every = {
        plan.id: visit_plans.every_days(plan.every_days, page.tier, page.division_code, today) for plan in page.plans
    }
    return render_template("visit_plans/show.html", page=page, every=every)


@blueprint.route("/senior/<uuid:senior_id>/new", methods=["GET", "POST"])
@requires(Permission.VISIT_PLAN)
def new(senior_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """A plan begins."""
    page, now = page_of(senior_id, Permission.VISIT_PLAN), utc_now()
    form = NewPlanForm(
        data={"from_on": moment_of(now).today, "window_from": time(8, 30), "window_to": time(17, 30), "priority": "2"}
    )
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            visit_plans.create(
                senior_id, terms=form.terms(), from_on=given(form.from_on), mode=VisitMode(form.mode.data),
                by=current_actor(), now=now,
            )  # fmt: skip
        if not refused:
            return done(_("探访计划已建好，到日子会自动安排。"), senior_id)
    status = 422 if form.is_submitted() else 200
    return render_template("visit_plans/new.html", form=form, page=page), status


@blueprint.route("/<uuid:plan_id>/edit", methods=["GET", "POST"])
@requires(Permission.VISIT_PLAN)
def edit(plan_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Other terms from now on."""
    plan, name, language = _plan(plan_id)
    form = TermsForm(data=filled(plan))
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            visit_plans.change(plan_id, terms=form.terms(), by=current_actor(), now=utc_now())
        if not refused:
            return done(_("计划已改好。"), plan.senior_id)
    status = 422 if form.is_submitted() else 200
    return render_template("visit_plans/edit.html", form=form, plan=plan, name=name, language=language), status


@blueprint.route("/<uuid:plan_id>/pause", methods=["GET", "POST"])
@requires(Permission.VISIT_PLAN)
def pause(plan_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Nobody comes on these days."""
    (plan, name, _language), form = _plan(plan_id), PauseForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            visit_plans.pause(
                plan_id, from_on=given(form.from_on), to_on=form.to_on.data, reason=form.reason.data or "",
                by=current_actor(), now=utc_now(),
            )  # fmt: skip
        if not refused:
            return done(_("计划已暂停。"), plan.senior_id)
    status = 422 if form.is_submitted() else 200
    return render_template("visit_plans/pause.html", form=form, plan=plan, name=name), status


@blueprint.post("/pauses/<uuid:pause_id>/resume")
@requires(Permission.VISIT_PLAN)
def resume(pause_id: uuid.UUID) -> Response:
    """They come again."""
    with unit_of_work():
        plan = visit_plans.resume(pause_id, by=current_actor(), now=utc_now())
    return done(_("计划已恢复。"), plan.senior_id)


@blueprint.route("/<uuid:plan_id>/end", methods=["GET", "POST"])
@requires(Permission.VISIT_PLAN)
def end(plan_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """The plan's last day."""
    (plan, name, _language), form = _plan(plan_id), EndForm(data={"last_on": moment_of(utc_now()).today})
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            visit_plans.end(
                plan_id, last_on=given(form.last_on), reason=form.reason.data or "", by=current_actor(), now=utc_now()
            )
        if not refused:
            return done(_("计划已结束。"), plan.senior_id)
    status = 422 if form.is_submitted() else 200
    return render_template("visit_plans/end.html", form=form, plan=plan, name=name), status


def done(sentence: str, senior_id: uuid.UUID) -> Response:
    """Back to the senior's plans, with a sentence."""
    flash(sentence, "success")
    return redirect(url_for("visit_plans.show", senior_id=senior_id), 303)
