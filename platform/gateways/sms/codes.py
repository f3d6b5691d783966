"""What a provider's error codes mean for us: data, with a safe default.

Source: Twilio's error dictionary. Safe defaults: a code that is not listed fails this one text if it came with a 4xx;
a 4xx without any code is no answer of Twilio's (a proxy, a wrong address) and fails nobody; all else is a doubt.
"""

from enum import StrEnum


class Meaning(StrEnum):
    RECIPIENT = "recipient"  # final for this number: never try again
    TEXT = "text"  # final for this text
    LATER = "later"  # nothing was accepted: try again
    EVERYBODY = "everybody"  # account or sender: open the circuit, lose no message
    DOUBT = "doubt"  # may have been accepted


MEANINGS: dict[str, Meaning] = {
    "14107": Meaning.LATER,  # send rate limit exceeded
    "20001": Meaning.TEXT,
    "20003": Meaning.EVERYBODY,  # authentication
    "20005": Meaning.EVERYBODY,  # account not active
    "20006": Meaning.EVERYBODY,
    "20008": Meaning.EVERYBODY,  # test credentials
    "20009": Meaning.EVERYBODY,
    "20403": Meaning.EVERYBODY,
    "20404": Meaning.EVERYBODY,  # the account's address does not exist
    "20429": Meaning.LATER,
    "20500": Meaning.DOUBT,
    "20503": Meaning.DOUBT,
    "21211": Meaning.RECIPIENT,  # not a phone number
    "21212": Meaning.EVERYBODY,  # bad sender
    "21214": Meaning.RECIPIENT,
    "21217": Meaning.RECIPIENT,
    "21265": Meaning.RECIPIENT,
    "21408": Meaning.EVERYBODY,  # region not enabled
    "21601": Meaning.EVERYBODY,
    "21602": Meaning.TEXT,  # no body
    "21603": Meaning.EVERYBODY,  # no sender
    "21604": Meaning.RECIPIENT,
    "21605": Meaning.TEXT,
    "21606": Meaning.EVERYBODY,  # the sender cannot send texts
    "21608": Meaning.RECIPIENT,  # unverified, on trial accounts
    "21610": Meaning.RECIPIENT,  # opted out at the provider
    "21611": Meaning.LATER,  # the sender's queue is full
    "21612": Meaning.RECIPIENT,
    "21614": Meaning.RECIPIENT,  # not a mobile
    "21617": Meaning.TEXT,  # too long
    "21635": Meaning.RECIPIENT,  # a landline
    "21659": Meaning.EVERYBODY,
    "21660": Meaning.EVERYBODY,
    "21703": Meaning.EVERYBODY,
    "30001": Meaning.LATER,
    "63038": Meaning.EVERYBODY,  # daily limit of the account
}


def meaning_of(http_status: int, code: str) -> Meaning:
    """What an error answer means, by its code, else by its HTTP status."""
    if http_status in {401, 403}:
        return Meaning.EVERYBODY
    if code in MEANINGS:
        return MEANINGS[code]
    if http_status == 429:
        return Meaning.LATER
    if 400 <= http_status < 500 and http_status != 408:
        return Meaning.TEXT if code else Meaning.EVERYBODY
    return Meaning.DOUBT
