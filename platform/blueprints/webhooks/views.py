"""The status callback of a text. Fail closed, change one row or none, never answer 500."""

import logging
import uuid

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from blueprints.webhooks.signatures import is_signed, read_receipt
from domain.times import utc_now
from extensions import csrf, limiter, unit_of_work
from policy import public
from services.messages import receipts

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
csrf.exempt(blueprint)

_log = logging.getLogger("yannian.webhooks")


@blueprint.post("/sms/status/<uuid:message_id>/<string(minlength=16, maxlength=64):token>")
@limiter.exempt
@public
def sms_status(message_id: uuid.UUID, token: str) -> Response:
    """One word of the provider about one text."""
    settings = current_app.extensions["settings"]
    if not is_signed(request, settings):
        return _say(403)
    receipt = read_receipt(request.form, settings.twilio_account_sid)
    if receipt is None:
        return _say(400)
    try:
        with unit_of_work():
            is_taken = receipts.receive(message_id, token, receipt, now=utc_now())
    except IntegrityError:
        return _say(409)
    except SQLAlchemyError:
        _log.exception("the receipt of message %s could not be written", message_id)
        return _say(503, retry=True)
    return _say(204 if is_taken else 404)


def _say(status: int, *, retry: bool = False) -> Response:
    response = Response(status=status)
    if retry:
        response.headers["Retry-After"] = "30"
    return response
