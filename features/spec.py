"""Which features a table has: what a model was trained on and what a request must build."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from data.book import Book
from data.errors import listed
from data.histories import Histories
from features.catalog import CATALOG, NAMES
from features.errors import FeatureError
from features.feature import Feature
from features.profile import KINDS, KnownValues, ProfileFeature, fit_levels

FEATURES = {feature.name: feature for feature in CATALOG}
END_OF_TIME = int(np.iinfo(np.int64).max) - 1  # later than any date, earlier than "never"


@dataclass(frozen=True)
class FeatureSpec:
    """The columns of a feature table, in order: `columns` of the catalogue, then the profile.

    `time_zone` is where calendar days are counted, `minor_digits` how many digits follow the point of the
    currency (2 for euros and cents). FeatureError for a column that the catalogue does not have.
    """

    time_zone: str
    minor_digits: int
    profile: tuple[ProfileFeature, ...] = ()
    columns: tuple[str, ...] = NAMES

    def __post_init__(self) -> None:
        unknown = [name for name in self.columns if name not in FEATURES]
        if unknown:
            raise FeatureError(
                f"feature specification: this version has no feature {listed(unknown)}; "
                f"use the version that wrote the specification, or train again"
            )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns of the table, in order."""
        return (*self.columns, *(column.name for column in self.profile))

    @cached_property
    def categorical(self) -> tuple[str, ...]:
        """The columns that hold codes of levels."""
        return tuple(column.name for column in self.profile if column.kind == "category")

    @cached_property
    def _features(self) -> dict[str, Feature]:
        declared = {name: FEATURES[name] for name in self.columns}
        return declared | {column.name: column.feature for column in self.profile}

    def feature(self, name: str) -> Feature:
        """The declaration of one of `names`; FeatureError for another."""
        if name not in self._features:
            raise FeatureError(f'feature "{name}": expected one of {listed(self.names)}')
        return self._features[name]

    def require(self, histories: Histories) -> None:
        """FeatureError unless the histories carry every profile column."""
        lacking = [column.column for column in self.profile if column.column not in histories.profile]
        if lacking:
            raise FeatureError(
                f"histories: expected the profile columns {listed(lacking)}, "
                f"got {listed(histories.profile)}; declare them in the book, or train again without them"
            )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "time_zone": self.time_zone,
            "minor_digits": self.minor_digits,
            "columns": list(self.columns),
            "profile": [column.to_dict() for column in self.profile],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; FeatureError if a part is missing or unknown to this version."""
        try:
            profile = tuple(ProfileFeature.from_dict(column) for column in values["profile"])
            return cls(values["time_zone"], int(values["minor_digits"]), profile, tuple(values["columns"]))
        except (KeyError, TypeError, ValueError) as error:
            raise FeatureError(f"feature specification: a part is missing or malformed: {error!r}") from error

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) over the specification."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def fit_spec(book: Book, histories: Histories, known_at: int = END_OF_TIME) -> FeatureSpec:
    """The whole catalogue and the book's profile columns, their levels as known at `known_at` (us UTC)."""
    return fit_spec_over(book, [histories], known_at)


def fit_spec_over(book: Book, parts: Iterable[Histories], known_at: int = END_OF_TIME) -> FeatureSpec:
    """`fit_spec` of a book whose histories come in parts."""
    columns = [name for name, kind in book.profile_kinds.items() if kind in KINDS]
    given: dict[str, list[KnownValues]] = {name: [] for name in columns}
    for part in parts:
        for name in columns:
            given[name].append((part.profile[name], part.profile_known[name]))
    profile = tuple(
        ProfileFeature(name, kind, fit_levels(kind, given[name], known_at))
        for name, kind in book.profile_kinds.items()
        if name in given
    )
    return FeatureSpec(book.time_zone, book.minor_digits, profile)
