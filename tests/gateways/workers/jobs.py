"""What workers are given in tests. The processes import this module by name."""

import os
import signal
import time
from pathlib import Path

from gateways.workers import Tell


def double(number: int) -> int:
    return 2 * number


def where() -> int:
    return os.getpid()


def count(to: int, tell: Tell) -> int:
    """Tells each number."""
    for number in range(to):
        tell(("counted", number))
    return to


def die_whatever(*_given: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleep(seconds: float, note: Path) -> None:
    """Says in a file which process sleeps."""
    note.write_text(str(os.getpid()), encoding="ascii")
    time.sleep(seconds)
