"""Demo phone numbers (199 0000 xxxx, sent only to the sandbox) and their blind indexes, each computed once."""

from functools import lru_cache

from models.keyring import keyring

from .dice import Dice

PREFIX = "1990000"


def phone_of(dice: Dice) -> str:
    """One of the ten thousand demo numbers."""
    return f"{PREFIX}{dice.randrange(1000, 10_000)}"


@lru_cache(maxsize=50_000)
def phone_index(context: str, number: str) -> str:
    """The blind index of a number in a column ("senior_phones.number")."""
    return keyring.blind_index(number, context)
