"""The screen of a senior's phone."""

import uuid
from datetime import timedelta

from flask import Blueprint, current_app, render_template

from domain.errors import NotFound
from domain.phones import e164
from domain.times import utc_now
from extensions import unit_of_work
from gateways.sms.sandbox import Bubble, SandboxAway, read_phone
from policy import Permission, current_actor, requires
from queries import messages as queries
from services.messages import handling

blueprint = Blueprint("phones", __name__, url_prefix="/phones")
READ = Permission.MESSAGE_READ
LOOK_BACK = timedelta(days=30)


@blueprint.before_request
def _only_with_sandbox() -> None:
    if current_app.extensions["settings"].sms_gateway != "sandbox":
        raise NotFound("")


@blueprint.get("")
@requires(READ)
def index() -> str:
    """Phones that were texted lately."""
    phones = queries.phones(current_actor().scope(READ), utc_now() - LOOK_BACK)
    return render_template("phones/index.html", phones=phones)


@blueprint.get("/<uuid:senior_id>")
@requires(READ)
def show(senior_id: uuid.UUID) -> str:
    """One phone."""
    actor = current_actor()
    scope = actor.scope(READ)
    phone = queries.phone_of(scope, senior_id)
    if phone is None:
        raise NotFound("")
    bubbles, is_away = _screen(phone.number) if phone.number else ([], False)
    known = queries.ours(scope, [one.sid for one in bubbles])
    with unit_of_work():
        handling.look_at_phone(senior_id, by=actor, now=utc_now())
    bubbles = [one for one in bubbles if one.sid in known]
    return render_template("phones/show.html", phone=phone, bubbles=bubbles[::-1], is_away=is_away)


def _screen(number: str) -> tuple[list[Bubble], bool]:
    """What is on the screen, and whether the sandbox could not be asked."""
    settings = current_app.extensions["settings"]
    try:
        return read_phone(
            settings.sandbox_url, e164(number),
            account_sid=settings.twilio_account_sid, auth_token=settings.twilio_auth_token,
        ), False  # fmt: skip
    except SandboxAway:
        return [], True
