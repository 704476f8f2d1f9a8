"""How the pieces of the walk are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])

# Only compiled code calls a piece: without the wrappers for Python, pieces compile in half the time. They
# have no cache of their own, because only the walk's knows when a piece has changed.
OPTIONS: dict[str, Any] = {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def piece(function: Function) -> Function:
    """A function that becomes part of the walk."""
    compiled: Function = njit(**OPTIONS)(function)
    return compiled
