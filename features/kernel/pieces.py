"""How the pieces of the walk are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])

# Only compiled code calls a piece: without the wrappers for Python, pieces compile in half the time. They
# have no cache of their own, because only the walk's knows when a piece has changed. Pieces look at arrays
# that the walk keeps alive, so they count no references; each divides only where it has looked at the divisor.
OPTIONS: dict[str, Any] = {
    "nogil": True,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "no_rewrites": True,
    "error_model": "numpy",
    "_nrt": False,
}


def allocator(function: Function) -> Function:
    """A piece that makes arrays, and so needs their reference counts."""
    compiled: Function = njit(**{**OPTIONS, "_nrt": True})(function)
    return compiled


def piece(function: Function) -> Function:
    """A function that becomes part of the walk."""
    compiled: Function = njit(**OPTIONS)(function)
    return compiled
