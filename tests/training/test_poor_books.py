"""Books that teach little: what can be said is said, and what cannot is refused in a sentence."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from data.histories.histories import Histories
from data.histories.inline import encode_customers
from features.build import build_features
from tests.training.world import CUTOFF, a_book, an_event, customers, taught
from training.bundle import Bundle
from training.errors import TrainingError
from training.scores import Scores

HORIZON = 20
NEVER = '["dream"]'


def ordering(days_of: Callable[[int], Iterable[float]], amount: float = 20.0, count: int = 60) -> Histories:
    """Customers who order on the days told of their number, always for the same amount."""
    people = [
        (f"c{number:03d}", tuple(an_event(f"c{number:03d}", day, "order", amount) for day in days_of(number)), {})
        for number in range(count)
    ]
    return encode_customers(people, a_book())


def told(trained: Bundle, world: Histories) -> Scores:
    return trained.predict(build_features(world, [CUTOFF], trained.spec)[0])


@cache
def never() -> tuple[Bundle, Histories]:
    """A hundred customers to whom the conversion event has never happened."""
    world = encode_customers([(name, events, {}) for name, events, _ in customers(100)], a_book(NEVER, HORIZON))
    return taught(a_book(NEVER, HORIZON), world), world


def test_a_conversion_that_never_happened_is_not_predicted() -> None:
    trained, world = never()
    scores = told(trained, world)
    assert trained.degraded == ("conversion_not_learnt",)
    assert np.isnan(scores.conversion).all()
    assert scores.days_to_conversion is not None
    assert np.isnan(scores.days_to_conversion).all()
    assert np.isfinite(scores.lifetime_value).all()
    assert "conversion" not in trained.explain(trained.golden)
    assert "conversion" not in trained.cold_start


def test_a_conversion_that_never_happened_survives_the_shelf(tmp_path: Path) -> None:
    trained, world = never()
    loaded = Bundle.load(trained.save(tmp_path))
    assert loaded.version == trained.version
    assert np.isnan(told(loaded, world).conversion).all()


def test_where_nobody_ever_leaves_churn_is_small_and_finite() -> None:
    world = ordering(lambda number: np.arange(number % 7 + 0.1, 160, 5 + number % 3))
    trained = taught(a_book("[]", HORIZON), world)
    scores = told(trained, world)
    assert trained.degraded == ()
    assert (scores.churn < 0.05).all()
    assert (scores.churn > 0).all()
    assert (scores.conversion == 1 - scores.churn).all()
    assert scores.lifetime_value.mean() == pytest.approx(20.0 * HORIZON / 6, rel=0.25)


def test_where_everybody_leaves_there_is_no_value_to_learn() -> None:
    world = ordering(lambda number: [number % 25 + 0.1, number % 25 + 1.1])
    with pytest.raises(TrainingError, match=r"customers brought money within 20 days .* bring a longer history"):
        taught(a_book(horizon=HORIZON), world)


def test_amounts_of_nothing_are_refused_with_what_to_do() -> None:
    world = ordering(lambda number: np.arange(number % 7 + 0.1, 160, 25 + number % 30), amount=0.0)
    with pytest.raises(TrainingError, match=r"0 customers brought money .* map amount to a quantity"):
        taught(a_book(horizon=HORIZON), world)


def test_customers_who_are_all_alike_get_all_the_same() -> None:
    world = ordering(lambda number: np.arange(1.1, 160, 8))
    scores = told(taught(a_book(horizon=HORIZON), world), world)
    for score in (scores.lifetime_value, scores.churn):
        assert np.isfinite(score).all()
        assert np.ptp(score) == 0.0
    assert scores.lifetime_value[0] == pytest.approx(50.0, rel=0.05)


def test_a_hundred_customers_teach_a_model_that_knows_how_little_it_knows() -> None:
    world = encode_customers([(name, events, {}) for name, events, _ in customers(100)], a_book())
    trained = taught(a_book(horizon=HORIZON), world)
    scores = told(trained, world)
    for score in (scores.lifetime_value, scores.conversion, scores.churn[~np.isnan(scores.churn)]):
        assert np.isfinite(score).all()
    buyers = ~np.isnan(scores.churn)
    (low, high), (low_80, high_80) = scores.ranges[90], scores.ranges[80]
    assert np.isfinite([low, high, low_80, high_80]).all()
    assert (high - low)[buyers].mean() > 2 * scores.lifetime_value[buyers].mean()
    assert (high - low).mean() > (high_80 - low_80).mean()
