"""Phone numbers of the mainland: mobiles, landlines with area code, service and short numbers."""

import re
from functools import lru_cache

import phonenumbers

SHORT = frozenset({"110", "119", "120", "122", "12345", "12348", "12349", "12320"})
AREA = "0911"
_SERVICE = re.compile(r"^400\d{7}$")


@lru_cache(maxsize=50_000)  # an import asks for each number five times
def normalise(text: str) -> str | None:
    """The one stored form of what somebody typed, or None if it is no number of the mainland.

    13800000000 · 0911-2112345 · 4001234567 · 12349. +86, spaces and dashes are accepted and dropped;
    seven digits without an area code are the city's.
    """
    digits = re.sub(r"[\s()（）\-—.·]", "", text.strip())
    digits = re.sub(r"^(\+|00)?86(?=1[3-9]\d{9}$|0?\d{9,11}$)", "", digits)
    if digits in SHORT or _SERVICE.match(digits):
        return digits
    if re.match(r"^[2-8]\d{6}$", digits):
        digits = AREA + digits
    try:
        parsed = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number_for_region(parsed, "CN"):
        return None
    national = str(parsed.national_number)
    if is_mobile(national):
        return national
    formatted = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    area, _space, rest = formatted.partition(" ")
    return f"{area if area.startswith('0') else '0' + area}-{rest.replace(' ', '')}"


def is_mobile(number: str | None) -> bool:
    """Whether a normalised number can get texts."""
    return bool(number and re.match(r"^1[3-9]\d{9}$", number))


def e164(number: str) -> str:
    """+8613800000000: what a gateway wants."""
    return "+86" + number.replace("-", "").removeprefix("0")
