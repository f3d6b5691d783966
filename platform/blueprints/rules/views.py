"""Rules: what holds today, what was set where, a new one, the end of one."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from blueprints.fields import chosen
from blueprints.forms import refusals_into
from domain.divisions import CITY
from domain.rules import RuleKey
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from policy import Permission, current_actor, requires
from queries import rules as queries
from services import rules
from services.weight_previews import Tried
from wording.registries import RULE_MEANINGS
from wording.round_weights import ROWS

from .forms import EndForm, RuleForm, rule_form
from .previews import try_weights

blueprint = Blueprint("rules", __name__, url_prefix="/rules")


def _home() -> str:
    """The place whose rules are shown: the actor's own, else the city."""
    return min(current_actor().scope(Permission.RULE_READ).divisions, default=CITY)


def _key(name: str) -> RuleKey:
    key = chosen(RuleKey, name)
    if key is None:
        raise NotFound
    return RuleKey(key)


@blueprint.get("/")
@requires(Permission.RULE_READ)
def index() -> str:
    """What holds here today, key by key."""
    place, today = _home(), local_day(utc_now())
    held = {key: rules.value(key, place, today) for key in RuleKey}
    return render_template("rules/index.html", held=held, meanings=RULE_MEANINGS)


@blueprint.get("/<key>")
@requires(Permission.RULE_READ)
def show(key: str) -> str:
    """One rule: what holds today, and every dated value in the scope."""
    return _page(_key(key), EndForm())


def _page(key: RuleKey, form: EndForm) -> str:
    place, today, actor = _home(), local_day(utc_now()), current_actor()
    return render_template(
        "rules/show.html",
        key=key,
        meaning=RULE_MEANINGS[key],
        held=rules.value(key, place, today),
        lines=queries.lines(actor.scope(Permission.RULE_READ), key=key),
        edits=actor.scope(Permission.RULE_EDIT),
        form=form,
    )


@blueprint.get("/<key>/new")
@requires(Permission.RULE_EDIT)
def new(key: str) -> str:
    """A form filled with what holds now."""
    its, place, today = _key(key), _home(), local_day(utc_now())
    form = rule_form(its, rules.value(its, place, today).value, division_code=place, from_on=today)
    return render_template("rules/form.html", form=form, key=its, meaning=RULE_MEANINGS[its])


@blueprint.post("/<key>/new")
@requires(Permission.RULE_EDIT)
def create(key: str) -> Response | tuple[str, int]:
    """Set a dated value; of weights, with `look`, only say what they would do."""
    its = _key(key)
    form = rule_form(its)
    if form.validate_on_submit():
        if "look" in request.form and its is RuleKey.ROUND_WEIGHTS:
            return _tried(form)
        days = {"from_on": form.from_on.data, "to_on": form.to_on.data}
        where = {"division_code": form.division_code.data or "", "note": form.note.data or ""}
        with refusals_into(form) as refused, unit_of_work():
            rules.set_value(key=its, terms=form.terms(), **where, **days, by=current_actor(), now=utc_now())  # type: ignore[arg-type]
        if not refused:
            flash(_("新规则已保存。"), "success")
            return redirect(url_for("rules.show", key=its), 303)
    return render_template("rules/form.html", form=form, key=its, meaning=RULE_MEANINGS[its]), 422


def _tried(form: RuleForm) -> tuple[str, int]:
    """What the weights that were typed would have done to a day that is known. Nothing is saved."""
    tried: Tried | None = None
    with refusals_into(form):
        tried = try_weights(form.division_code.data or "", form.terms())
    key = RuleKey.ROUND_WEIGHTS
    page = render_template("rules/form.html", form=form, key=key, meaning=RULE_MEANINGS[key], tried=tried, rows=ROWS)
    return page, 200 if tried is not None else 422


@blueprint.post("/<key>/<uuid:rule_id>/end")
@requires(Permission.RULE_EDIT)
def end(key: str, rule_id: uuid.UUID) -> Response | tuple[str, int]:
    """The last day of a value."""
    form = EndForm()
    if form.validate_on_submit() and form.last_on.data:
        with refusals_into(form) as refused, unit_of_work():
            rules.end(rule_id, last_on=form.last_on.data, by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已结束。之后按上一级或更早的规则。"), "success")
            return redirect(url_for("rules.show", key=_key(key)), 303)
    return _page(_key(key), form), 422
