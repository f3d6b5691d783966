"""What a change of rounds comes to for people, in minutes and metres."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HelperEffect:
    """A helper whose day differs. Minutes after midnight; None where there is no round, before or after."""

    helper_id: str
    was_back: int | None
    leaves: int | None
    back: int | None


@dataclass(frozen=True, slots=True)
class Effects:
    """After minus before, in minutes and metres; negative is less."""

    travel: int
    metres: int
    served: int
    late: int
    overtime: int
    helpers: tuple[HelperEffect, ...]
    retimed: int
    furthest: int
    """By how many minutes the most moved visit of those moves."""

    @property
    def is_nothing(self) -> bool:
        return not (self.travel or self.metres or self.served or self.helpers or self.retimed)
