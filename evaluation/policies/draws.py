"""Bootstrap over customers who stand in several quarters: whoever is drawn brings all their quarters along."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evaluation.comparison import DRAWS
from evaluation.policies.result import Difference, Figure, Span

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Draws = tuple[Floats, ...]
"""By quarter, how often each of its n customers counts: once, and then as drawn, shape (1 + draws, n)."""


def draws_of(customers: Sequence[Sequence[str]], seed: int, draws: int = DRAWS) -> Draws:
    """Customers drawn with replacement (Efron 1979); `customers` are those of each quarter."""
    known, places = np.unique(np.concatenate([np.array(each, dtype=str) for each in customers]), return_inverse=True)
    rng, n = np.random.default_rng(seed), len(known)
    drawn = [np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(draws if n else 0)]
    times = np.array([np.ones(n), *drawn], dtype=np.float64)
    return tuple(times[:, rows] for rows in np.split(places, np.cumsum([len(each) for each in customers])[:-1]))


def totals(values: Iterable[Floats], drawn: Draws) -> Floats:
    """The sum of all quarters' values, shape (n,) each, on every draw, shape (1 + draws,).

    Whom a policy chose stays chosen: what is drawn anew are the customers, not the choice.
    """
    return np.asarray(np.sum([times @ each for each, times in zip(values, drawn, strict=True)], axis=0))


def quotient(part: Floats, whole: Floats) -> Floats:
    """Part by whole, nan where the whole is 0."""
    return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole != 0.0))


def figures_of(span: Span, measure: str, columns: Mapping[str, Floats]) -> Iterator[Figure]:
    """The figure of every policy, of columns (1 + draws,)."""
    for policy, column in columns.items():
        yield Figure.of(span, measure, policy, column)


def differences_of(
    span: Span, measure: str, columns: Mapping[str, Floats], ours: Sequence[str], others: Sequence[str]
) -> Iterator[Difference]:
    """Ours less each of the others, on the same draws."""
    for mine in ours:
        for other in others:
            yield Difference.of(span, measure, mine, other, columns[mine] - columns[other])
