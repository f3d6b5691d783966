"""The outbox of a day, the texts that wait for a person, and one text's story."""

import uuid
from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blueprints.forms import chosen, refusals_into
from blueprints.sentences import HouseForm
from domain.divisions import CITY
from domain.errors import NotFound
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import MessageStatus, Purpose
from policy import Permission, current_actor, requires
from queries import messages as queries
from services.messages import handling
from wording import as_options

from .forms import BreakerForm, HandleForm, ResendForm
from .story import story_items

blueprint = Blueprint("messages", __name__, url_prefix="/messages")
READ, HANDLE = Permission.MESSAGE_READ, Permission.MESSAGE_HANDLE


def _day(today: date) -> date:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today


@blueprint.get("")
@requires(READ)
def index() -> str:
    """A day's texts; filters live in the address."""
    scope, now = current_actor().scope(READ), utc_now()
    day = _day(local_day(now))
    status, purpose = chosen(MessageStatus, "status"), chosen(Purpose, "purpose")
    senior_id = request.args.get("senior", type=uuid.UUID)
    page = queries.outbox(
        scope, day, status=status, purpose=purpose, senior_id=senior_id, cursor=request.args.get("after")
    )
    return render_template(
        "messages/index.html", page=page, day=day, status=status, purpose=purpose, purposes=as_options(Purpose),
        figures=queries.figures(scope, day), waiting=queries.count_awaiting(scope, now),
        breakers=queries.open_breakers(), form=BreakerForm(), is_filtered=bool(status or purpose or senior_id),
        can_close=current_actor().scope(HANDLE).holds_division(CITY),
        has_phones=current_app.extensions["settings"].sms_gateway == "sandbox",
    )  # fmt: skip


@blueprint.get("/awaiting")
@requires(READ)
def awaiting() -> str:
    """The texts a machine cannot bring further."""
    page = queries.awaiting(current_actor().scope(READ), utc_now(), cursor=request.args.get("after"))
    return render_template("messages/awaiting.html", page=page)


@blueprint.get("/<uuid:message_id>")
@requires(READ)
def show(message_id: uuid.UUID) -> str:
    """One text: what it says, to whom, and everything that happened to it."""
    return _page(message_id, ResendForm(), HandleForm())


@blueprint.post("/<uuid:message_id>/resend")
@requires(HANDLE)
def resend(message_id: uuid.UUID) -> Response | tuple[str, int]:
    """Send the same words once more."""
    form = ResendForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            again = handling.resend(message_id, reason=form.reason.data or "", by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已排队再发一次。"), "success")
            return redirect(url_for("messages.show", message_id=again.id), 303)
    return _page(message_id, form, HandleForm(formdata=None)), 422


@blueprint.post("/<uuid:message_id>/handle")
@requires(HANDLE)
def handle(message_id: uuid.UUID) -> Response | tuple[str, int]:
    """Tick it off: somebody called, went there, or nothing is to be done."""
    form = HandleForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            handling.handle(message_id, note=form.note.data or "", by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已记下处理结果，从名单中移走了。"), "success")
            return redirect(url_for("messages.awaiting"), 303)
    return _page(message_id, ResendForm(formdata=None), form), 422


@blueprint.post("/channels/<string(maxlength=40):provider>/close")
@requires(HANDLE)
def close_breaker(provider: str) -> Response:
    """Let everybody send again."""
    form = BreakerForm()
    with refusals_into(form) as refused, unit_of_work():
        handling.close_breaker(provider, reason=form.reason.data or "", by=current_actor(), now=utc_now())
    if refused and refused.refusal:
        flash(refused.refusal.sentence, "error")
    else:
        flash(_("通道已恢复，短信会接着发。"), "success")
    return redirect(url_for("messages.index"), 303)


def _page(message_id: uuid.UUID, resend_form: HouseForm, handle_form: HouseForm) -> str:
    actor, now = current_actor(), utc_now()
    story = queries.story(actor.scope(READ), message_id)
    if story is None:
        raise NotFound("")
    with unit_of_work():
        handling.look(message_id, story.message.division_code, by=actor, now=now)
    return render_template(
        "messages/show.html", story=story, message=story.message, items=story_items(story), now=now,
        resend_form=resend_form, handle_form=handle_form, can_handle=actor.can(HANDLE),
        can_resend=story.message.status in handling.RESENDABLE and bool(story.message.to_number),
    )  # fmt: skip
