"""Chance that repeats: the same seed and name give the same draws and the same ids."""

import random
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

One = TypeVar("One")
SEED = 1
_EPOCH_MS = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)


class Dice(random.Random):
    """A seeded source of chance for one thing, named by `parts` ("senior", 17): no two things share draws."""

    def __new__(cls, *_parts: object, **_named: object) -> "Dice":
        return super().__new__(cls)

    def __init__(self, *parts: object, seed: int = SEED) -> None:
        super().__init__(f"{seed}/{'/'.join(map(str, parts))}")

    def one(self, weighted: Sequence[tuple[One, float]]) -> One:
        """One of `(thing, weight)`."""
        things, weights = zip(*weighted, strict=True)
        found: One = self.choices(things, weights)[0]
        return found

    def happens(self, share: float) -> bool:
        """Whether something that happens to `share` of all happens here."""
        return self.random() < share

    def id(self, number: int = 0) -> uuid.UUID:
        """A UUIDv7 that sorts by `number`."""
        milliseconds = _EPOCH_MS + number
        tail = self.getrandbits(74)
        value = milliseconds << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0x2 << 62 | tail & (1 << 62) - 1
        return uuid.UUID(int=value)


def id_of(*parts: object, number: int = 0, seed: int = SEED) -> uuid.UUID:
    """The id of the thing that `parts` name: whoever asks gets the same."""
    return Dice("id", *parts, seed=seed).id(number)
