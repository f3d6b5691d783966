"""Processes of this machine, started by spawning: what the parent holds, locks and connections, is not theirs.

When a process of the library's pool dies, every task of that pool fails, and which one killed it is not known. So each
lane here is a pool one process wide: who dies fails alone, and its lane opens another.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from .base import Message, Workers

P = ParamSpec("P")
T = TypeVar("T")

_LISTEN_S = 0.1
_BEGINS_WITHIN_S = 30
"""A process that has not said who it is by then never will."""
_mouth: Connection | None = None


def _begin(mouth: Connection) -> None:
    """In a new process: remember where to tell, say who we are, leave Ctrl-C to the parent."""
    global _mouth
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _mouth = mouth
    mouth.send(os.getpid())


def tell(message: Message) -> None:
    """In a process of a lane: say it to the parent. Anywhere else, to nobody."""
    if _mouth is not None:
        with contextlib.suppress(OSError):
            _mouth.send(message)


class _Lane:
    """A pool of one process with a pipe of its own: nobody who dies can hold a lock that others need."""

    def __init__(self, hear: Callable[[Message], None]) -> None:
        self._hear = hear
        self._pool: ProcessPoolExecutor | None = None
        self._ear: Connection | None = None
        self._pid = 0
        self._is_known = threading.Event()
        self._lock = threading.Lock()
        self._running: Future[Any] | None = None

    def run(self, task: Callable[[], T]) -> T:
        """Run it there and wait. Raises BrokenProcessPool if the process dies; the next task gets a new one."""
        with self._lock:
            self._running = running = self._opened().submit(task)
        try:
            while not running.done():
                self._listen()
            self._listen()
            return running.result()
        except BrokenProcessPool:
            self._shut()
            raise

    def end(self) -> None:
        """Kill what runs, once it has said who it is; close what waits."""
        with self._lock:
            is_running = self._running is not None and not self._running.done()
            if is_running and self._is_known.wait(_BEGINS_WITHIN_S):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._pid, signal.SIGKILL)
        self._shut()

    def _opened(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._ear, mouth = context.Pipe(duplex=False)
            self._pid = 0
            self._is_known.clear()
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(mouth,))
        return self._pool

    def _listen(self) -> None:
        """Pass on what is told, for a moment."""
        ear = self._ear
        try:
            while ear is not None and ear.poll(_LISTEN_S):
                message = ear.recv()
                if isinstance(message, int):
                    self._pid = message
                    self._is_known.set()
                else:
                    self._hear(message)
        except (OSError, EOFError, ValueError):
            time.sleep(_LISTEN_S)  # it died in the middle of a word

    def _shut(self) -> None:
        pool, self._pool = self._pool, None
        ear, self._ear = self._ear, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)
        if ear is not None:
            ear.close()


class Lanes(Executor):
    """So many tasks at once, each in a process; shutting down kills those that still run."""

    def __init__(self, width: int, hear: Callable[[Message], None] = lambda _message: None) -> None:
        self._threads = ThreadPoolExecutor(width, thread_name_prefix="lane")
        self._lanes = [_Lane(hear) for _number in range(width)]
        self._free: SimpleQueue[_Lane] = SimpleQueue()
        for lane in self._lanes:
            self._free.put(lane)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Like any executor's; a process that dies shows as BrokenProcessPool of this task alone."""
        return self._threads.submit(self._run, partial(fn, *args, **kwargs))

    def _run(self, task: Callable[[], T]) -> T:
        lane = self._free.get()
        try:
            return lane.run(task)
        finally:
            self._free.put(lane)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End it all; waits for the processes to be gone."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for lane in self._lanes:
            lane.end()
        self._threads.shutdown(wait=wait)


class Processes(Workers):
    """Workers on this machine."""

    def __init__(self, width: int, *, is_substitute: bool = False) -> None:
        super().__init__(is_substitute=is_substitute)
        self.executor = Lanes(max(1, width), self._heard.append)
        self.tell = tell

    def close(self) -> None:
        """End them."""
        self.executor.shutdown()
