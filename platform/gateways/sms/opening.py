"""The gateway an installation has chosen."""

from domain.sending import TERMS, Terms

from .protocol import SmsGateway
from .twilio_gateway import TwilioGateway


def open_gateway(
    kind: str, *, account_sid: str, auth_token: str, sender: str, sandbox_url: str, terms: Terms = TERMS
) -> SmsGateway:
    """`twilio`, or `sandbox`: the same client against our own server. Refuses to open without a token."""
    if not auth_token:
        raise ValueError("a gateway without a token would believe every forged receipt")
    if kind == "sandbox":
        return TwilioGateway(
            account_sid, auth_token, sender, base_url=sandbox_url, connect_s=terms.connect_s, read_s=terms.read_s
        )
    return TwilioGateway(account_sid, auth_token, sender, connect_s=terms.connect_s, read_s=terms.read_s)
