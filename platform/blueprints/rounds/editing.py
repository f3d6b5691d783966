"""A proposal changed by hand: what a change would come to, making it, taking it back, searching again.

Everything works as plain forms; a script asks `effect` while something is dragged and puts the answer's page in place.
"""

import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, current_app, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.forms import refusals_into
from blueprints.sentences import HouseForm
from dispatch import Violation
from domain.errors import Refusal
from domain.times import utc_now
from extensions import unit_of_work
from models import EditKind
from policy import Permission, current_actor, requires
from queries import proposals as queries
from services import round_again, round_edits, travel
from services.round_days import Day
from services.round_edits import Broke, Draft, Outcome, Wish
from services.round_effects import effects_of
from wording import round_edits as words

from . import searching
from .room import address, blueprint, read

SECONDS = 10.0
"""Of a search from a proposal."""
SAME_FOR = 60.0
"""Seconds for which a day is taken to be as it was read, to try changes on. Making one reads it anew."""
MOST_DAYS = 4


def _key(text: str | None) -> str:
    """An id as the optimiser has it; nothing where it is none."""
    try:
        return str(uuid.UUID(text or ""))
    except ValueError:
        return ""


def wish_of(given: Any) -> Wish | None:
    """What fields ask for. A button says kind:visit:second:helper:position in one; what it leaves open, fields say."""
    parts = [*str(given.get("act", "")).split(":"), "", "", "", ""]
    kind = parts[0] or given.get("kind", "")
    if kind not in set(EditKind) - {EditKind.UNDO, EditKind.REDO}:
        return None
    position = parts[4] or given.get("position", "")
    return Wish(
        kind=EditKind(kind),
        visit_id=_key(parts[1] or given.get("visit")),
        helper_id=_key(parts[3] or given.get("helper")),
        position=int(position) if position.isascii() and position.isdigit() else None,
        is_second=(parts[2] or given.get("second", "")) == "1",
        second_helper_id=_key(given.get("second_helper")),
    )


def _travel(proposal_id: uuid.UUID) -> Any:
    shown = read(proposal_id)
    return travel.model_for(shown.division_code, shown.on, osrm_url=current_app.extensions["settings"].osrm_url)


def _names(outcome: Outcome, broken: Iterable[Violation] = ()) -> dict[str, str]:
    helpers = {one.helper_id for one in effects_of(outcome.before.plan, outcome.after.plan).helpers}
    return queries.names_in([*({"helper": one} for one in helpers), *_mentioned(broken)])


def _mentioned(broken: Iterable[Violation]) -> list[dict[str, Any]]:
    """What a broken rule speaks of: a visit or a helper, and whose day it is."""
    return [{"helper": one.helper_id, "other": _key(one.subject), "visit": _key(one.subject)} for one in broken]


def _draft(proposal_id: uuid.UUID) -> Draft:
    """The proposal to try a change on. While somebody drags, its day is read once a minute, not for each place."""
    days: dict[uuid.UUID, tuple[float, Day]] = current_app.extensions.setdefault("rounds_looked_at", {})
    read_at, known = days.get(proposal_id, (-SAME_FOR, None))
    fresh = known if time.monotonic() - read_at < SAME_FOR else None
    draft = round_edits.draft(
        proposal_id, by=current_actor(), now=utc_now(), travel=_travel(proposal_id), known=fresh
    )  # fmt: skip
    if fresh is None:
        for old, _its in sorted(days.copy().items(), key=lambda one: one[1][0])[: max(len(days) - MOST_DAYS + 1, 0)]:
            days.pop(old, None)
        days[proposal_id] = (time.monotonic(), draft.day)
    return draft


@blueprint.get("/<uuid:proposal_id>/effect")
@requires(Permission.ROUND_PLAN)
def effect(proposal_id: uuid.UUID) -> Response:
    """Whether a change can be made, and what it would come to, in sentences."""
    wish = wish_of(request.args)
    if wish is None:
        return jsonify(possible=False, sentence="")
    try:
        draft = _draft(proposal_id)
        outcome = round_edits.tried(draft, wish)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return jsonify(possible=False, sentence=" ".join(filter(None, (refusal.sentence, refusal.suggestion))))
    names = _names(outcome, outcome.broken)
    if outcome.broken:
        return jsonify(possible=False, edit=draft.edit, sentence=words.refusals(outcome.broken, names))
    said = words.effects(effects_of(outcome.before.plan, outcome.after.plan), names)
    return jsonify(possible=True, edit=draft.edit, position=outcome.arguments.get("position"), sentence=said)


def _back(proposal_id: uuid.UUID) -> Redirect:
    """To where the change was made: the view, the round, the zoom stand in the address."""
    return redirect(url_for("rounds.show", proposal_id=proposal_id, **address()), 303)


def _change(proposal_id: uuid.UUID, change: Callable[..., Outcome]) -> Redirect:
    """Make it and say what it came to; or say why not."""
    form = HouseForm()
    on_edit = request.form.get("edit", type=int, default=-1)
    ways = _travel(proposal_id)
    with refusals_into(form) as refused, unit_of_work():
        outcome = change(proposal_id, on_edit=on_edit, by=current_actor(), now=utc_now(), travel=ways)
    if isinstance(refused.refusal, Broke):
        broken = refused.refusal.broken
        flash(words.refusals(broken, queries.names_in(_mentioned(broken))), "error")
    elif refused:
        flash(str(form.form_errors[0]), "error")
    else:
        flash(words.effects(effects_of(outcome.before.plan, outcome.after.plan), _names(outcome)), "success")
    return _back(proposal_id)


@blueprint.post("/<uuid:proposal_id>/edits")
@requires(Permission.ROUND_PLAN)
def edit(proposal_id: uuid.UUID) -> Redirect:
    """Make one change."""
    wish = wish_of(request.form)
    if wish is None:
        return _back(proposal_id)
    return _change(proposal_id, lambda one, **how: round_edits.apply(one, wish, **how))


@blueprint.post("/<uuid:proposal_id>/undo")
@requires(Permission.ROUND_PLAN)
def undo(proposal_id: uuid.UUID) -> Redirect:
    """Take the last change back."""
    return _change(proposal_id, round_edits.undo)


@blueprint.post("/<uuid:proposal_id>/redo")
@requires(Permission.ROUND_PLAN)
def redo(proposal_id: uuid.UUID) -> Redirect:
    """Make it again."""
    return _change(proposal_id, round_edits.redo)


@blueprint.post("/<uuid:proposal_id>/again")
@requires(Permission.ROUND_PLAN)
def again(proposal_id: uuid.UUID) -> Redirect:
    """Search again with what is locked; with a helper's id, as if that helper stayed at home."""
    form = HouseForm()
    actor, without = current_actor(), _key(request.form.get("without"))
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  Flask's proxy
    with refusals_into(form) as refused, unit_of_work() as uow:
        found, start = round_again.begin(
            proposal_id, seconds=SECONDS, without=uuid.UUID(without) if without else None, by=actor, now=utc_now()
        )
        order = searching.Order(found.id, found.division_code, found.on, SECONDS, found.seed, actor, start)
        uow.after_commit(lambda: searching.start(app, order))
    if refused:
        flash(str(form.form_errors[0]), "error")
        return _back(proposal_id)
    return redirect(url_for("rounds.show", proposal_id=order.proposal_id), 303)
