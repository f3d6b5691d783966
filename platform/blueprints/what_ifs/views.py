"""The pages of questions."""

import uuid
from datetime import date, timedelta

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.forms import refusals_into
from blueprints.rounds import drawing
from domain.errors import NotFound
from domain.times import local_day, utc_now
from extensions import unit_of_work
from models import Question
from policy import Permission, current_actor, requires
from queries import proposals
from queries import what_ifs as queries
from queries.rounds import places
from queries.workdays import weekday_of_shifts
from services import what_ifs

from . import searching
from .forms import AskForm, FrequencyForm, OneMoreForm, WiderForm, WithoutForm

blueprint = Blueprint("what_ifs", __name__, url_prefix="/what-ifs")
QUESTION = "<any(without,one_more,wider,frequency):question>"


@blueprint.get("")
@requires(Permission.ROUND_PLAN)
def index() -> str:
    """What may be asked, and what was asked before."""
    scope = current_actor().scope(Permission.ROUND_PLAN)
    page = queries.index(scope, request.args.get("after"))
    return render_template("what_ifs/index.html", page=page, questions=list(Question))


@blueprint.get(f"/new/{QUESTION}")
@requires(Permission.ROUND_PLAN)
def new(question: str) -> str:
    """The one thing that would be different."""
    return render_template("what_ifs/new.html", form=_form(Question(question)), question=Question(question))


def _form(question: Question) -> AskForm:
    """The form of a question, with what there is to choose from in the place and on the day it names."""
    names = places(current_actor().scope(Permission.ROUND_PLAN))
    code, on = _place(names), _on()
    given = {} if request.method == "POST" else {"division_code": code, "on": on}
    match question:
        case Question.WITHOUT:
            helpers = queries.helpers_at_work(code, weekday_of_shifts(on)) if code else []
            return WithoutForm(names, helpers, **given | {"helper_id": request.args.get("helper_id")})
        case Question.ONE_MORE:
            return OneMoreForm(names, queries.townships(code) if code else [], **given)
        case Question.WIDER:
            return WiderForm(names, **given)
    return FrequencyForm(names, **given)


def _place(names: list[tuple[str, str]]) -> str:
    asked = request.values.get("division_code", "")
    known = [code for code, _name in names]
    return asked if asked in known else next(iter(known), "")


def _on() -> date:
    try:
        return date.fromisoformat(request.values.get("on", ""))
    except ValueError:
        return local_day(utc_now()) + timedelta(days=1)


@blueprint.post(f"/new/{QUESTION}")
@requires(Permission.ROUND_PLAN)
def create(question: str) -> Redirect | tuple[str, int]:
    """Begin to look into it."""
    form = _form(Question(question))
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work() as uow:
            what_if = what_ifs.ask(form.as_asked(), by=current_actor(), now=utc_now())
            app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  Flask's proxy
            uow.after_commit(lambda: searching.start(app, what_if.id))
        if not refused:
            return redirect(url_for("what_ifs.show", what_if_id=what_if.id), 303)
    return render_template("what_ifs/new.html", form=form, question=Question(question)), 422


def _read(what_if_id: uuid.UUID) -> queries.AskedPage:
    shown = queries.one(current_actor().scope(Permission.ROUND_READ), what_if_id)
    if shown is None:
        raise NotFound("")
    return shown


@blueprint.get("/<uuid:what_if_id>")
@requires(Permission.ROUND_READ)
def show(what_if_id: uuid.UUID) -> str:
    """The answer, in figures and sentences and on a map; until it is there, how far it is."""
    shown = _read(what_if_id)
    return render_template(
        "what_ifs/show.html",
        asked=shown,
        line=shown.line,
        is_lost=shown.is_lost(utc_now()),
        names=proposals.names_in(reason for one in shown.lost for reason in one.reasons),
        picture=drawing.draw(shown.rounds, shown.missed) if shown.rounds else None,
    )


@blueprint.get("/<uuid:what_if_id>/progress")
@requires(Permission.ROUND_READ)
def progress(what_if_id: uuid.UUID) -> Response:
    """For the script that polls."""
    shown = _read(what_if_id)
    state = "lost" if shown.is_lost(utc_now()) else shown.line.status.value
    return jsonify(state=state, **shown.progress)
