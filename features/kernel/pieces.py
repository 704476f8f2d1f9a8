"""How the pieces of the walk are compiled."""

from typing import Any

from numba import njit

# Pieces are called from compiled code alone: without the wrappers for Python they compile in half the time.
# They have no cache of their own, because only the walk's knows when a piece has changed.
piece: Any = njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
