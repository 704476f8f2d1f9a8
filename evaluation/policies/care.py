"""Who should get care, on simulated customers of whom the truth is known: regret, and what the lots told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.comparison import DRAWS
from evaluation.policies.draws import Draws, draws_of, figures_of, quotient, totals
from evaluation.policies.ranking import OURS, PAST, TOLD, chosen
from evaluation.policies.result import TOPS, Figure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Columns = dict[str, Floats]
"""By ranking, what was measured: as it was, and on every draw, shape (1 + draws,)."""


@dataclass(frozen=True)
class Evening:
    """The evening (ISO `day`) before a quarter: its n `customers`, and the `orders` (n,) of each ranking.

    By the truth, each (n,): the money (currency) that care is expected to add in the quarter (`effect`); whether the
    customer got it (`cared`), with which `propensity`, and whether `by_lot`; and the `money` that came.
    """

    day: str
    customers: tuple[str, ...]
    orders: Mapping[str, Ints]
    effect: Floats
    cared: Flags
    propensity: Floats
    by_lot: Flags
    money: Floats

    def best(self, top: float) -> Flags:
        """The top percent by the truth, without those whom care would cost money, shape (n,)."""
        return chosen(np.argsort(-self.effect, kind="stable"), top) & (self.effect > 0.0)


def gains(evenings: Sequence[Evening], drawn: Draws, top: float, margin: float) -> Columns:
    """The expected profit of care for those whom each ranking chooses: Σ margin × effect."""
    return {
        name: margin * totals([each.effect * chosen(each.orders[name], top) for each in evenings], drawn)
        for name in evenings[0].orders
    }


def best_gain(evenings: Sequence[Evening], drawn: Draws, top: float, margin: float) -> Floats:
    """The expected profit of the best choice."""
    return margin * totals([each.effect * each.best(top) for each in evenings], drawn)


def regrets(gained: Columns, best: Floats) -> Columns:
    """(best − gained) / (best − everybody on the floor), who gain nothing; nan where the best is nothing."""
    return {name: quotient(best - gain, best) for name, gain in gained.items()}


def realised(evenings: Sequence[Evening], drawn: Draws, top: float, margin: float) -> Columns:
    """Per customer chosen, the profit that care brought: the inverse-propensity estimate among those whose care was
    drawn by lot (Horvitz and Thompson 1952, with weights that add up to one: Hájek 1971)."""
    return {name: margin * _by_lots(evenings, drawn, top, name) for name in evenings[0].orders}


def expected(evenings: Sequence[Evening], drawn: Draws, top: float, margin: float) -> Columns:
    """Per customer chosen among those, the profit that was to be expected of care."""
    effects = [each.effect for each in evenings]
    return {
        name: margin * _mean(effects, [_asked(each, name, top) for each in evenings], drawn)
        for name in evenings[0].orders
    }


def care_figures(evenings: Sequence[Evening], margin: float, seed: int, draws: int = DRAWS) -> Iterator[Figure]:
    """Every measure of every ranking, on the same draws of customers; see `evaluation.policies.result.Care`."""
    drawn = draws_of([evening.customers for evening in evenings], seed, draws)
    for top in TOPS:
        gained = gains(evenings, drawn, top, margin)
        regret = regrets(gained, best_gain(evenings, drawn, top, margin))
        ratios = {name: quotient(regret[name], regret[PAST]) for name in (*OURS, TOLD)}
        yield from figures_of("care", f"gain_{top}", gained)
        yield from figures_of("care", f"regret_{top}", regret)
        yield from figures_of("care", f"ratio_{top}", ratios)
        yield from figures_of("care", f"realised_{top}", realised(evenings, drawn, top, margin))
        yield from figures_of("care", f"expected_{top}", expected(evenings, drawn, top, margin))


def _by_lots(evenings: Sequence[Evening], drawn: Draws, top: float, name: str) -> Floats:
    money = [each.money for each in evenings]
    cared = [_asked(each, name, top) * each.cared / each.propensity for each in evenings]
    spared = [_asked(each, name, top) * ~each.cared / (1.0 - each.propensity) for each in evenings]
    return _mean(money, cared, drawn) - _mean(money, spared, drawn)


def _asked(evening: Evening, name: str, top: float) -> Floats:
    """1 for whom a ranking chooses among those whose care was drawn by lot, else 0, shape (n,)."""
    return (chosen(evening.orders[name], top) & evening.by_lot).astype(np.float64)


def _mean(values: Sequence[Floats], weights: Sequence[Floats], drawn: Draws) -> Floats:
    """The weighted mean of all evenings' values, (n,) each, on every draw."""
    weighted = [value * weight for value, weight in zip(values, weights, strict=True)]
    return quotient(totals(weighted, drawn), totals(weights, drawn))
