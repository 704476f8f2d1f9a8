"""Whether two models that learnt the same with different seeds give the same reasons, target by target."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from evaluation.comparison import DRAWS
from evaluation.explained import Explained
from evaluation.interval import Estimate, estimate
from training.metrics import spearman

Floats = NDArray[np.float64]
Measure: TypeAlias = Callable[[NDArray[np.int64]], float]
"""A figure of the customers drawn, by their places."""

STRONGEST = 3
MUCH = 0.1
"""A score that moved by more than this share of itself is said to have moved."""


@dataclass(frozen=True)
class Stability:
    """How far a second model agrees with a first one about one target, over the same customers.

    Of each customer: whether the strongest group is the same, whether the group strongest in the first pulls the same
    way in the second, whether the strongest feature is the same, what share of the three strongest features is; the
    cosine between the contributions of both by group and by feature (median); whether the score moved by more than a
    tenth, and by what share of itself (median), and by how much in its unit (mean). Of the book: the rank correlation
    of the mean |contribution| of groups and of features that move either model. `firmer` is by how much `same_group`
    exceeds `same_feature`, `closer` by how much `group_cosine` exceeds `feature_cosine`.
    """

    target: str
    customers: int
    same_group: Estimate
    same_sign: Estimate
    same_feature: Estimate
    same_three: Estimate
    group_cosine: Estimate
    feature_cosine: Estimate
    group_order: Estimate
    feature_order: Estimate
    moved: Estimate
    median_move: Estimate
    mean_move: Estimate
    firmer: Estimate
    closer: Estimate

    def estimates(self) -> dict[str, Estimate]:
        """Every figure by its name."""
        named = ((part.name, getattr(self, part.name)) for part in fields(self))
        return {name: value for name, value in named if isinstance(value, Estimate)}


def stabilities(
    first: Sequence[Explained], second: Sequence[Explained], seed: int, draws: int = DRAWS
) -> Iterator[Stability]:
    """That of every target which both models explained, with 95 % bootstrap intervals over customers."""
    others = {part.target: part for part in second}
    for part in first:
        if part.target in others:
            yield stability(part, others[part.target], seed, draws)


def stability(first: Explained, second: Explained, seed: int, draws: int = DRAWS) -> Stability:
    """That of one target; both explain the same n customers, in the same order."""
    one, other = first.explanation.contributions, second.explanation.contributions
    groups, other_groups = first.by_group, second.by_group
    score, other_score = first.explanation.score, second.explanation.score
    moves = _moves(score, other_score)
    by_group, by_feature = _cosines(groups, other_groups), _cosines(one, other)
    same_group = _top(groups, 1)[:, 0] == _top(other_groups, 1)[:, 0]
    same_feature = _top(one, 1)[:, 0] == _top(other, 1)[:, 0]
    measures: dict[str, Measure] = {
        "same_group": _mean(same_group),
        "same_sign": _mean(_same_sign(groups, other_groups)),
        "same_feature": _mean(same_feature),
        "same_three": _mean(_shared(_top(one, STRONGEST), _top(other, STRONGEST))),
        "group_cosine": _median(by_group),
        "feature_cosine": _median(by_feature),
        "group_order": _order(groups, other_groups),
        "feature_order": _order(one, other),
        "moved": _mean(moves > MUCH),
        "median_move": _median(moves),
        "mean_move": _mean(np.abs(other_score - score)),
        "firmer": _mean(same_group.astype(np.float64) - same_feature),
        "closer": lambda drawn: _median(by_group)(drawn) - _median(by_feature)(drawn),
    }
    drawn = _drawn(len(one), seed, draws)
    found = {name: estimate(np.array([measure(places) for places in drawn])) for name, measure in measures.items()}
    return Stability(first.target, len(one), **found)


def _drawn(customers: int, seed: int, draws: int) -> list[NDArray[np.int64]]:
    """Everybody once, and then as many drawn with replacement, again and again (Efron 1979)."""
    rng = np.random.default_rng(seed)
    return [np.arange(customers), *(rng.integers(0, customers, customers) for _ in range(draws))]


def _mean(values: NDArray[np.bool_] | Floats) -> Measure:
    return lambda drawn: float(values[drawn].mean())


def _median(values: Floats) -> Measure:
    return lambda drawn: float(np.median(values[drawn]))


def _order(one: Floats, other: Floats) -> Measure:
    """The rank correlation of the mean sizes of those columns that move either."""
    moving = (one != 0).any(axis=0) | (other != 0).any(axis=0)
    sizes = np.abs(np.stack([one[:, moving], other[:, moving]]))

    def measure(drawn: NDArray[np.int64]) -> float:
        times = np.bincount(drawn, minlength=sizes.shape[1]).astype(np.float64)
        first, second = times @ sizes
        return spearman(first, second)

    return measure


def _top(contributions: Floats, count: int) -> NDArray[np.int64]:
    """The columns of each row's largest contributions, shape (n, count); equal ones in their own order."""
    return np.argsort(-np.abs(contributions), axis=1, kind="stable")[:, :count]


def _shared(one: NDArray[np.int64], other: NDArray[np.int64]) -> Floats:
    """The share of each row's columns that stand in the same row of the other."""
    return np.asarray((one[:, :, None] == other[:, None, :]).any(axis=2).mean(axis=1))


def _same_sign(groups: Floats, other: Floats) -> NDArray[np.bool_]:
    rows, strongest = np.arange(len(groups)), _top(groups, 1)[:, 0]
    return np.asarray(np.sign(groups[rows, strongest]) == np.sign(other[rows, strongest]))


def _cosines(one: Floats, other: Floats) -> Floats:
    """The cosine between the rows, shape (n,): 1 where neither says anything, 0 where one of them does."""
    length, other_length = np.linalg.norm(one, axis=1), np.linalg.norm(other, axis=1)
    both = length * other_length
    silent = (length == 0) & (other_length == 0)
    return np.asarray(np.divide((one * other).sum(axis=1), both, out=silent.astype(np.float64), where=both > 0))


def _moves(score: Floats, other: Floats) -> Floats:
    """By what share of the first score the second differs, shape (n,)."""
    differ, size = np.abs(other - score), np.abs(score)
    return np.divide(differ, size, out=np.where(differ > 0, np.inf, 0.0), where=size > 0)
