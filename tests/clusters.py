"""A Dask cluster on loopback: a scheduler and workers, each a process of its own that ends with the test."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.processes import ROOT, environment, free_port, process


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Its address, and the workers' processes. No nanny: a worker that is killed stays dead."""
    port = free_port()
    paths = f"{ROOT / 'platform'}:{ROOT}"
    env = environment("", PYTHONPATH=paths, DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="10s")
    scheduler = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port),
                 "--no-dashboard", "--no-show")  # fmt: skip
    worker = ("distributed.cli.dask_worker", f"tcp://127.0.0.1:{port}", "--host", "127.0.0.1", "--nthreads", "1",
              "--no-nanny", "--no-dashboard", "--local-directory", str(folder))  # fmt: skip
    with ExitStack() as stack:
        stack.enter_context(process(*scheduler, env=env, log=folder / "scheduler.log"))
        hands = [
            stack.enter_context(process(*worker, "--name", str(number), env=env, log=folder / f"worker{number}.log"))
            for number in range(workers)
        ]
        _wait(folder, workers)
        yield f"dask://127.0.0.1:{port}", hands


def _wait(folder: Path, workers: int) -> None:
    deadline = time.monotonic() + 90
    logs = [folder / f"worker{number}.log" for number in range(workers)]
    while not all("Registered to" in log.read_text() for log in logs):
        if time.monotonic() > deadline:
            raise AssertionError("\n".join(log.read_text()[-2000:] for log in [*logs, folder / "scheduler.log"]))
        time.sleep(0.1)
