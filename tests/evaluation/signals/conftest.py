"""Customer-cutoffs drawn by a law that the tests know."""

from collections.abc import Callable

import numpy as np
import pytest

from data.settings.signals import Signal, signal_of
from evaluation.signals.cases import Cases, Firing

LEVELS, CUTOFFS = 4, 3
MakeCases = Callable[..., Cases]


def planted_cases(customers: int = 3000, seed: int = 0, ratio: float = 1.0, half_life: float = 0.0) -> Cases:
    """One signal with a window of 30 days among customers of four levels of activity at three cutoffs.

    The more active, the more often they show it and the more often they convert anyway; who shows it converts
    `ratio` times as often. With a `half_life` instead 0.4 · 2^(−age / half_life) is added to the chance.
    """
    rng = np.random.default_rng(seed)
    customer = np.tile(np.arange(customers), CUTOFFS)
    level = np.tile(rng.integers(0, LEVELS, customers), CUTOFFS)
    habit = np.tile(rng.uniform(0.5, 1.5, customers), CUTOFFS)
    ever = rng.random(len(customer)) < 0.1 + 0.25 * level
    age = np.where(ever, rng.uniform(0, 182, len(customer)), np.nan)
    now = age < 30
    chance = 0.03 * 2.0**level * habit
    chance = chance + 0.4 * 2 ** (-np.nan_to_num(age, nan=np.inf) / half_life) if half_life else chance * ratio**now
    return Cases(
        customers=customers,
        strata=LEVELS * CUTOFFS,
        customer=customer,
        stratum=level + LEVELS * np.repeat(np.arange(CUTOFFS), customers),
        converted=rng.random(len(customer)) < chance,
        now=now[None],
        age=age[None],
        firing=Firing(customers, 12.0 * customers, np.array([ever.sum()]), np.array([ever.sum()])),
    )


@pytest.fixture(scope="session")
def make_cases() -> MakeCases:
    return planted_cases


@pytest.fixture(scope="session")
def month() -> Signal:
    """A signal with a window of 30 days."""
    words = {"en": "Asked for it", "zh": "询问"}
    return signal_of({"name": "asked", "words": words, "pattern": ["response"], "days": 30})
