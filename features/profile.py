"""Declared profile columns as features: level codes, numbers, and dates as ages."""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from data.clock import DAY
from data.errors import listed
from data.histories.dated import Dated
from data.histories.histories import Histories
from data.histories.profiles import missing
from features.errors import FeatureError
from features.feature import Feature, Words

KINDS = ("category", "number", "date")
UNIT_OF_KIND = {"category": "category", "number": "number", "date": "days"}
USUAL = {
    "account_manager": "客户经理",
    "age": "年龄",
    "city": "城市",
    "contacts": "联系人数",
    "country": "国家",
    "cultural_fit": "文化契合度",
    "customer_since": "合作起始日",
    "demand_fit": "需求契合度",
    "home_ownership": "住房情况",
    "household_comp": "家庭构成",
    "household_size": "家庭人数",
    "income": "收入",
    "industry": "行业",
    "kids_count": "子女数",
    "marital_status": "婚姻状况",
    "payment_terms": "账期",
    "reference_value": "标杆价值",
    "region": "地区",
    "size": "规模",
    "staff": "员工数",
    "strategic_fit": "战略契合度",
}
"""What usual columns are called in Chinese; another one is called by its own name."""

MOST_LEVELS = 254  # one byte of bins with room for "missing", which is what the learners' histograms hold


@dataclass(frozen=True)
class ProfileFeature:
    """One declared profile column.

    `levels` are the stable hashes of a category's known values, ascending; a value's code is its place among
    them. Text columns are no features.
    """

    column: str
    kind: str
    levels: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The column of the feature table; the prefix keeps it apart from the catalogue."""
        return f"profile_{self.column}"

    @property
    def feature(self) -> Feature:
        """How the column is declared and worded; only the company knows what its columns mean."""
        lower = self.column.replace("_", " ")
        name, zh = lower[:1].upper() + lower[1:], USUAL.get(self.column, f"“{lower}”")
        meaning = Words(f"{name} (profile)", f"{zh}（客户档案）")
        return Feature(self.name, "profile", UNIT_OF_KIND[self.kind], meaning, meaning, meaning)

    def values(self, histories: Histories, cutoff: int, known_at: int) -> NDArray[np.float64]:
        """float64[n]: the value known last at `known_at` (us UTC); nan where there is none, it has lapsed, or is new.

        A category gives its level's code, a number itself, a date its age at the cutoff in days.
        """
        dated = histories.profile[self.column]
        if len(dated) == 1:  # in a tenth of the time, as requests need it
            place = dated.only_as_known(known_at, cutoff)
            return np.array([math.nan if place is None else self._number(dated.values[place].item(), cutoff)])
        raw, _ = dated.as_known(known_at, cutoff)
        return np.where(missing(raw), np.nan, self._numbers(raw, cutoff))

    def _number(self, raw: float, cutoff: int) -> float:
        """As `_numbers`, of one customer whose value is not missing."""
        if self.kind == "category":
            place = bisect_left(self.levels, raw)
            return float(place) if place < len(self.levels) and self.levels[place] == raw else math.nan
        return (float(cutoff) - float(raw)) / DAY if self.kind == "date" else float(raw)

    def _numbers(self, raw: NDArray[Any], cutoff: int) -> NDArray[np.float64]:
        if self.kind == "category":
            return level_codes(raw, self._known)
        if self.kind == "date":
            # the difference in floats: NO_DATE would overflow whole numbers
            return (float(cutoff) - raw.astype(np.float64)) / DAY
        return raw.astype(np.float64)

    @cached_property
    def _known(self) -> NDArray[np.uint64]:
        return np.array(self.levels, np.uint64)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        levels = [str(level) for level in self.levels]
        return {"column": self.column, "kind": self.kind, "levels": levels}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; FeatureError for an unknown kind."""
        if values["kind"] not in KINDS:
            expected = f'expected a kind of {listed(KINDS)}, got "{values["kind"]}"'
            raise FeatureError(f'profile column "{values["column"]}": {expected}')
        levels = tuple(int(level) for level in values["levels"])
        return cls(values["column"], values["kind"], levels)


def level_codes(hashes: NDArray[np.uint64], known: NDArray[np.uint64]) -> NDArray[np.float64]:
    """The place of each hash among the ascending levels; nan where it is none of them."""
    places = np.searchsorted(known, hashes)
    found = places < len(known)
    found[found] = known[places[found]] == hashes[found]
    return np.where(found, places.astype(np.float64), np.nan)


def fit_levels(kind: str, parts: Sequence[Dated], known_at: int) -> tuple[int, ...]:
    """The levels of a category known at `known_at` (us UTC), ascending; none for another kind.

    Of too many the most frequent are kept, ties going to the smaller hash.
    """
    if kind != "category" or not parts:
        return ()
    known = [dated.values[dated.known <= known_at] for dated in parts]
    levels, counts = np.unique(np.concatenate(known), return_counts=True)
    frequent = np.lexsort((levels, -counts))[:MOST_LEVELS]
    return tuple(int(level) for level in np.sort(levels[frequent]))
