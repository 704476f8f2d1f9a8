"""How much of each tier there is: seats, and hours of service."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serving.capacity.errors import CapacityError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

FEWEST_TIERS, MOST_TIERS = 2, 8
UNLIMITED = int(np.iinfo(np.int64).max)
ROUNDING = 1e-12  # hours are sums of decimal fractions: so much of the capacity is no breach


@dataclass(frozen=True, eq=False)
class Limits:
    """Limits of m groups of customers over k tiers, the highest tier first and the floor last.

    `seats`, shape (m, k), is `UNLIMITED` where a tier holds everybody, as the floor always does. `hours`, shape (k,),
    are what one customer of each tier takes; `capacity_hours`, shape (m,), infinite where nobody counts them.
    A limit on everybody is one group; a limit on everybody and on groups at once cannot be said.
    """

    seats: Ints
    hours: Floats
    capacity_hours: Floats

    @classmethod
    def of_everyone(
        cls, seats: Sequence[int | None], hours: Sequence[float] | None = None, capacity_hours: float | None = None
    ) -> Limits:
        """One limit per tier (None: no limit; the floor's must be None), and one of all hours together."""
        return cls.of_groups([seats], hours, None if capacity_hours is None else [capacity_hours])

    @classmethod
    def of_groups(
        cls,
        seats: Sequence[Sequence[int | None]],
        hours: Sequence[float] | None = None,
        capacity_hours: Sequence[float | None] | None = None,
    ) -> Limits:
        """The limits of each group, in the order of the groups' codes. Errors: `CapacityError` names the limit."""
        groups, tiers = len(seats), _tiers_of(seats)
        counted = np.array([_seats_of(row, group) for group, row in enumerate(seats)], dtype=np.int64)
        if capacity_hours is None:
            return cls(counted, _hours_of(hours or [0.0] * tiers, tiers), np.full(groups, np.inf))
        if hours is None:
            raise CapacityError("capacity_hours is given without the hours of each tier: give hours, or leave both out")
        return cls(counted, _hours_of(hours, tiers), _capacities_of(capacity_hours, groups))

    @property
    def tiers(self) -> int:
        return len(self.hours)

    @property
    def groups(self) -> int:
        return len(self.capacity_hours)


def fits(used: float, capacity: float) -> bool:
    """Whether so many hours are within the capacity, rounding aside."""
    return used <= capacity + ROUNDING * max(capacity, 1.0)


def counts_of(places: Ints, tiers: int) -> Ints:
    """Customers in each tier, shape (k,)."""
    return np.bincount(places, minlength=tiers).astype(np.int64)


def hours_used(places: Ints, hours: Floats) -> float:
    """Hours that an assignment takes; from the counts, so that the order of customers does not matter."""
    return math.fsum((counts_of(places, len(hours)) * hours).tolist())


def _tiers_of(seats: Sequence[Sequence[int | None]]) -> int:
    sizes = {len(row) for row in seats}
    if not sizes:
        raise CapacityError("seats name no group: give a row for each, or one for everybody")
    if len(sizes) != 1:
        raise CapacityError(f"seats must name every tier for every group; found rows of {sorted(sizes)} tiers")
    tiers = sizes.pop()
    if not FEWEST_TIERS <= tiers <= MOST_TIERS:
        raise CapacityError(f"seats name {tiers} tiers; {FEWEST_TIERS} to {MOST_TIERS} can be assigned")
    return tiers


def _seats_of(row: Sequence[int | None], group: int) -> list[int]:
    for tier, seats in enumerate(row):
        if seats is not None and (seats < 0 or seats != int(seats)):
            raise CapacityError(
                f"seats of tier {tier} in group {group} are {seats}: give a whole number from 0, or None"
            )
    if row and row[-1] is not None:
        raise CapacityError(
            f"seats of the floor (the last tier) in group {group} are {row[-1]}: the floor holds "
            "everybody who is left, give None"
        )
    return [UNLIMITED if seats is None else int(seats) for seats in row]


def _hours_of(hours: Sequence[float], tiers: int) -> Floats:
    taken = np.asarray(hours, dtype=np.float64)
    if taken.shape != (tiers,):
        raise CapacityError(f"hours have the shape {taken.shape}: give one number for each of the {tiers} tiers")
    for tier, hour in enumerate(taken):
        if not (math.isfinite(hour) and hour >= 0):
            raise CapacityError(f"hours of tier {tier} are {hour}: give a number from 0")
        if tier and hour > taken[tier - 1]:
            raise CapacityError(
                f"hours of tier {tier} ({hour:g}) are more than those of the tier above "
                f"({taken[tier - 1]:g}): a higher tier takes at least as many"
            )
    return taken


def _capacities_of(capacities: Sequence[float | None], groups: int) -> Floats:
    held = np.array([np.inf if hours is None else hours for hours in capacities], dtype=np.float64)
    if held.shape != (groups,):
        raise CapacityError(f"capacity_hours name {len(capacities)} groups, seats {groups}: give one for each group")
    for group, hours in enumerate(held):
        if not hours >= 0:
            raise CapacityError(f"capacity_hours of group {group} are {hours}: give a number from 0, or None")
    return held
