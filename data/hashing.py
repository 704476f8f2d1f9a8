"""Hashes of our own, so that a store, a bundle and a request agree on every machine and version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

Hashes = npt.NDArray[np.uint64]

_BASIS = 0xCBF29CE484222325
_PRIME = 0x100000001B3
_MASK = 0xFFFFFFFFFFFFFFFF
_GOLDEN = 0x9E3779B97F4A7C15
_SMALL = 64


def stable_hash(texts: Sequence[str | None]) -> Hashes:
    """uint64[n]: FNV-1a (64 bit) over UTF-8; 0 stands for no text (None or empty).

    Source: Fowler, Noll, Vo, and Eastlake, "The FNV Non-Cryptographic Hash Algorithm".
    """
    if len(texts) <= _SMALL:
        return np.array([hash_text(text) for text in texts], dtype=np.uint64)
    parts = [text.encode("utf-8", "surrogatepass") if text else b"" for text in texts]
    bounds = np.cumsum(np.fromiter(map(len, [b"", *parts]), np.int64, len(parts) + 1))
    return hash_spans(np.frombuffer(b"".join(parts), np.uint8), bounds)


@lru_cache(maxsize=65_536)
def hash_text(text: str | None) -> int:
    """The stable hash of one text."""
    if not text:
        return 0
    value = _BASIS
    for byte in text.encode("utf-8", "surrogatepass"):
        value = ((value ^ byte) * _PRIME) & _MASK
    return value or 1


@njit(cache=True)
def hash_spans(data: npt.NDArray[np.uint8], bounds: npt.NDArray[np.int64]) -> Hashes:
    """The stable hashes of the texts whose UTF-8 lies in data[bounds[i]:bounds[i + 1]]."""
    hashes = np.zeros(len(bounds) - 1, np.uint64)
    for index in range(len(hashes)):
        if bounds[index + 1] > bounds[index]:
            value = np.uint64(_BASIS)
            for position in range(bounds[index], bounds[index + 1]):
                value = (value ^ np.uint64(data[position])) * np.uint64(_PRIME)
            hashes[index] = max(value, np.uint64(1))
    return hashes


def mix(values: Hashes) -> Hashes:
    """A bijection that spreads every input bit over all output bits (the finaliser of SplitMix64).

    Source: Steele, Lea, and Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
    """
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


mix_one: Callable[[Any], Any] = njit(mix)


def combine(columns: Sequence[Hashes]) -> Hashes:
    """One uint64 per row from several uint64 columns; their order matters."""
    state = np.full(len(columns[0]), _GOLDEN, np.uint64)
    for column in columns:
        _take_in(state, column)
    return state


@njit(cache=True)
def _take_in(state: Hashes, column: Hashes) -> None:
    """state = mix(state ^ column) + golden, in one pass and in place."""
    for row in range(len(state)):
        state[row] = mix_one(state[row] ^ column[row]) + np.uint64(_GOLDEN)


def bucket_of(hashes: Hashes, buckets: int) -> npt.NDArray[np.int64]:
    """The bucket, 0 to buckets − 1, of each customer hash."""
    return (mix(hashes) % np.uint64(buckets)).astype(np.int64)
