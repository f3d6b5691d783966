"""Texts, out to the world: a Protocol, Twilio behind it, and a sandbox that speaks Twilio's Messages API."""

from .opening import open_gateway
from .protocol import Accepted, Answer, Doubt, Later, NotSent, OutgoingText, Refused, SeenText, SmsGateway, Unreachable
from .segments import MAX_SEGMENTS, WARN_SEGMENTS, count_segments
from .twilio_gateway import TwilioGateway

__all__ = [
    "MAX_SEGMENTS",
    "WARN_SEGMENTS",
    "Accepted",
    "Answer",
    "Doubt",
    "Later",
    "NotSent",
    "OutgoingText",
    "Refused",
    "SeenText",
    "SmsGateway",
    "TwilioGateway",
    "Unreachable",
    "count_segments",
    "open_gateway",
]
