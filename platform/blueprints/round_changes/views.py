"""The pages of changes."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.forms import refusals_into
from blueprints.rounds import drawing
from blueprints.sentences import HouseForm
from domain.errors import NotFound
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import ChangeKind, ChangeStatus, ProposalStatus, RoundChange
from policy import Permission, current_actor, requires
from queries import proposals as round_queries
from queries import round_changes as queries
from queries import standing
from queries.round_lines import ProposalPage
from services import round_changes

from . import solving
from .forms import AddedForm, CancelledForm, EventForm, IllForm, LateForm

blueprint = Blueprint("round_changes", __name__, url_prefix="/rounds")
KIND = "<any(ill,late,added,closed,cancelled):kind>"


@blueprint.get("/<uuid:proposal_id>/changes")
@requires(Permission.ROUND_READ)
def index(proposal_id: uuid.UUID) -> str:
    """What has been changed so far, and what else may happen."""
    shown = _proposal(proposal_id, Permission.ROUND_READ)
    scope = current_actor().scope(Permission.ROUND_READ)
    return render_template(
        "round_changes/index.html",
        proposal=shown,
        page=queries.of_proposal(scope, proposal_id, request.args.get("after")),
        kinds=list(ChangeKind),
        can_change=_can_change(shown),
    )


def _proposal(proposal_id: uuid.UUID, permission: Permission) -> ProposalPage:
    shown = round_queries.proposal(current_actor().scope(permission), proposal_id)
    if shown is None:
        raise NotFound("")
    return shown


def _can_change(shown: ProposalPage) -> bool:
    """Published, not over, and the reader's to plan."""
    is_mine = current_actor().scope(Permission.ROUND_PLAN).holds_division(shown.division_code)
    return is_mine and shown.status == ProposalStatus.PUBLISHED and shown.on >= local_day(utc_now())


@blueprint.get(f"/<uuid:proposal_id>/changes/new/{KIND}")
@requires(Permission.ROUND_PLAN)
def new(proposal_id: uuid.UUID, kind: str) -> str:
    """Say what has happened."""
    shown = _proposal(proposal_id, Permission.ROUND_PLAN)
    return _page(shown, ChangeKind(kind), _form(shown, ChangeKind(kind)))


def _page(shown: ProposalPage, kind: ChangeKind, form: EventForm) -> str:
    return render_template(
        "round_changes/new.html",
        proposal=shown,
        kind=kind,
        form=form,
        helpers=standing.helpers_on(shown.id),
        chosen=_helper_id(),
        can_change=_can_change(shown),
    )


def _helper_id() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get("helper_id", ""))
    except ValueError:
        return None


def _form(shown: ProposalPage, kind: ChangeKind) -> EventForm:
    """The form of this kind, with what there is to choose from."""
    helper_id = _helper_id()
    match kind:
        case ChangeKind.ILL:
            form = IllForm(standing.helpers_on(shown.id))
            if not form.is_submitted() and helper_id is not None:
                form.helper_id.data = str(helper_id)
            return form
        case ChangeKind.LATE:
            return LateForm(standing.open_stops(shown.id, helper_id) if helper_id else [])
        case ChangeKind.CANCELLED:
            return CancelledForm(standing.open_stops(shown.id, helper_id) if helper_id else [])
        case ChangeKind.ADDED:
            return AddedForm(standing.unplaced(shown.division_code, shown.on))
    return EventForm()


@blueprint.post(f"/<uuid:proposal_id>/changes/new/{KIND}")
@requires(Permission.ROUND_PLAN)
def create(proposal_id: uuid.UUID, kind: str) -> Redirect | tuple[str, int]:
    """Work out what it would mean. Nothing changes yet."""
    shown = _proposal(proposal_id, Permission.ROUND_PLAN)
    form = _form(shown, ChangeKind(kind))
    if form.validate_on_submit():
        with refusals_into(form) as refused:
            change_id = solving.suggest(shown, form.as_event(), by=current_actor())
        if not refused:
            return redirect(url_for("round_changes.show", change_id=change_id), 303)
    return _page(shown, ChangeKind(kind), form), 422


@blueprint.get("/changes/<uuid:change_id>")
@requires(Permission.ROUND_READ)
def show(change_id: uuid.UUID) -> str:
    """Before and after, side by side."""
    page = queries.change(current_actor().scope(Permission.ROUND_READ), change_id)
    if page is None:
        raise NotFound("")
    may_decide = current_actor().scope(Permission.ROUND_PLAN).holds_division(page.division_code)
    return render_template(
        "round_changes/show.html",
        change=page,
        names=round_queries.names_in(queries.reasons_in(page)),
        may_decide=may_decide,
        is_old=_is_old(page),
        before=drawing.draw([one.before for one in page.rounds if one.before.stops], width=640, height=440),
        after=drawing.draw([one.after for one in page.rounds if one.after.stops], width=640, height=440),
        can_undo=may_decide and page.status == ChangeStatus.ACCEPTED and round_changes.can_undo(change_id),
    )


def _is_old(page: queries.ChangePage) -> bool:
    now = utc_now()
    return page.on == local_day(now) and now - page.as_of > round_changes.HOLDS_FOR


def _act(act: Callable[..., RoundChange], change_id: uuid.UUID, done: str) -> Redirect:
    """Do it, or say on the change's page why not."""
    form = HouseForm()
    with refusals_into(form) as refused, unit_of_work():
        act(change_id, by=current_actor(), now=utc_now())
    flash(str(form.form_errors[0]) if refused else done, "error" if refused else "success")
    return redirect(url_for("round_changes.show", change_id=change_id), 303)


@blueprint.post("/changes/<uuid:change_id>/accept")
@requires(Permission.ROUND_PLAN)
def accept(change_id: uuid.UUID) -> Redirect:
    """From now on it holds."""
    return _act(
        round_changes.accept, change_id, _("已采用。助老员的手机上已经是新路线；收到过短信的老人会再收到一条更正。")
    )


@blueprint.post("/changes/<uuid:change_id>/dismiss")
@requires(Permission.ROUND_PLAN)
def dismiss(change_id: uuid.UUID) -> Redirect:
    """The day stays as it is."""
    return _act(round_changes.dismiss, change_id, _("没有采用，路线照旧。"))


@blueprint.post("/changes/<uuid:change_id>/undo")
@requires(Permission.ROUND_PLAN)
def undo(change_id: uuid.UUID) -> Redirect:
    """As it was before."""
    return _act(round_changes.undo, change_id, _("已撤销，路线和原来一样。"))


@blueprint.get("/changes/of/<uuid:helper_id>")
@requires(Permission.ROUND_PLAN)
def absent(helper_id: uuid.UUID) -> Redirect:
    """From a helper's page to what it means that they cannot go today, or tomorrow."""
    today = local_day(utc_now())
    for on in (today, today + timedelta(days=1)):
        found = _published(helper_id, on)
        if found is not None:
            return redirect(url_for("round_changes.new", proposal_id=found, kind="ill", helper_id=helper_id), 303)
    flash(_("今天和明天都没有他已发布的路线，登记请假就可以。"), "info")
    return redirect(url_for("helpers.show", helper_id=helper_id, _anchor="leave"), 303)


def _published(helper_id: uuid.UUID, on: date) -> uuid.UUID | None:
    found = standing.published_for(helper_id, on)
    return found if found and round_queries.proposal(current_actor().scope(Permission.ROUND_PLAN), found) else None
