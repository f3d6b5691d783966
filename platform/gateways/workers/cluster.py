"""A Dask cluster. Its workers need this project's code on their path; see docs/operations.md.

The only module that imports `distributed`, an optional package (requirements-dask.txt).
"""

import uuid
from typing import Any

import dask
from distributed import Client, get_worker

from .base import Message, Workers

_TOPIC = "yannian"
PATIENCE = "10s"


class Told:
    """Tells by the cluster's events: they reach the client wherever the worker is, and no queue has to travel."""

    def __init__(self, run: str) -> None:
        self.run = run

    def __call__(self, message: Message) -> None:
        get_worker().log_event(_TOPIC, [self.run, *message])


class Cluster(Workers):
    """Workers of a cluster. When one dies the cluster gives its task to another, three times; then the task fails."""

    def __init__(self, address: str) -> None:
        super().__init__()
        # A county's matrices are some megabytes and travel once: no reason for a warning each time.
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "200MB"})
        self._client = Client(address, timeout=PATIENCE, set_as_default=False, name="yannian")
        self._run = uuid.uuid4().hex
        self._client.subscribe_topic(_TOPIC, self._hear)
        self.executor = self._client.get_executor(pure=False)
        self.tell = Told(self._run)

    def _hear(self, event: tuple[float, Any]) -> None:
        run, *message = event[1]
        if run == self._run:
            self._heard.append(tuple(message))

    def close(self) -> None:
        """Take back what still runs there, and leave."""
        self.executor.shutdown(wait=False)
        self._client.close(timeout=PATIENCE)
