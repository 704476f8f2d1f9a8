"""What the models saw of a customer, in 16 digits."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

NAMES_KEPT = 8


def fingerprints(names: Sequence[str], features: NDArray[np.float64]) -> list[str]:
    """Of each row of `features`, shape (n, f): the first 16 hex digits of the SHA-256 over the names of the features
    and the bytes of the row (float64, little end first)."""
    named = _named(tuple(names))
    return [_of_row(named.copy(), row) for row in features.astype("<f8", copy=False)]


@lru_cache(maxsize=NAMES_KEPT)
def _named(names: tuple[str, ...]) -> "hashlib._Hash":
    """What every row of these features begins with."""
    return hashlib.sha256("\n".join(names).encode() + b"\n")


def _of_row(hasher: "hashlib._Hash", row: NDArray[np.float64]) -> str:
    hasher.update(row.tobytes())
    return hasher.hexdigest()[:16]
