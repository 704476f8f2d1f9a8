"""Expected profit under capacity: everybody gets the service that is worth most, at the prices of scarce seats."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from functools import cached_property
from typing import Any

import numpy as np

from data.settings.tiers.profit import ExpectedProfit
from features.spec import FeatureSpec
from serving.capacity.errors import CapacityError
from serving.capacity.prices import Prices, bound_at
from serving.capacity.solve import solve
from serving.errors import PlanError
from serving.tiers.inputs import CHURN, VALUE, Columns, Floats, Input
from serving.tiers.ladder import LOWEST
from serving.tiers.levels import category_name
from serving.tiers.offer import Offer, Posted
from serving.tiers.profit_words import criteria, neighbours, remarks
from serving.tiers.room import require_floor, room
from serving.tiers.rule import Places, Rule
from serving.tiers.services import Services
from serving.tiers.speech import Speech
from serving.tiers.stability import Past, Stability
from serving.tiers.verdict import Criterion, Neighbour

NO_OWNER = -1.0


def sources(settings: ExpectedProfit, spec: FeatureSpec) -> tuple[str, ...]:
    """The column of the account managers, where capacities are theirs."""
    return (category_name(settings.owner, spec, "tiers.expected_profit.owner"),) if settings.owner else ()


def learn(
    settings: ExpectedProfit, value: str, columns: Columns, stability: Stability, past: Past, cutoff: int
) -> dict[str, Any]:
    """The services, the prices at which capacity suffices, and the proof of the optimum.

    Who had a tier counts as it will be assigned: a service is worth more to who has it, and less to who has not, by
    the margins of stability, and the optimum is that of gains so weighed; `expected` and `at_most` are what the tiers
    bring, and what any could, unweighed. PlanError for a capacity that cannot hold the floor.
    """
    services = Services.of(settings, value)
    owner = f"profile_{settings.owner}" if settings.owner else None
    owners = _owners(columns, owner)
    codes = np.searchsorted(owners, _owner_of(columns, owner)) if owner else None
    plain = services.gains(columns)
    gains = sticky_gains(plain, past.place, *stability.margins(past, cutoff))
    free = ~stability.pinned(past, cutoff)
    pinned, assigned = (None if codes is None else codes[rows] for rows in (~free, free))
    try:
        require_floor(settings, len(past.place) if codes is None else int(np.bincount(codes).max()))
        limits = room(settings, len(gains), pinned, len(owners), past.place[~free])
        solution = solve(gains[free], limits, assigned)
    except CapacityError as error:
        raise PlanError(f"tiers.expected_profit: {error}") from error
    prices = solution.prices
    settled = past.place.copy()
    settled[free] = solution.priced_places
    at_most = solution.bound
    if past.known.any():
        at_most = bound_at(prices, plain, room(settings, len(plain), None, len(owners), past.place[:0]), codes)
    return {
        "services": asdict(services),
        "owner": owner,
        "owners": owners.tolist() if owner else [],
        "seats": prices.seats.tolist(),
        "hour": prices.hour.tolist(),
        "open": prices.open.tolist(),
        "tie": prices.tie.tolist(),
        "proof": {
            "profit": solution.profit,
            "bound": solution.bound,
            "gap": solution.gap,
            "priced_profit": solution.priced_profit,
            "priced_gap": solution.priced_gap,
            "expected": math.fsum(plain[np.arange(len(plain)), settled].tolist()),
            "at_most": at_most,
        },
        "one_more": {"seat": solution.worth.more.tolist(), "hour": solution.worth.hour.tolist()},
    }


def sticky_gains(gains: Floats, previous: Places, up: Floats, down: Floats) -> Floats:
    """Gains, shape (n, tiers), as they count for who had a tier: every step that they already stand on is worth a
    share `down` (n,) more, every step above a share `up` (n,) less."""
    steps = gains[:, :-1] - gains[:, 1:]
    stands = previous[:, None] <= np.arange(steps.shape[1])
    weighed = steps + np.where(stands, down[:, None], -up[:, None]) * np.abs(steps)
    above = np.cumsum(weighed[:, ::-1], axis=1)[:, ::-1]
    return np.concatenate([gains[:, -1:] + above, gains[:, -1:]], axis=1)


class ProfitRule(Rule):
    """The service of the greatest profit net of the prices of its seat and its hours; of equal ones the lower."""

    def __init__(self, learnt: Mapping[str, Any]) -> None:
        self.services = Services.of_plan(learnt["services"])
        self.learnt = learnt
        self._owner: str | None = learnt["owner"]
        self._owners = np.array(learnt["owners"])
        self.prices = _prices(learnt, self.services)

    @property
    def inputs(self) -> tuple[Input, ...]:
        """More churn puts more at stake, which a better service averts."""
        owner = (Input(self._owner, VALUE.words, "category"),) if self._owner else ()
        return (VALUE, CHURN, *owner)

    def places(self, columns: Columns) -> Places:
        return self.prices.places(self.services.gains(columns), self.groups(columns))

    def sticky(self, columns: Columns, previous: Places, up: Floats, down: Floats) -> Places:
        gains = sticky_gains(self.services.gains(columns), previous, up, down)
        return self.prices.places(gains, self.groups(columns))

    def height(self, columns: Columns) -> Floats:
        gains = self.services.gains(columns)
        return np.asarray(gains[:, 0] - gains[:, LOWEST])

    def groups(self, columns: Columns) -> Places:
        """Whose prices count for each customer, shape (n,): an owner that the plan does not know has the median's."""
        if self._owner is None:
            return np.zeros(len(columns[VALUE.name]), dtype=np.int64)
        owners = _owner_of(columns, self._owner)
        found = np.minimum(np.searchsorted(self._owners, owners), len(self._owners) - 1)
        return np.where(self._owners[found] == owners, found, len(self._owners))

    def criteria(self, row: Columns, place: int, speech: Speech) -> tuple[Criterion, ...]:
        return criteria(self.offer(row), place, speech)

    def neighbours(self, row: Columns, place: int, speech: Speech) -> tuple[Neighbour | None, Neighbour | None]:
        return neighbours(self.offer(row), place, speech)

    def offer(self, row: Columns) -> Offer:
        """The services and their prices as one customer finds them, whose columns have shape (1,)."""
        group = int(self.groups(row)[0]) if self._owner else 0
        return Offer(self.services, float(row[VALUE.name][0]), float(row[CHURN.name][0]), self._posted[group])

    @cached_property
    def _posted(self) -> list[Posted]:
        prices = self.prices
        return [
            Posted(tuple((seats + hour * prices.hours).tolist()), tuple(opened.tolist()), float(tie))
            for seats, hour, opened, tie in zip(prices.seats, prices.hour, prices.open, prices.tie, strict=True)
        ]

    def remarks(self, speech: Speech) -> tuple[str, ...]:
        return remarks(self.learnt, speech)


def _prices(learnt: Mapping[str, Any], services: Services) -> Prices:
    """Those of every owner, and after them the medians of all."""
    seats, hour = np.array(learnt["seats"]), np.array(learnt["hour"])
    opened, tie = np.array(learnt["open"], dtype=np.bool_), np.array(learnt["tie"])
    return Prices(
        np.concatenate([seats, np.median(seats, axis=0, keepdims=True)]),
        np.append(hour, np.median(hour)),
        np.array(services.hours),
        np.concatenate([opened, opened.any(axis=0, keepdims=True)]),
        np.append(tie, tie.max()),
    )


def _owner_of(columns: Columns, owner: str) -> Floats:
    return np.nan_to_num(columns[owner], nan=NO_OWNER)


def _owners(columns: Columns, owner: str | None) -> Floats:
    return np.zeros(1) if owner is None else np.unique(_owner_of(columns, owner))
