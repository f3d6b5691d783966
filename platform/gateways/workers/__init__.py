"""Where long searches run: processes of this machine or a Dask cluster, a `concurrent.futures.Executor` either way.

A process that dies fails the one task it had. Whoever submits it decides what then: nothing is tried again here.
"""

import importlib.util
import logging
from urllib.parse import urlsplit

from .base import Tell, Workers
from .processes import Lanes, Processes

__all__ = ["PROCESSES", "Lanes", "Processes", "Tell", "Workers", "is_address", "needs_package", "open_workers"]

PROCESSES = "processes"
_SCHEMES = {"dask": "tcp", "tls": "tls"}
_log = logging.getLogger(__name__)


def is_address(where: str) -> bool:
    """Whether this names processes, or a cluster's scheduler: `dask://host:port`, `tls://host:port`."""
    if where == PROCESSES:
        return True
    try:
        parts = urlsplit(where)
        return parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port is not None
    except ValueError:
        return False


def needs_package(where: str) -> bool:
    """Whether a cluster is named and what speaks to it is not installed."""
    return where != PROCESSES and importlib.util.find_spec("distributed") is None


def open_workers(where: str, width: int) -> Workers:
    """The workers of this installation, `width` processes where they are ours.

    A cluster that does not answer is no reason to have no plan: then it is processes, and `is_substitute` says so.
    """
    if where == PROCESSES:
        return Processes(width)
    from .cluster import Cluster  # noqa: PLC0415  what it imports is optional: decisions/0021

    scheme, _colon, rest = where.partition(":")
    try:
        return Cluster(f"{_SCHEMES[scheme]}:{rest}")
    except (OSError, TimeoutError) as error:
        _log.warning("the cluster %s does not answer (%s); using processes of this machine", where, error)
        return Processes(width, is_substitute=True)
