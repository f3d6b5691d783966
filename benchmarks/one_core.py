"""One process on one core: how much of it was used, and on a busy machine how many seconds make one of the core's."""

import os
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

SPIN_S = 0.3


@contextmanager
def one_core() -> Iterator[ProcessPoolExecutor]:
    """A fresh process, kept to one core where the system can."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_bind) as pool:
        yield pool


def _bind() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def used() -> float:
    """CPU seconds of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def most_memory() -> float:
    """MiB of this process at its largest."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def stretched(seconds: float) -> float:
    """So many seconds of the clock as make `seconds` of this core just now: it is kept busy for a moment to see."""
    wall, cpu = time.perf_counter(), used()
    while used() - cpu < SPIN_S:
        pass
    return seconds * max((time.perf_counter() - wall) / SPIN_S, 1.0)
