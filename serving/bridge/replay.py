"""The replays of a bridge: the same customers seen with more knowledge, later, with what happened, by a new model."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.histories.histories import Histories
from features.build import build_features
from serving.bridge.standpoint import Standpoint
from serving.outlook import average_outlook
from training.bundle import Bundle
from training.labels import TARGETS, population

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Account:
    """One target's scores, shape (n,), nan where there is none, with what they add up from:
    `base_value` (n,) and `contributions` (n, f)."""

    score: Floats
    base_value: Floats
    contributions: Floats

    def rows(self, rows: slice) -> "Account":
        """The account of some of the rows."""
        return Account(self.score[rows], self.base_value[rows], self.contributions[rows])


@dataclass(frozen=True)
class Replay:
    """What a model says of n customers seen in one way: `features` has shape (n, f), `known` (n,) tells of whom any
    event was on record."""

    bundle: Bundle
    features: Floats
    known: Flags
    accounts: Mapping[str, Account]


def replays(histories: Histories, before: Standpoint, after: Standpoint) -> tuple[Replay, ...]:
    """The customers as they were recommended before, after each of four steps, and so as they are after.

    What happened is told from when it happened; a profile value from when it was stated, which is the one date it
    has. So a value that was restated between the two cutoffs counts as done since, not as late knowledge.
    """
    then = histories.until(before.cutoff, max(before.cutoff, before.known_by))
    moments = [before.cutoff, after.cutoff]
    known_by = [before.known_by, after.known_by]
    spec = before.bundle.spec
    first, last = build_features(histories, moments, spec, known_at=known_by)
    informed, aged = build_features(then, moments, spec, known_at=[after.known_by] * 2)
    seen = [
        population(histories, before.cutoff, "everyone", before.known_by),
        population(then, before.cutoff, "everyone", after.known_by),
        population(then, after.cutoff, "everyone", after.known_by),
        population(histories, after.cutoff, "everyone", after.known_by),
    ]
    told = tuple(_replayed(before.bundle, [first, informed, aged, last], seen))
    if after.bundle.version == before.bundle.version:
        return (*told, told[-1])
    renewed = build_features(histories, [after.cutoff], after.bundle.spec, known_at=[after.known_by])[0]
    return (*told, *_replayed(after.bundle, [renewed], seen[-1:]))


def arrivals(replayed: Sequence[Replay]) -> Flags:
    """Of whom nothing was on record before, but something is now: shape (n,)."""
    return ~replayed[0].known & replayed[-1].known


def _replayed(bundle: Bundle, tables: Sequence[Floats], seen: Sequence[Flags]) -> Iterator[Replay]:
    """All tables are predicted and explained at once."""
    accounts = _accounts(bundle, np.concatenate(tables), np.concatenate(seen))
    count = len(tables[0])
    for number, (features, known) in enumerate(zip(tables, seen, strict=True)):
        rows = slice(number * count, (number + 1) * count)
        yield Replay(bundle, features, known, {target: account.rows(rows) for target, account in accounts.items()})


def _accounts(bundle: Bundle, features: Floats, known: Flags) -> dict[str, Account]:
    """The scores that are recommended: the book's averages, which nothing moves, for who is not known."""
    scores, explained = bundle.predict(features), bundle.explain(features)
    averages = _averages(bundle)
    nothing = np.zeros_like(features)
    return {
        target: Account(
            np.where(known, getattr(scores, target), averages[target]),
            np.where(known, explained[target].base_value if target in explained else np.nan, averages[target]),
            np.where(known[:, None], explained[target].contributions if target in explained else nothing, 0.0),
        )
        for target in TARGETS
    }


def _averages(bundle: Bundle) -> dict[str, float]:
    """The answer about somebody unknown, nan where there is none."""
    average = average_outlook(bundle, ())
    answers = {target: getattr(average, target).value for target in TARGETS}
    return {target: np.nan if value is None else value for target, value in answers.items()}
