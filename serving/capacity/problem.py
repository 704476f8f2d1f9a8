"""What is solved at a time: the customers of one group and that group's limits."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serving.capacity.errors import CapacityError
from serving.capacity.limits import UNLIMITED, Limits, counts_of, fits, hours_used

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GREATEST = 1e100  # sums of gains beyond it need not be finite


@dataclass(frozen=True, eq=False)
class Problem:
    """Gains (n, k), seats (k,), hours of a customer of each tier (k,), and the hours there are."""

    gains: Floats
    seats: Ints
    hours: Floats
    capacity: float

    def of(self, places: Ints) -> Floats:
        """The gain of each customer in their place, shape (n,)."""
        return self.gains[np.arange(len(places)), places]

    def room(self, places: Ints) -> Ints:
        """Seats left over, shape (k,); very many where there is no limit."""
        left = self.seats - counts_of(places, len(self.seats))
        return np.where(self.seats == UNLIMITED, UNLIMITED, left)

    def spare(self, places: Ints) -> float:
        """Hours left over."""
        return self.capacity - hours_used(places, self.hours)

    def holds(self, places: Ints) -> bool:
        """Whether an assignment keeps all limits."""
        return bool(np.all(self.room(places) >= 0)) and fits(hours_used(places, self.hours), self.capacity)


def checked(gains: Floats, limits: Limits) -> Floats:
    """Gains (n, k) as 64-bit floats. Errors: `CapacityError` names the customer and the tier."""
    given = np.asarray(gains, dtype=np.float64)
    if given.ndim != 2 or given.shape[1] != limits.tiers:
        raise CapacityError(
            f"gains have the shape {given.shape}: give a row for each customer and a column for each of the "
            f"{limits.tiers} tiers that have limits"
        )
    sound = np.abs(given) <= GREATEST
    if not sound.all():
        customer, tier = np.argwhere(~sound)[0]
        raise CapacityError(
            f"the gain of customer {customer} in tier {tier} is {given[customer, tier]}: give a number no further "
            f"than {GREATEST:g} from 0"
        )
    return given


def coded(groups: Ints | None, customers: int, known: int) -> Ints:
    """Group codes (n,), all 0 where there are no groups. Errors: `CapacityError` for a code without limits."""
    if groups is None:
        if known != 1:
            raise CapacityError(f"limits name {known} groups, but no customer has a group: give each customer's code")
        return np.zeros(customers, dtype=np.int64)
    codes = np.asarray(groups)
    if codes.shape != (customers,) or not np.issubdtype(codes.dtype, np.integer):
        raise CapacityError(
            f"groups are {codes.dtype} of shape {codes.shape}: give one whole number for each of the {customers} "
            "customers"
        )
    strange = (codes < 0) | (codes >= known)
    if strange.any():
        customer = int(np.argmax(strange))
        raise CapacityError(
            f"customer {customer} is of group {codes[customer]}, but limits name the groups 0 to {known - 1}"
        )
    return codes.astype(np.int64)


def problems(gains: Floats, limits: Limits, codes: Ints) -> Iterator[tuple[Ints, Problem]]:
    """Each group's customers and problem. Errors: `CapacityError` where a group's hours cannot hold its floor.

    Customers are sorted by their gains, so that only those of equal gains can tell in which order they were given.
    """
    order = np.lexsort((*gains.T, codes))
    ends = np.searchsorted(codes[order], np.arange(limits.groups + 1))
    for group in range(limits.groups):
        members = order[ends[group] : ends[group + 1]]
        capacity, floor = float(limits.capacity_hours[group]), len(members) * float(limits.hours[-1])
        if not fits(floor, capacity):
            raise CapacityError(
                f"group {group}: the floor alone takes {floor:g} hours ({len(members):,} customers, "
                f"{limits.hours[-1]:g} each), but there are {capacity:g}: raise capacity_hours or lower the "
                "floor's hours"
            )
        yield members, Problem(gains[members], limits.seats[group], limits.hours, capacity)
