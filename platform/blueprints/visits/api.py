"""What a phone sends: batches of reports, answered one by one. Signed in by cookie, CSRF by the X-CSRFToken header."""

from flask import jsonify, request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from domain.errors import Refusal
from domain.times import utc_now
from extensions import unit_of_work
from policy import Permission, current_actor, requires
from services import visit_log

from .room import blueprint

LARGEST = 1024 * 1024


@blueprint.post("/api/v1/visits/events")
@requires(Permission.VISIT_LOG)
def take_events() -> Response:
    """`{"sent_at": …, "events": [{id, visit_id, kind, happened_at, recorded_at, payload}, …]}`.

    Answers 200 with one receipt for each, in order: received, already, or refused and why. A refused report harms no
    other, and sending the whole batch again is safe.
    """
    if (request.content_length or 0) > LARGEST:
        raise Refusal(_("一次发得太多了，请分几次发送。"))
    body = _body()
    now = utc_now()
    with unit_of_work():
        receipts = visit_log.take_batch(body, by=current_actor(), now=now)
    answers = [{"id": one.id, "answer": one.answer.value, "why": one.why} for one in receipts]
    return jsonify(received_at=now.isoformat(), answers=answers)


def _body() -> object:
    """What was sent, as JSON; brackets a hundred thousand deep are no batch either."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    if body is None:
        raise BadRequest
    return body
