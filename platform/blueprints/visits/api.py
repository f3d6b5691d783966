"""What a phone sends: batches of reports, answered one by one. Signed in by cookie, CSRF by the X-CSRFToken header."""

from flask import jsonify, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from domain.errors import Refusal
from domain.times import utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
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
    body = request.get_json(silent=True)
    if body is None:
        raise BadRequest
    now = utc_now()
    with unit_of_work():
        receipts = visit_log.take_batch(body, by=current_actor(), now=now)
    answers = [{"id": one.id, "answer": one.answer.value, "why": one.why} for one in receipts]
    return jsonify(received_at=now.isoformat(), answers=answers)
