"""What every kind of workers offers."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from types import TracebackType
from typing import Self

Message = tuple[str | int | float, ...]
Tell = Callable[[Message], None]


class Workers(ABC):
    """An executor, and a way for its tasks to say how they get on.

    `tell` travels with a task and is called in the worker; what it says is `heard` here. `is_substitute`: they are not
    the workers asked for. Leaving the block ends what still runs.
    """

    executor: Executor
    tell: Tell

    def __init__(self, *, is_substitute: bool = False) -> None:
        self.is_substitute = is_substitute
        self._heard: deque[Message] = deque()

    def heard(self) -> list[Message]:
        """What has been told since the last call."""
        return [self._heard.popleft() for _number in range(len(self._heard))]

    @abstractmethod
    def close(self) -> None:
        """End it all."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
