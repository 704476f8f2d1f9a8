import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from training.level import LEAST_TRIALS, SEASON_DAYS, levels, served_level, share_level, slope_of
from training.sample import Sample
from training.snapshots import DAY, YEAR_DAYS

START = 1_500_000_000_000_000
WINDOW = 28
ROWS = 40
SCALES = st.sampled_from(["log", "logit"])


def a_sample(days: list[int], labels: list[np.ndarray]) -> Sample:
    """Snapshots on these days after START, each with its labels."""
    count = sum(len(part) for part in labels)
    snapshots = np.repeat([START + day * DAY for day in days], [len(part) for part in labels])
    customers = np.concatenate([np.arange(len(part)) for part in labels])
    nothing = np.zeros(count)
    return Sample(nothing[:, None], np.concatenate(labels), nothing, customers, snapshots.astype(np.int64), ("x",), ())


@settings(deadline=None, max_examples=40)
@given(scale=SCALES, seed=st.integers(0, 10_000), snapshots=st.integers(1, 5))
def test_the_mean_of_every_snapshot_comes_true(scale: str, seed: int, snapshots: int) -> None:
    rng = np.random.default_rng(seed)
    parts = [rng.gamma(0.5, 9.0, ROWS) if scale == "log" else np.round(rng.random(ROWS)) for _ in range(snapshots)]
    sample = a_sample([7 * place for place in range(snapshots)], parts)
    shape = rng.normal(size=len(sample))
    link = levels(sample, shape, scale) + shape
    said = np.exp(link) if scale == "log" else expit(link)
    for moment in np.unique(sample.snapshots):
        rows = sample.snapshots == moment
        # half an event is added on each side of chances
        wanted = sample.labels[rows].mean() if scale == "log" else (sample.labels[rows].sum() + 0.5) / (ROWS + 1)
        assert said[rows].mean() == pytest.approx(wanted, rel=1e-6)


def seasonal(weeks: int, season: float) -> Sample:
    """A snapshot every fourth week; money is three times as much in the half of the year that counts."""
    days = list(range(0, 7 * weeks, 28))
    return a_sample(days, [np.full(ROWS, 10.0 * (season if day % YEAR_DAYS < YEAR_DAYS // 2 else 1.0)) for day in days])


def said_after(sample: Sample, day: int) -> tuple[float, str]:
    shape = np.zeros(len(sample))
    level, guess = served_level(sample, shape, "log", START + day * DAY, WINDOW)
    return float(np.exp(level)), guess


def test_a_season_that_came_back_every_year_is_believed() -> None:
    sample = seasonal(3 * 52, 3.0)
    assert said_after(sample, 3 * YEAR_DAYS + 28) == (pytest.approx(30.0), "same season")
    assert said_after(sample, 3 * YEAR_DAYS + 280) == (pytest.approx(10.0), "same season")


def test_money_without_a_season_is_guessed_from_all_snapshots() -> None:
    rng = np.random.default_rng(2)
    days = list(range(0, 3 * YEAR_DAYS, 28))
    sample = a_sample(days, [rng.gamma(1.0, 10.0, ROWS) for _ in days])
    level, guess = said_after(sample, 3 * YEAR_DAYS + 28)
    assert guess == "all snapshots"
    assert level == pytest.approx(sample.labels.mean())


def test_one_year_is_too_little_to_believe_in_a_season() -> None:
    sample = seasonal(52, 3.0)
    level, guess = said_after(sample, YEAR_DAYS + 28)
    assert guess == "all snapshots"
    assert level == pytest.approx(sample.labels.mean())


@pytest.mark.parametrize("trials", range(LEAST_TRIALS + 2))
def test_a_season_needs_enough_moments_of_the_past_that_confirm_it(trials: int) -> None:
    sample = seasonal(52 + 4 * trials, 3.0)
    _, guess = said_after(sample, 2 * YEAR_DAYS)
    assert (guess == "same season") == (trials >= LEAST_TRIALS)


@given(day=st.integers(100, YEAR_DAYS - 60), season=st.floats(1.5, 9.0))
def test_without_a_snapshot_of_the_same_season_all_of_them_count(day: int, season: float) -> None:
    spring = [year * YEAR_DAYS + day for year in range(4) for day in range(0, 80, 7)]
    sample = a_sample(spring, [np.full(ROWS, season if day % YEAR_DAYS < 40 else 1.0) for day in spring])
    assert said_after(sample, 4 * YEAR_DAYS + 10) == (pytest.approx(season), "same season")
    level, guess = said_after(sample, 4 * YEAR_DAYS + max(day, 70 + SEASON_DAYS + 1))
    assert guess == "all snapshots"
    assert level == pytest.approx(sample.labels.mean())


@pytest.mark.parametrize(("truth", "found"), [(0.6, 0.6), (1.0, 1.0), (1.5, 1.5)])
def test_a_chance_gets_the_slope_that_makes_it_come_true(truth: float, found: float) -> None:
    rng = np.random.default_rng(0)
    shape = 2.0 * rng.normal(size=20_000)
    labels = (rng.random(20_000) < expit(truth * shape - 0.5)).astype(float)
    assert slope_of(a_sample([0], [labels]), "churn", shape, "logit") == pytest.approx(found, abs=0.08)


def test_a_chance_keeps_the_slope_1_where_few_customers_cannot_tell() -> None:
    rng = np.random.default_rng(4)
    shape = rng.normal(size=60)
    labels = (rng.random(60) < expit(1.2 * shape)).astype(float)
    assert slope_of(a_sample([0], [labels]), "churn", shape, "logit") == 1.0


def test_money_gets_its_slope_back() -> None:
    rng = np.random.default_rng(1)
    shape = rng.normal(size=20_000)
    money = rng.gamma(2.0, np.exp(1.3 * shape + 2.0) / 2.0)
    assert slope_of(a_sample([0], [money]), "lifetime_value", shape, "log") == pytest.approx(1.3, abs=0.05)


def test_half_of_a_shares_level_is_that_of_the_season_where_it_has_been_seen() -> None:
    early, late = np.repeat([1.0, 0.0], [30, 10]), np.repeat([1.0, 0.0], [10, 30])
    sample = a_sample([0, YEAR_DAYS - 100], [early, late])
    nothing = np.zeros(len(sample))
    seen = share_level(sample, nothing, START + YEAR_DAYS * DAY)
    unseen = share_level(sample, nothing, START + (YEAR_DAYS + 60) * DAY)
    assert unseen == pytest.approx(0.0, abs=1e-9)
    assert expit(2 * seen) == pytest.approx(30.5 / 41, abs=1e-6)
