"""Programs that are looked after: they come back when they die, and none is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commands.children import Program, Supervisor

_NAP = "import time; time.sleep(60)"
_NAPS = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {_NAP!r}]); {_NAP}"


def _program(tmp_path: Path, code: str, name: str = "one") -> Program:
    return Program(name, (sys.executable, "-c", code), dict(os.environ), tmp_path / f"{name}.log")


def _is_gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def _until(condition, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_ending_takes_whole_families(tmp_path):
    supervisor = Supervisor([_program(tmp_path, _NAPS, "one"), _program(tmp_path, _NAPS, "two")], lambda *_: None)
    supervisor.start()
    groups = [child.process.pid for child in supervisor.children]
    time.sleep(0.5)  # both have children of their own by now
    supervisor.end()
    assert all(_until(lambda group=group: _is_gone(group)) for group in groups)


def test_who_ignores_sigterm_is_ended_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("commands.children.GRACE_S", 0.5)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    supervisor = Supervisor([_program(tmp_path, deaf)], lambda *_: None)
    supervisor.start()
    assert _until(lambda: "deaf" in (tmp_path / "one.log").read_text())
    supervisor.end()
    assert supervisor.children[0].process.returncode == -signal.SIGKILL


def test_a_dead_program_is_told_of_and_started_again(tmp_path):
    told: list[tuple[str, int, float]] = []
    supervisor = Supervisor([_program(tmp_path, "raise SystemExit(3)")], lambda *note: told.append(note))
    supervisor.start()
    first = supervisor.children[0].process
    assert _until(lambda: supervisor.look() or supervisor.children[0].process is not first)
    supervisor.end()
    assert told[0] == ("one", 3, 1.0)


def test_a_program_that_keeps_dying_is_given_longer_pauses(tmp_path):
    supervisor = Supervisor([_program(tmp_path, "")], lambda *_: None)
    child = supervisor.children[0]
    pauses = [child.note_death(now=child.started_at + 1) for _ in range(8)]
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    assert child.note_death(now=child.started_at + 31) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's promise is Linux's")
def test_children_go_when_the_supervisor_is_killed_outright(tmp_path):
    code = f"""
import os, sys
sys.path.insert(0, "platform")
from pathlib import Path
from commands.children import Program, Supervisor
log = Path({str(tmp_path / "nap.log")!r})
supervisor = Supervisor([Program("nap", (sys.executable, "-c", {_NAP!r}), dict(os.environ), log)], print)
supervisor.start()
print(supervisor.children[0].process.pid, flush=True)
{_NAP}
"""
    running = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE)
    with running:
        nap = int(running.stdout.readline())
        running.kill()
        running.wait()
    assert _until(lambda: _is_gone(nap))
