"""How functions are compiled, and where compiled code is kept: one folder for each state of the sources.

numba looks only at the file of the function it loads. A change in `kernel.py` would leave the old code of it inside
what was compiled from `anneal.py`; it did, and the plans were wrong. So the folder's name is a digest of all of it.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import config, njit

_HERE = Path(__file__).resolve().parent
Function = TypeVar("Function", bound=Callable[..., Any])


def _folder() -> Path:
    """Beside the sources where that may be written, else in the user's own cache."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(_HERE.glob("*.py")))).hexdigest()[:16]
    beside = _HERE / "__pycache__"
    is_ours = os.access(beside if beside.exists() else _HERE, os.W_OK)
    return (beside if is_ours else Path.home() / ".cache" / "yannian") / f"compiled-{digest}"


config.CACHE_DIR = str(_folder())  # type: ignore[attr-defined]  # numba sets its settings at run time


def compiled(function: Function) -> Function:
    """Compile a function that only reads and writes the arrays it is given.

    Without numba's reference counts, which would touch every array of Case and State at every call: measured at
    20 times the moves a second. Whoever calls such a function from Python keeps the arrays alive.
    """
    compiler: Any = njit
    return cast("Function", compiler(cache=True, nogil=True, _nrt=False)(function))


def apart(function: Function) -> Function:
    """The same, for compiled callers only: there is no way in from Python, which takes time to make."""
    compiler: Any = njit
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Function", compiler(cache=True, nogil=True, _nrt=False, **options)(function))


def inlined(function: Function) -> Function:
    """The same, written out wherever it is called: passing Case and State costs more than what it does.

    Measured at three times the moves a second where the compiler had left it to itself.
    """
    compiler: Any = njit
    options = {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Function", compiler(cache=True, nogil=True, _nrt=False, **options)(function))


def leaf(function: Function) -> Function:
    """The same for the smallest ones, written out before compiling: to compile each apart takes a second of its own."""
    compiler: Any = njit
    return cast("Function", compiler(inline="always", _nrt=False)(function))


def compiled_with_memory(function: Function) -> Function:
    """Compile a function that makes arrays of its own."""
    return cast("Function", njit(cache=True, nogil=True)(function))
