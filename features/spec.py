"""Which features a table has: what a model was trained on and what a request must build."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from data.errors import listed
from data.histories.dated import Dated
from data.histories.histories import Histories
from data.settings.book import Book
from data.settings.signals import Signal, signal_of
from features.catalog import CATALOG, NAMES
from features.errors import FeatureError
from features.feature import Feature
from features.kernel.desk import Fitted
from features.kernel.parts import BIT
from features.profile import KINDS, ProfileFeature, fit_levels
from features.signals import features_of, table_of
from features.transitions import NO_EMBEDDING, Embedding

FEATURES = {feature.name: feature for feature in CATALOG}
END_OF_TIME = int(np.iinfo(np.int64).max) - 1  # later than any date, earlier than "never"


@dataclass(frozen=True)
class FeatureSpec:
    """The columns of a feature table, in order: `columns` of the catalogue, signals, embedding, profile.

    `time_zone` is where calendar days are counted, `minor_digits` how many digits follow the point of the
    currency (2 for euros and cents). FeatureError for a column that the catalogue does not have.
    """

    time_zone: str
    minor_digits: int
    profile: tuple[ProfileFeature, ...] = ()
    columns: tuple[str, ...] = NAMES
    signals: tuple[Signal, ...] = ()
    embedding: Embedding = NO_EMBEDDING

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
        return tuple(self._features)

    @cached_property
    def categorical(self) -> tuple[str, ...]:
        """The columns that hold codes of levels."""
        return tuple(name for name, feature in self._features.items() if feature.unit == "category")

    @cached_property
    def computed(self) -> tuple[str, ...]:
        """What the compiled walk writes, in its order: the whole catalogue, signals, embedding."""
        return (*NAMES, *(feature.name for feature in self._fitted))

    @cached_property
    def fitted(self) -> Fitted:
        """Signals and embedding as numbers, and a bit for each family that is asked for."""
        families = {FEATURES[name].family for name in self.columns} | ({"steps"} if self.embedding.loadings else set())
        wanted = sum(getattr(BIT, family) for family in families)
        return Fitted(table_of(self.signals), self.embedding.matrix, wanted)

    @cached_property
    def _fitted(self) -> tuple[Feature, ...]:
        return (*(feature for signal in self.signals for feature in features_of(signal)), *self.embedding.features)

    @cached_property
    def _features(self) -> dict[str, Feature]:
        declared = [*(FEATURES[name] for name in self.columns), *self._fitted]
        return {feature.name: feature for feature in (*declared, *(column.feature for column in self.profile))}

    def levels(self, name: str) -> tuple[int, ...] | None:
        """The hashes behind the codes of a profile column; None for the catalogue, whose codes are roles."""
        return next((column.levels for column in self.profile if column.name == name), None)

    def level_names(self, words_of: Callable[[str], Mapping[int, str]]) -> dict[int, str]:
        """The texts behind the hashes of the levels of categories; `words_of` gives those of a profile column."""
        columns = [profile.column for profile in self.profile if profile.kind == "category"]
        return {level: text for column in columns for level, text in words_of(column).items()}

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
            "signals": [signal.model_dump(mode="json", exclude_defaults=True) for signal in self.signals],
            "embedding": self.embedding.to_dict(),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; FeatureError if a part is missing or unknown to this version."""
        try:
            profile = tuple(ProfileFeature.from_dict(column) for column in values["profile"])
            return cls(
                values["time_zone"],
                int(values["minor_digits"]),
                profile,
                tuple(values["columns"]),
                tuple(map(signal_of, values["signals"])),
                Embedding.from_dict(values["embedding"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise FeatureError(f"feature specification: a part is missing or malformed: {error!r}") from error

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) over the specification."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def fit_spec(book: Book, histories: Histories, known_at: int = END_OF_TIME) -> FeatureSpec:
    """The whole catalogue, the book's signals and its profile columns, their levels as known at `known_at` (us UTC)."""
    return fit_spec_over(book, [histories.profile], known_at)


def fit_spec_over(book: Book, profiles: Iterable[Mapping[str, Dated]], known_at: int = END_OF_TIME) -> FeatureSpec:
    """`fit_spec` of a book whose profiles come in parts."""
    columns = [name for name, kind in book.profile_kinds.items() if kind in KINDS]
    given: dict[str, list[Dated]] = {name: [] for name in columns}
    for profile_of in profiles:
        for name in columns:
            given[name].append(profile_of[name])
    profile = tuple(
        ProfileFeature(name, kind, fit_levels(kind, given[name], known_at))
        for name, kind in book.profile_kinds.items()
        if name in given
    )
    return FeatureSpec(book.time_zone, book.minor_digits, profile, signals=book.all_signals)
