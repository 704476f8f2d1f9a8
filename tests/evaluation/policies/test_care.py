"""Who should get care: regret between nothing and all, and lots that tell the effect."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from data.simulation.world import World
from evaluation.policies.care import Evening, best_gain, care_figures, expected, gains, realised, regrets
from evaluation.policies.draws import draws_of
from evaluation.policies.evenings import last_quarters
from evaluation.policies.ranking import OURS, PAST, TOLD


def evening(effect: np.ndarray, seed: int = 0, **orders: np.ndarray) -> Evening:
    """Customers who bring 100 and, where they get care, the effect; a third draw it by lot."""
    rng, n = np.random.default_rng(seed), len(effect)
    by_lot, spread = rng.random(n) < 1 / 3, rng.normal(0.0, 10.0, n)
    propensity = np.where(by_lot, np.where(rng.random(n) < 0.5, 0.3, 0.6), 0.9)
    cared = rng.random(n) < propensity
    return Evening(
        day="2024-03-31",
        customers=tuple(f"c{i:05}" for i in range(n)),
        orders=orders,
        effect=effect,
        cared=cared,
        propensity=propensity,
        by_lot=by_lot,
        money=100.0 + spread + np.where(cared, effect, np.where(by_lot, 0.0, 500.0)),
    )


def drawn(*evenings: Evening, draws: int = 0) -> tuple[np.ndarray, ...]:
    return draws_of([each.customers for each in evenings], seed=1, draws=draws)


def test_the_best_choice_has_no_regret_and_care_for_nobody_has_all() -> None:
    effect = np.array([5.0, -3.0, 20.0, 0.0, 10.0])
    seen = evening(effect, best=np.array([2, 4, 0, 3, 1]), worst=np.array([3, 1, 0, 4, 2]))
    best = best_gain([seen], drawn(seen), 40, 0.5)
    assert best.tolist() == [15.0]
    gained = gains([seen], drawn(seen), 40, 0.5)
    assert gained["worst"].tolist() == [-1.5]
    found = regrets({**gained, "floor": np.zeros(1)}, best)
    assert (found["best"][0], found["floor"][0]) == (0.0, 1.0)
    assert found["worst"][0] == pytest.approx(1.1)


def test_the_best_choice_leaves_out_whom_care_costs_money() -> None:
    seen = evening(np.array([-1.0, 4.0, -2.0, 0.0]), any=np.arange(4))
    assert best_gain([seen], drawn(seen), 100, 1.0).tolist() == [4.0]
    nobody = evening(np.array([-1.0, -4.0]), any=np.arange(2))
    gained, best = (measure([nobody], drawn(nobody), 50, 1.0) for measure in (gains, best_gain))
    assert np.isnan(regrets(gained, best)["any"]).all()


def test_quarters_are_pooled() -> None:
    first = evening(np.array([3.0, 1.0]), one=np.array([0, 1]))
    second = evening(np.array([3.0, 1.0]), one=np.array([1, 0]))
    pair = (first, second)
    assert gains(pair, drawn(*pair), 50, 1.0)["one"].tolist() == [4.0]
    assert best_gain(pair, drawn(*pair), 50, 1.0).tolist() == [6.0]


def test_lots_tell_the_effect_without_bias_where_propensities_differ() -> None:
    rng, told, true = np.random.default_rng(5), [], []
    for seed in range(60):
        effect = rng.gamma(2.0, 20.0, 3_000)
        seen = evening(effect, seed, top=np.argsort(-effect))
        told.append(realised([seen], drawn(seen), 20, 0.5)["top"][0])
        true.append(expected([seen], drawn(seen), 20, 0.5)["top"][0])
    error = np.std(told, ddof=1) / np.sqrt(len(told))
    assert abs(np.mean(told) - np.mean(true)) < 3 * error
    assert error < 0.1 * np.mean(true)


def test_every_measure_is_told_of_every_ranking_and_ratios_of_ours() -> None:
    rng = np.random.default_rng(2)
    effect = rng.gamma(1.0, 10.0, 400)
    blind, half = rng.permutation(400), np.argsort(-effect - rng.gamma(1.0, 10.0, 400))
    orders = {**dict.fromkeys((*OURS, TOLD), np.argsort(-effect)), PAST: half, "rfm7": blind}
    rows = {(row.measure, row.policy): row for row in care_figures([evening(effect, **orders)], 1.0, 3, 50)}
    assert {policy for measure, policy in rows if measure == "regret_20"} == set(orders)
    assert {policy for measure, policy in rows if measure == "ratio_20"} == {*OURS, TOLD}
    assert rows["regret_20", "expected_profit"].value == 0.0
    assert rows["ratio_20", "expected_profit"].value == 0.0
    assert 0.0 < rows["regret_20", PAST].low < rows["regret_20", "rfm7"].low


def test_the_last_quarters_of_a_world_end_within_it() -> None:
    assert last_quarters(World(10, 7)) == [
        (date(2024, 4, 1), date(2024, 6, 30)),
        (date(2024, 7, 1), date(2024, 9, 30)),
        (date(2024, 10, 1), date(2024, 12, 31)),
    ]
    assert last_quarters(World(10, 7, last=date(2024, 12, 30)))[-1] == (date(2024, 7, 1), date(2024, 9, 30))
