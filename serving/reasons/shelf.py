"""What the reasons of one bundle in one language share, looked up once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from features.groups import GROUPS, place_of
from serving.figures import said
from serving.numerals import Language
from serving.reasons.facts import Teller, teller_of
from training.bundle import Bundle

SHELVES_KEPT = 8

NOT_YET: tuple[Mapping[int, str], None] = ({}, None)

WINDOW = re.compile(r"_\d+d\b")


@dataclass(frozen=True)
class Shelf:
    """Group, kind and teller of every column of a bundle's features.

    Columns of one kind differ in their window alone; `learnt` are the columns of patterns. The teller of a
    category is kept as long as the calls come with the same names of levels.
    """

    bundle: Bundle
    language: Language
    group_of: Sequence[int]
    groups: NDArray[np.int64]
    titles: Sequence[str]
    kinds: Sequence[str]
    learnt: frozenset[int]
    _tellers: dict[int, tuple[Mapping[int, str], Teller]] = field(default_factory=dict)

    def teller(self, column: int, level_names: Mapping[int, str]) -> Teller:
        """That of one column."""
        names, teller = self._tellers.get(column, NOT_YET)
        if teller is None or (teller.unit == "category" and names is not level_names):
            teller = teller_of(self.bundle, column, self.language, level_names)
            self._tellers[column] = level_names, teller
        return teller


@dataclass(frozen=True, eq=False)
class _ByVersion:
    """A bundle that equals another of the same version."""

    bundle: Bundle

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByVersion) and self.bundle.version == other.bundle.version

    def __hash__(self) -> int:
        return hash(self.bundle.version)


def shelf_of(bundle: Bundle, language: Language) -> Shelf:
    """The shelf of a bundle in a language."""
    return _shelf(_ByVersion(bundle), language)


@lru_cache(maxsize=SHELVES_KEPT)
def _shelf(key: _ByVersion, language: Language) -> Shelf:
    spec = key.bundle.spec
    own = [place_of(spec.feature(name)) for name in spec.names]
    return Shelf(
        bundle=key.bundle,
        language=language,
        group_of=own,
        groups=np.array(own, np.int64),
        titles=[said(group.title, language) for group in GROUPS],
        kinds=[WINDOW.sub("", name) for name in spec.names],
        learnt=frozenset(c for c, name in enumerate(spec.names) if spec.feature(name).unit == "pattern"),
    )
