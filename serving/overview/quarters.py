"""Two rates of equal weight, quarter by quarter: core customers who bought again, new ones who bought first."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data.clock import add_days, local_date
from data.histories.histories import Histories
from features.build import build_features
from features.spec import FeatureSpec
from serving.overview.overview import Quarter
from serving.tiers.inputs import ORDERS, RECENCY, SPEND
from serving.tiers.rule import Rule

Floats = NDArray[np.float64]

QUARTER_DAYS = 91
QUARTERS = 4
"""(ours) A year of them."""

NEW_DAYS = 182
"""(ours) Who was first seen within so many days before a quarter's end is new."""

LOOKED_AT = (RECENCY.name, ORDERS.name, SPEND.name)
CORE = 0


def starts(cutoff: int, time_zone: str) -> list[int]:
    """The cutoffs (µs UTC) at which quarters begin and end, the first first."""
    return [add_days(cutoff, -QUARTER_DAYS * back, time_zone) for back in range(QUARTERS, -1, -1)]


@dataclass
class Quarters:
    """What both rates need of a book's customers, gathered part by part."""

    cutoff: int
    time_zone: str
    minor_digits: int
    _tables: list[Floats] = field(default_factory=list)
    _first: list[NDArray[np.int64]] = field(default_factory=list)

    def add(self, histories: Histories) -> None:
        """Takes in some customers."""
        spec = FeatureSpec(self.time_zone, self.minor_digits, columns=LOOKED_AT)
        self._tables.append(build_features(histories, starts(self.cutoff, self.time_zone), spec))
        self._first.append(_first_seen(histories))

    def told(self, rule: Rule) -> tuple[Quarter, ...]:
        """The quarters, the earliest first; `rule` is the RFM matrix whose core customers are meant."""
        tables, first = np.concatenate(self._tables, axis=1), np.concatenate(self._first)
        ends = starts(self.cutoff, self.time_zone)[1:]
        return tuple(
            self._quarter(before, after, first, end, rule)
            for before, after, end in zip(tables[:-1], tables[1:], ends, strict=True)
        )

    def _quarter(self, before: Floats, after: Floats, first: NDArray[np.int64], end: int, rule: Rule) -> Quarter:
        orders, since = np.nan_to_num(before[:, 1]), np.nan_to_num(after[:, 1]) - np.nan_to_num(before[:, 1])
        classes = rule.classes_of(dict(zip(LOOKED_AT, before.T, strict=True)))
        core = (classes == CORE) & (orders > 0)
        new = (first > add_days(end, -NEW_DAYS, self.time_zone)) & (first <= end) & (orders == 0)
        return Quarter(
            end=str(local_date(end, self.time_zone)),
            core=int(core.sum()),
            core_bought=int((core & (since > 0)).sum()),
            new=int(new.sum()),
            new_bought=int((new & (since > 0)).sum()),
        )


def _first_seen(histories: Histories) -> NDArray[np.int64]:
    """The instant of every customer's first event; that of nobody's is never."""
    never = np.iinfo(np.int64).max
    some = np.diff(histories.offsets) > 0
    found = np.full(len(histories), never)
    found[some] = histories.time[histories.offsets[:-1][some]]
    return found
