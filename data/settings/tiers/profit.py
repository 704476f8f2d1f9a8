"""Settings of expected profit under capacity: what each tier costs, how many it can serve, what service is assumed
to change."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from data.settings.declared import Declared

MOST = 1e9
"""More hours, seats or money than any book has; a number beyond it is a slip."""

Amount = Annotated[float, Field(ge=0, le=MOST)]
Seats = Annotated[int, Field(ge=0, le=int(MOST))]
Effect = tuple[Annotated[float, Field(ge=0, le=10)], Annotated[float, Field(ge=0, le=10)]]
NAMES = ("diamond", "gold", "silver", "bronze")


class Service(Declared):
    """What a tier's service takes and is assumed to give, for a customer over one horizon of lifetime value.

    `hours` of the owner, and `cost` in currency. `seats` is the most customers it has room for, `seats_percent` the
    same in percent of the book, `seats_per_owner` for each account manager; without any, as many as the hours allow.
    `growth` is the range of what service adds to the expected value (0.1: a tenth more), `retention` the range by
    which it raises the log-odds of the next purchase. Both are assumptions (ours), until measured.
    """

    name: str
    hours: Annotated[float, Field(gt=0, le=MOST)]
    cost: Amount = 0.0
    seats: Seats | None = None
    seats_percent: Annotated[float, Field(ge=0, le=100)] | None = None
    seats_per_owner: Seats | None = None
    growth: Effect = (0.0, 0.0)
    retention: Effect = (0.0, 0.0)

    @model_validator(mode="after")
    def _one_kind_of_seats(self) -> Self:
        given = [name for name in ("seats", "seats_percent", "seats_per_owner") if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"expected one of seats, seats_percent and seats_per_owner, got {' and '.join(given)}")
        for name in ("growth", "retention"):
            low, high = getattr(self, name)
            if low > high:
                raise ValueError(f"{name}: expected the lower end first, got {[low, high]}")
        return self


DEFAULT = (
    Service(name="diamond", hours=8.0, seats_percent=5.0, growth=(0.05, 0.25), retention=(0.10, 0.30)),
    Service(name="gold", hours=4.0, seats_percent=15.0, growth=(0.04, 0.16), retention=(0.08, 0.20)),
    Service(name="silver", hours=2.0, seats_percent=30.0, growth=(0.02, 0.08), retention=(0.04, 0.10)),
    Service(name="bronze", hours=1.0),
)
"""(ours) Room as in the percentiles; each step up doubles the hours, and adds less than the step below did an hour."""


class ExpectedProfit(Declared):
    """Every customer gets the service that brings the most profit, as far as capacity reaches.

    `services` are the tiers from the highest to the lowest; the lowest is the floor that everybody keeps, so it has
    room for all. Hours of neighbouring tiers differ at most by `most_ratio`. `margin` is the share of value that is
    profit: by default all of it where the book's value is a margin, else 0.3 (ours). `hours` is the capacity of all
    owners together, `hours_per_owner` that of each account manager, over one horizon. `owner` is the profile column
    that names a customer's account manager.
    """

    margin: Annotated[float, Field(gt=0, le=1)] | None = None
    most_ratio: Annotated[float, Field(ge=1)] = 4.0
    hours: Amount | None = None
    hours_per_owner: Amount | None = None
    owner: str | None = None
    services: tuple[Service, ...] = DEFAULT

    @model_validator(mode="after")
    def _a_ladder(self) -> Self:
        names = [service.name for service in self.services]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f'services: two tiers are called "{name}"; give each its own name')
        if tuple(names) != NAMES:
            raise ValueError(f"services: expected the tiers {', '.join(NAMES)}, in this order, got {', '.join(names)}")
        for higher, lower in pairwise(self.services):
            self._require_step(higher, lower)
        return self

    @model_validator(mode="after")
    def _everybody_is_served(self) -> Self:
        floor = self.services[-1]
        if (floor.seats, floor.seats_percent, floor.seats_per_owner) != (None, None, None):
            raise ValueError(
                f"services: {floor.name}: the lowest tier is the service floor of everybody; take its seats away"
            )
        if sum(service.seats_percent or 0.0 for service in self.services) > 100:
            raise ValueError("services: seats_percent of all tiers together exceed 100")
        return self

    @model_validator(mode="after")
    def _owners_are_known(self) -> Self:
        per_owner = self.hours_per_owner is not None or any(each.seats_per_owner is not None for each in self.services)
        if per_owner and self.owner is None:
            raise ValueError("owner: name the profile column of the account manager, for seats or hours are per owner")
        if self.hours is not None and self.hours_per_owner is not None:
            raise ValueError("expected hours or hours_per_owner, not both")
        overall = self.hours is not None or any(each.seats is not None for each in self.services)
        overall = overall or any(each.seats_percent is not None for each in self.services)
        if per_owner and overall:
            raise ValueError("expected capacities of the whole book or per owner, not both")
        if self.owner is not None and not per_owner:
            raise ValueError(
                "owner: no capacity is per owner; give seats_per_owner or hours_per_owner, or take it away"
            )
        return self

    def _require_step(self, higher: Service, lower: Service) -> None:
        if higher.hours < lower.hours:
            raise ValueError(f"services: {higher.name} has fewer hours ({higher.hours:g}) than {lower.name}")
        if higher.hours > self.most_ratio * lower.hours:
            raise ValueError(
                f"services: {higher.name} gets {higher.hours / lower.hours:.3g} times the hours of {lower.name}; "
                f"at most {self.most_ratio:g} times are allowed (most_ratio), so that nobody loses basic service"
            )
        for name in ("growth", "retention"):
            above, below = getattr(higher, name), getattr(lower, name)
            if above[0] < below[0] or above[1] < below[1]:
                raise ValueError(f"services: {name} of {higher.name} lies below that of {lower.name}")
