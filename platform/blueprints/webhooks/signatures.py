"""Whether a callback is the provider's own, and what it says."""

import re

from flask import Request
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from models import RANKS
from services.messages.receipts import Receipt
from settings import Settings

LONGEST = 16 * 1024
_SID = re.compile(r"^(SM|MM)[0-9a-f]{32}$")
_CODE = re.compile(r"^\d{0,8}$")


def is_signed(request: Request, settings: Settings) -> bool:
    """Signed with our token over the address we gave out and every field. No token, no header, no form: no."""
    signature = request.headers.get("X-Twilio-Signature", "")
    is_form = request.mimetype == "application/x-www-form-urlencoded"
    if not settings.twilio_auth_token or not signature or not is_form or request.query_string:
        return False
    if request.content_length is None or request.content_length > LONGEST:
        return False
    try:
        request.max_form_parts = 100
        fields = request.form
    except HTTPException:
        return False
    address = settings.public_url + request.path
    return bool(RequestValidator(settings.twilio_auth_token).validate(address, fields, signature))


def read_receipt(fields: "MultiDict[str, str]", account_sid: str) -> Receipt | None:
    """What it says; None for another account's, or for what no provider would write."""
    sid, status, code = fields.get("MessageSid", ""), fields.get("MessageStatus", ""), fields.get("ErrorCode", "")
    is_ours = fields.get("AccountSid", "") == account_sid and _SID.match(sid) and _CODE.match(code)
    return Receipt(sid, status, code) if is_ours and status in RANKS else None
