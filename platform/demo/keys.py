"""Demo phone numbers (199 0000 xxxx, sent only to the sandbox) and their blind indexes, each computed once."""

from functools import lru_cache

from models.keyring import phone_index as blind

from .dice import Dice

PREFIX = "1990000"


def phone_of(dice: Dice) -> str:
    """One of the nine thousand demo numbers; those below 1000 belong to the demo accounts."""
    return f"{PREFIX}{dice.randrange(1000, 10_000)}"


@lru_cache(maxsize=10_000)
def phone_index(number: str) -> str:
    """The blind index of a number."""
    return blind(number)
