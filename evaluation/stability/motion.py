"""How tiers move from review to review: moves, flaps, and changes for good.

Everywhere `grid` (reviews, customers) holds places on the ladder, 0 the highest, and `NOBODY` before a customer is on
record.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

SOON = 2
"""A flap is a move that is taken back at the next review or at the one after; as long may it take to follow."""


def moves(grid: Ints) -> Flags:
    """Whether a customer on record at the review before has another tier now; shape (reviews − 1, customers)."""
    return np.asarray((grid[:-1] >= 0) & (grid[1:] != grid[:-1]))


def flaps(grid: Ints) -> Flags:
    """Which moves are taken back soon: the tier left is there again at the next review or at the one after; shape
    (reviews − 1, customers)."""
    moved = moves(grid)
    back = np.zeros_like(moved)
    for later in range(1, SOON + 1):
        reach = max(len(grid) - 1 - later, 0)
        back[:reach] |= grid[1 + later :] == grid[:reach]
    return np.asarray(moved & back)


@dataclass(frozen=True)
class Changes:
    """Customers (k,) whose tier changed for good: at which `review`, from the place `before` to the place `after`."""

    customer: Ints
    review: Ints
    before: Ints
    after: Ints


def for_good(grid: Ints) -> Changes:
    """Who had another tier at the review before, and keeps the new one to the end, at least two reviews longer.

    Only the last change of a customer can be for good; changes at the last two reviews cannot be told yet.
    """
    moved = moves(grid)
    steps = len(moved)
    last = steps - np.argmax(moved[::-1], axis=0)
    customer = np.flatnonzero(moved.any(axis=0) & (last < len(grid) - SOON))
    review = last[customer]
    return Changes(customer, review, grid[review - 1, customer], grid[review, customer])


def followed(grid: Ints, changes: Changes) -> Flags:
    """Which changes another grid followed: it moved the same way by two reviews later, or stood there already (k,)."""
    before = grid[changes.review - 1, changes.customer]
    soon = grid[changes.review[:, None] + np.arange(SOON + 1), changes.customer[:, None]]
    rose = changes.after < changes.before
    moved = np.where(rose, soon.min(axis=1) < before, soon.max(axis=1) > before)
    there = np.where(rose, before <= changes.after, before >= changes.after)
    return np.asarray(moved | there)
