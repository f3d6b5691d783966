"""The keys of personal data: encryption with a key id, and blind indexes with a key of their own."""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.keys import KeyringError, parse_index_key, parse_keys

_NONCE = 12


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
        self._index_key = parse_index_key(index_key)

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
