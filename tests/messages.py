"""What tests of texts need: a sandbox, a sender with short terms, a published visit, a consenting senior."""

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from domain.codes import ConsentKind
from domain.sending import TERMS, Terms
from extensions import db
from gateways.sms import TwilioGateway
from gateways.sms.sandbox import Faults, Sandbox
from models import (
    Consent,
    Contact,
    Message,
    MessageStatus,
    Proposal,
    ProposalStatus,
    Purpose,
    Recipient,
    Round,
    Senior,
    Stop,
    Visit,
    VisitStatus,
)
from models.keyring import phone_index
from services.messages.outbox import digest_of
from services.messages.sender import Sender
from tests.factories import VILLAGE, make_helper, make_senior, make_visit

ACCOUNT = "AC00000000000000000000000000000000"
TOKEN = "a-token-of-the-tests"
NUMBER = "19900001234"
QUICK: Terms = replace(
    TERMS, connect_s=0.3, read_s=0.6, slack_s=0.1, lease_s=2.5, settle_s=1.5, first_ask_s=0.1, ask_every_s=0.3,
    backoff_s=0.05, backoff_cap_s=0.3, per_second=500.0, burst=500.0, open_s=0.3, open_cap_s=0.5, give_up_s=5.0,
)  # fmt: skip


def open_sandbox(**faults: Any) -> Sandbox:
    return Sandbox(account_sid=ACCOUNT, auth_token=TOKEN, faults=Faults(**faults)).start()


def make_gateway(url: str, terms: Terms = QUICK) -> TwilioGateway:
    return TwilioGateway(ACCOUNT, TOKEN, "+8619900000000", base_url=url, connect_s=terms.connect_s, read_s=terms.read_s)


def make_sender(gateway: Any, **changes: Any) -> Sender:
    """A sender of the tests, its shared rows made."""
    fields: dict[str, Any] = {"callback_base": "http://127.0.0.1:9", "terms": QUICK}
    sender = Sender(gateway=gateway, **(fields | changes))
    sender.prepare()
    return sender


def make_message(now: datetime, *, number: str = NUMBER, body: str = "【延安养老】您好。", **changes: Any) -> Message:
    """A text a person asked to send again, so that no live state is looked at; due now."""
    fields: dict[str, Any] = {
        "dedup_key": f"test:{uuid.uuid4()}", "purpose": Purpose.VISIT_EVE, "status": MessageStatus.PENDING,
        "division_code": VILLAGE, "recipient": Recipient.SENIOR, "to_number": number,
        "to_index": phone_index(number), "body": body, "body_digest": digest_of(body), "segments": 1,
        "due_at": now, "next_at": now, "not_after": now + timedelta(hours=12), "callback_token": "t" * 32,
        "token": 0, "attempts": 0, "rank": 0, "resend_number": 1, "created_at": now,
    }  # fmt: skip
    message = Message(**(fields | changes))
    if message.resend_number and message.resend_of_id is None and "resend_of_id" not in changes:
        root = Message(**(fields | {"dedup_key": f"root:{uuid.uuid4()}", "status": MessageStatus.CANCELLED,
                                    "resend_number": 0}))  # fmt: skip
        db.session.add(root)
        db.session.flush()
        message.resend_of_id = root.id
    db.session.add(message)
    db.session.flush()
    return message


def make_consent(senior: Senior, kind: ConsentKind = ConsentKind.TEXTS, **changes: Any) -> Consent:
    consent = Consent(senior_id=senior.id, kind=kind, given_on=date(2026, 1, 1), **changes)
    db.session.add(consent)
    db.session.flush()
    return consent


def make_contact(senior: Senior, phone: str, *, gets_texts: bool = True, **changes: Any) -> Contact:
    contact = Contact(
        senior_id=senior.id, name="李明", relation="son", phone=phone, phone_index=phone_index(phone),
        gets_texts=gets_texts, **changes,
    )  # fmt: skip
    db.session.add(contact)
    db.session.flush()
    return contact


def make_published_visit(senior: Senior, on: date, *, start_minute: int = 570, **changes: Any) -> Visit:
    """A visit on a published round of that day."""
    helper = make_helper()
    fields = {"status": VisitStatus.PLANNED, "helper_id": helper.id} | changes
    visit = make_visit(senior, on, **fields)
    proposal = Proposal(division_code=senior.residence_code, on=on, status=ProposalStatus.PUBLISHED)
    existing = db.session.scalars(
        db.select(Proposal).where(Proposal.division_code == senior.residence_code, Proposal.on == on)
    ).one_or_none()
    if existing is None:
        db.session.add(proposal)
        db.session.flush()
    round_ = Round(
        proposal_id=(existing or proposal).id, helper_id=helper.id, division_code=senior.residence_code, on=on,
        start_minute=510, end_minute=1000,
    )  # fmt: skip
    db.session.add(round_)
    db.session.flush()
    db.session.add(Stop(round_id=round_.id, visit_id=visit.id, position=1, arrive_minute=start_minute,
                        start_minute=start_minute, leave_minute=start_minute + 30, travel_minutes=10))  # fmt: skip
    db.session.flush()
    return visit


def make_texted_senior(number: str = NUMBER, **changes: Any) -> Senior:
    """A senior with a mobile who wants texts."""
    senior = make_senior(phones=[number], **changes)
    make_consent(senior)
    return senior
