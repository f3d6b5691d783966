"""How far a long command is, on the console; quiet where nobody watches."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


class Bars:
    """One bar per step, each kept when the next begins. `labels` are the words for the steps' names."""

    def __init__(self, console: Console, labels: dict[str, str]) -> None:
        self._labels = labels
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓"), TextColumn("{task.description}"), BarColumn(bar_width=28),
            MofNCompleteColumn(), TimeElapsedColumn(), console=console,
        )  # fmt: skip
        self._current: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._progress.stop()

    def begin(self, label: str, total: int) -> None:
        """A new step of `total` things."""
        self._current = self._progress.add_task(self._labels.get(label, label), total=total)

    def advance(self, count: int = 1) -> None:
        """So many more are done."""
        if self._current is not None:
            self._progress.advance(self._current, count)
