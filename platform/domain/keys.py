"""How encryption keys are written in the environment."""

import base64
import binascii


class KeyringError(Exception):
    """A key is missing or of the wrong size, or a stored value was not written with these keys."""


def parse_keys(text: str) -> dict[int, bytes]:
    """`"2:BASE64,1:BASE64"` to `{2: key, 1: key}`; the first named is the one that writes.

    Raises KeyringError for a key that is not 32 bytes or an id outside 1..255.
    """
    keys: dict[int, bytes] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        number, _, encoded = item.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
            key_id = int(number)
        except ValueError as error:
            raise KeyringError("a key is written as ID:BASE64") from error
        if len(key) != 32 or not 1 <= key_id <= 255:
            raise KeyringError("a key has 32 bytes and an id from 1 to 255")
        keys[key_id] = key
    if not keys:
        raise KeyringError("no key is given")
    return keys


def parse_index_key(text: str) -> bytes:
    """The key of blind indexes from BASE64; raises KeyringError under 32 bytes."""
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise KeyringError("the blind index key is written as BASE64") from error
    if len(key) < 32:
        raise KeyringError("the blind index key has at least 32 bytes")
    return key
