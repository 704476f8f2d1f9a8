"""The truth is the expectation of the lives: against many lives from one state, and against the files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from data.simulation.chain import BEFORE, CODES, LEAD_STATES, ORDERS, UNBORN, walk
from data.simulation.latent import TRIAL_ORDER
from data.simulation.trajectory import Trajectory, live
from data.simulation.truth import expected
from data.simulation.world import HORIZONS, World

Read = Callable[[str], pl.DataFrame]
SMALL = World(customers=400, seed=3)
CUTOFF = SMALL.day_of(date(2023, 10, 31))
LIVES = 20_000


@pytest.fixture(scope="module")
def life() -> Trajectory:
    return live(SMALL, 0)


def many_lives(life: Trajectory, customer: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Money and whether there was an order within each horizon, (lives, horizons), by chance alone."""
    latent, days = life.latent, max(HORIZONS) + 1
    window = slice(CUTOFF, CUTOFF + days)
    rng = np.random.default_rng(customer)
    quarter = life.quarter[window] - life.quarter[CUTOFF]
    care = rng.random((LIVES, int(quarter[-1]) + 1)) < latent.propensity[customer]
    care[:, 0] = life.care[customer, life.quarter[CUTOFF]]
    _, moves = walk(
        np.zeros(LIVES, np.int64),
        np.full(LIVES, life.states[CUTOFF, customer], np.int8),
        np.tile(latent.hazards[customer], (LIVES, 1)),
        np.ascontiguousarray(np.broadcast_to(life.seasons[window, latent.region[customer], None], (days, LIVES))),
        np.full(LIVES, latent.lift[customer]),
        care,
        quarter,
        rng.random((days, LIVES)),
    )
    ordered = (moves >= 0) & ORDERS[moves]
    mean = latent.money[customer] * np.exp(latent.growth[customer] * np.arange(CUTOFF, CUTOFF + days) / 365.0)
    money = ordered * mean[:, None] * np.where(BEFORE[moves] < LEAD_STATES, TRIAL_ORDER, 1.0)
    until = [slice(1, horizon + 1) for horizon in HORIZONS]
    return np.array([money[u].sum(0) for u in until]).T, np.array([ordered[u].any(0) for u in until]).T


@pytest.mark.parametrize("state", ["browsing", "quoted", "lost", "rested", "waiting", "preparing", "quiet", "gone"])
def test_it_is_the_mean_of_many_lives_from_the_same_state(state: str, life: Trajectory) -> None:
    customer = int(np.flatnonzero(life.states[CUTOFF] == CODES[state])[0])
    value, reached = truth_at(life)
    money, ordered = many_lives(life, customer)
    rare = 2 * money.max() / LIVES  # where next to nobody orders, the spread itself is hardly seen
    error = money.std(0) / np.sqrt(LIVES) + rare
    assert (np.abs(money.mean(0) - value[customer]) < 4 * error).all()
    spread = np.sqrt(reached[customer] * (1 - reached[customer]) / LIVES) + 1 / LIVES
    assert (np.abs(ordered.mean(0) - reached[customer]) < 4 * spread).all()


def truth_at(life: Trajectory) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    cared = life.care[:, [life.quarter[CUTOFF]]]
    money, reached = expected(SMALL, life, np.array([CUTOFF]), cared, life.latent.propensity, np.array([HORIZONS]))
    return money[:, 0], reached[:, 0]


def test_only_who_is_not_yet_there_is_not_expected_to_order(life: Trajectory) -> None:
    value, reached = truth_at(life)
    absent = life.states[CUTOFF] == UNBORN
    assert absent.any()
    assert (value[absent] == 0).all()
    assert (reached[absent] == 0).all()
    assert (reached[~absent] > 0).all()


@pytest.mark.parametrize("horizon", HORIZONS)
def test_what_happens_in_the_files_is_what_was_expected(horizon: int, read: Read, orders: pl.DataFrame) -> None:
    """Over all customers and the half-years of two years, money and orders lie within four standard errors."""
    windows: list[pl.DataFrame] = []
    for cutoff in (date(2022, 6, 30), date(2022, 12, 31), date(2023, 6, 30), date(2023, 12, 31)):
        truth = read("truth").filter((pl.col("cutoff") == cutoff) & (pl.col("horizon_days") == horizon))
        window = orders.filter((pl.col("day") > cutoff) & (pl.col("day") <= cutoff + timedelta(days=horizon)))
        real = window.group_by("customer_id").agg(pl.col("amount").sum())
        windows.append(truth.join(real, on="customer_id", how="left").with_columns(pl.col("amount").fill_null(0.0)))
    both = pl.concat(windows)
    surprise = both["amount"] - both["expected_value"]
    assert abs(surprise.sum()) < 4 * np.sqrt((surprise**2).sum())
    chance = both["conversion"]
    assert abs((both["amount"] > 0).sum() - chance.sum()) < 4 * np.sqrt((chance * (1 - chance)).sum())
    assert (both["conversion"] + both["churn"] - 1).abs().max() < 1e-12


def test_longer_horizons_expect_more(read: Read) -> None:
    truth = read("truth").sort("cutoff", "customer_id", "horizon_days")
    same = truth["customer_id"].shift() == truth["customer_id"]
    assert (truth["expected_value"].diff().filter(same & (truth["horizon_days"] > 30)) >= 0).all()
    assert truth["conversion"].is_between(0, 1).all()
    assert (truth["expected_value"] >= 0).all()


def test_every_customer_has_a_truth_at_every_month_end_since_entering(read: Read) -> None:
    truth = read("truth")
    assert truth["cutoff"].n_unique() == 48
    assert truth["cutoff"].max() == date(2024, 12, 31)
    last = truth.filter(pl.col("cutoff") == date(2024, 12, 31))
    assert last["customer_id"].n_unique() == 2_000 == last.height / len(HORIZONS)
    assert truth.is_duplicated().sum() == 0
