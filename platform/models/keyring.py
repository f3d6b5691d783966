"""The keys of personal data: encryption with a key id, and blind indexes with a key of their own."""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


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


class Keyring:
    """Encrypts and decrypts text; stored form: key id (1 byte), nonce (12), ciphertext and tag."""

    def __init__(self) -> None:
        self._ciphers: dict[int, AESGCM] = {}
        self._current = 0
        self._index_key = b""

    def configure(self, field_keys: str, index_key: str) -> None:
        """Take the keys from settings; the first of `field_keys` writes, all of them read."""
        keys = parse_keys(field_keys)
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = next(iter(keys))
        self._index_key = base64.b64decode(index_key)
        if len(self._index_key) < 32:
            raise KeyringError("the blind index key has at least 32 bytes")

    def encrypt(self, text: str, context: str) -> bytes:
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self._current].encrypt(nonce, text.encode(), context.encode())
        return bytes([self._current]) + nonce + sealed

    def decrypt(self, stored: bytes, context: str) -> str:
        cipher = self._ciphers.get(stored[0])
        if cipher is None:
            raise KeyringError(f"the key with id {stored[0]} is not among FIELD_KEYS")
        return cipher.decrypt(stored[1 : 1 + _NONCE], stored[1 + _NONCE :], context.encode()).decode()

    def blind_index(self, value: str, context: str) -> str:
        """A keyed digest of `value` for equality search; different in every `context`."""
        digest = hmac.new(self._index_key, f"{context}\0{value}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode()


keyring = Keyring()


def phone_index(number: str) -> str:
    """The blind index of a normalised phone of a senior, a contact or a helper."""
    return keyring.blind_index(number, "phone")


def identity_index(number: str) -> str:
    """The blind index of a checked, 18-digit identity number."""
    return keyring.blind_index(number, "identity")
