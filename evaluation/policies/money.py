"""What the chosen customers brought, and what serving them would have brought under the assumed effects."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from data.settings.tiers.profit import ExpectedProfit
from evaluation.comparison import DRAWS
from evaluation.policies.draws import Draws, differences_of, draws_of, figures_of, quotient, totals
from evaluation.policies.quarter import Quarter
from evaluation.policies.ranking import OPTIMUM, OTHERS, OURS, chosen, seated, seats_for
from evaluation.policies.result import EFFECTS, TOPS, Difference, Figure, Span
from serving.tiers.inputs import VALUE
from serving.tiers.services import Effect, Services

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Columns = dict[str, Floats]
"""By policy, what was measured: as it was, and on every draw, shape (1 + draws,)."""


def measured(
    span: Span, quarters: Sequence[Quarter], settings: ExpectedProfit, services: Services, seed: int, draws: int = DRAWS
) -> tuple[list[Figure], list[Difference]]:
    """Every measure of every policy, and ours less the others, on the same draws of customers."""
    drawn = draws_of([quarter.ranked.customers for quarter in quarters], seed, draws)
    figures, differences = list[Figure](), list[Difference]()
    for measure, columns in _columns(quarters, drawn, settings, services):
        figures += figures_of(span, measure, columns)
        ours = [name for name in (*OURS, OPTIMUM) if name in columns]
        differences += differences_of(span, measure, columns, ours, OTHERS)
    return figures, differences


def captured(quarters: Sequence[Quarter], drawn: Draws, top: float) -> Columns:
    """The share of all quarters' money that the top percent by each ranking holds; nan where nobody brought any."""
    everybody = totals([each.value for each in quarters], drawn)
    return {
        name: quotient(totals([each.value * chosen(each.orders[name], top) for each in quarters], drawn), everybody)
        for name in quarters[0].orders
    }


def profits(
    quarters: Sequence[Quarter], drawn: Draws, settings: ExpectedProfit, services: Services, effect: Effect
) -> Columns:
    """The profit of all quarters at one end of the assumed effects when each ranking fills the same seats from the
    top, and that of expected profit's own choice."""
    gains = [gains_of(quarter, services, effect) for quarter in quarters]
    found = Columns()
    for name in (*quarters[0].orders, OPTIMUM):
        places = [_places(quarter, name, settings) for quarter in quarters]
        brought = [profit(each, gain) for each, gain in zip(places, gains, strict=True)]
        found[name] = totals(brought, drawn)
    return found


def profit(places: Ints, gains: Floats) -> Floats:
    """The profit of each customer in their place (n,); `gains` (n, tiers) are those of each in each."""
    return np.asarray(gains[np.arange(len(places)), places])


def gains_of(quarter: Quarter, services: Services, effect: Effect) -> Floats:
    """The profit of every service by the value that came and the churn that was predicted, shape (n, tiers)."""
    return services.gains({**quarter.ranked.columns, VALUE.name: quarter.value}, effect)


def _columns(
    quarters: Sequence[Quarter], drawn: Draws, settings: ExpectedProfit, services: Services
) -> Iterator[tuple[str, Columns]]:
    for top in TOPS:
        yield f"captured_{top}", captured(quarters, drawn, top)
    for effect in EFFECTS:
        yield f"profit_{effect}", profits(quarters, drawn, settings, services, effect)


def _places(quarter: Quarter, name: str, settings: ExpectedProfit) -> Ints:
    if name == OPTIMUM:
        return quarter.ranked.places["expected_profit"]
    return seated(quarter.orders[name], seats_for(settings, len(quarter.value)))
