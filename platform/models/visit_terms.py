"""What a call at a door needs, wishes and allows: said in a plan, copied into each of its visits."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

SECOND_CHECK = "second_gap_least >= 0 AND second_gap_least <= second_gap_most"
TERM_NAMES = (
    "window_from", "window_to", "windows", "is_soft", "duration_minutes", "skills", "wants_sex", "wishes_sex",
    "needs_language", "needs_two", "second_skills", "second_sex", "second_minutes", "second_gap_least",
    "second_gap_most", "priority",
)  # fmt: skip
"""The columns of `VisitTerms`: what a visit takes over from its plan."""


def second_constraint() -> CheckConstraint:
    """A second helper comes after the first, never before."""
    return CheckConstraint(SECOND_CHECK, name="second_gap")


class VisitTerms:
    """Times are minutes after local midnight. `spans` is when it may be; `window_from`, `window_to` bound it all."""

    window_from: Mapped[int] = mapped_column(default=510, comment="minutes after local midnight")
    window_to: Mapped[int] = mapped_column(default=1050)
    windows: Mapped[list[list[int]]] = mapped_column(
        default=list, comment="[from, to] of each of several times of the day; empty: window_from..window_to"
    )
    is_soft: Mapped[bool] = mapped_column(default=False, comment="may begin late, where nothing else can be done")
    duration_minutes: Mapped[int] = mapped_column(default=30)
    skills: Mapped[list[str]] = mapped_column(default=list)
    wants_sex: Mapped[str | None] = mapped_column(String(10), comment="helper's sex the senior asks for")
    wishes_sex: Mapped[bool] = mapped_column(default=False, comment="wants_sex is a wish, not a condition")
    needs_language: Mapped[bool] = mapped_column(
        default=False, comment="whoever comes must speak the senior's language; False: a wish"
    )
    needs_two: Mapped[bool] = mapped_column(default=False, comment="two helpers at the door")
    second_skills: Mapped[list[str]] = mapped_column(default=list)
    second_sex: Mapped[str | None] = mapped_column(String(10), comment="the second helper's sex, a condition")
    second_minutes: Mapped[int | None] = mapped_column(comment="NULL: as long as the first")
    second_gap_least: Mapped[int] = mapped_column(default=0, comment="minutes after the first; 0, 0: together")
    second_gap_most: Mapped[int] = mapped_column(default=0)
    priority: Mapped[int] = mapped_column(default=2, comment="1 urgent .. 3 can wait")

    @property
    def spans(self) -> list[tuple[int, int]]:
        """When it may be, in order."""
        return spans_of(self.windows, self.window_from, self.window_to)


def spans_of(windows: list[list[int]], window_from: int, window_to: int) -> list[tuple[int, int]]:
    """The times of the day a call may be made in: several, or the one."""
    return [(first, last) for first, last in windows] or [(window_from, window_to)]
