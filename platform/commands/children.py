"""Child processes that are looked after: each in a group of its own, restarted when it dies, ended with the others."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

GRACE_S = 38.0
"""A scheduler may take 35 s to finish the text in its hand."""
_CALM_S = 30.0
_LONGEST_PAUSE_S = 30.0
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and where its words go."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    log: Path


class Child:
    """One running program; it is the leader of its own process group."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.deaths = 0
        self.restart_at: float | None = None
        self.started_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it. Its group does not get the terminal's Ctrl-C; it gets our SIGTERM, even if we are killed."""
        self.program.log.parent.mkdir(parents=True, exist_ok=True)
        with self.program.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.program.command, env=dict(self.program.env), stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=_end_with_parent,  # noqa: PLW1509
            )  # fmt: skip
        self.started_at = time.monotonic()
        self.restart_at = None

    def note_death(self, now: float) -> float:
        """It has died: restart it after a pause that doubles while it keeps dying. Returns the pause in seconds."""
        self.deaths = self.deaths + 1 if now - self.started_at < _CALM_S else 1
        pause: float = min(_LONGEST_PAUSE_S, 0.5 * 2**self.deaths)
        self.restart_at = now + pause
        return pause

    def signal(self, number: int) -> None:
        """Send a signal to the whole group."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


def _end_with_parent() -> None:
    """On Linux: should the parent be killed outright, the kernel ends the child too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Keeps programs running until `stop`; `say` is told of every death."""

    def __init__(self, programs: list[Program], say: Callable[[str, int, float], None]) -> None:
        self.children = [Child(program) for program in programs]
        self.say = say
        self.is_stopping = False

    def start(self) -> None:
        """Start all, in the order given."""
        for child in self.children:
            child.start()

    def add(self, program: Program) -> None:
        """Start one more."""
        child = Child(program)
        self.children.append(child)
        child.start()

    def stop(self, *_signal: object) -> None:
        """Ask `run` to end. Safe in a signal handler."""
        self.is_stopping = True

    def run(self) -> None:
        """Look after the children until `stop` is called."""
        while not self.is_stopping:
            self.look()
            time.sleep(0.2)

    def look(self) -> None:
        """One look: note who has died, restart whose pause is over."""
        now = time.monotonic()
        for child in self.children:
            if child.restart_at is not None:
                if now >= child.restart_at:
                    child.start()
            elif child.process is not None and child.process.poll() is not None:
                code = child.process.returncode
                child.signal(signal.SIGKILL)  # what is left of its group
                self.say(child.program.name, code, child.note_death(now))

    def end(self) -> None:
        """SIGTERM to every group, the last started first; SIGKILL to what is still there after the grace."""
        self.is_stopping = True
        deadline = time.monotonic() + GRACE_S
        for child in reversed(self.children):
            child.signal(signal.SIGTERM)
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.signal(signal.SIGKILL)
                child.process.wait()
            child.signal(signal.SIGKILL)
