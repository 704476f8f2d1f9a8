"""The room that a book has for its customers: seats and hours, less what those take who stay where they are."""

import numpy as np

from data.settings.tiers.profit import ExpectedProfit, Service
from serving.capacity.errors import CapacityError
from serving.capacity.limits import Limits, fits
from serving.tiers.rule import Places


def room(settings: ExpectedProfit, customers: int, groups: Places | None, owners: int, taken: Places) -> Limits:
    """The limits of every group of a book with so many `customers`.

    `taken` are the places, and `groups` the codes of the owners, of customers who are not to be assigned anew; groups
    None: the book as a whole is one. CapacityError where the capacities cannot be.
    """
    codes = np.zeros(len(taken), dtype=np.int64) if groups is None else groups
    hours = np.array([service.hours for service in settings.services])
    seats, capacities = [], []
    for group in range(owners):
        here = taken[codes == group]
        seats.append(
            [
                None if total is None else max(total - int(np.sum(here == place)), 0)
                for place, total in enumerate(seats_of(service, customers) for service in settings.services)
            ]
        )
        total = settings.hours if settings.owner is None else settings.hours_per_owner
        capacities.append(None if total is None else max(total - float(hours[here].sum()), 0.0))
    counted = None if all(total is None for total in capacities) else capacities
    return Limits.of_groups(seats, hours.tolist() if counted else None, counted)


def require_floor(settings: ExpectedProfit, customers: int) -> None:
    """CapacityError, by the key of the book, for hours that so many customers of the book, or of one account manager,
    exceed on the floor alone."""
    key, whose = ("hours", "") if settings.owner is None else ("hours_per_owner", " of one account manager")
    given: float | None = getattr(settings, key)
    floor = settings.services[-1]
    taken = customers * floor.hours
    if given is not None and not fits(taken, given):
        raise CapacityError(
            f"{key} are {given:g}, but {customers:,} customers{whose} take {taken:g} in {floor.name} alone "
            f"({floor.hours:g} each): raise {key}, or lower the hours of {floor.name}"
        )


def seats_of(service: Service, customers: int) -> int | None:
    """A service's room among so many customers, percentages rounded down; None where only hours limit it."""
    if service.seats_percent is not None:
        return int(customers * service.seats_percent / 100)
    return service.seats if service.seats is not None else service.seats_per_owner
