import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.horizons import Climb
from training.rungs import MOST_ROWS, Step, fit_ladders, step_of
from training.sample import Sample
from training.snapshots import DAY

AMOUNTS = st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e4)), min_size=1, max_size=60)
CUTOFF = 100 * DAY
EVENTS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60)


def both(amounts: list[tuple[float, float]]) -> tuple[Sample, Sample]:
    """The same rows labelled for a shorter and a longer horizon: what comes first, and what comes on top."""
    first, later = np.array(amounts, dtype=float).T
    nothing, numbers = np.zeros(len(first)), np.arange(len(first))
    table = np.stack([first, first + later], axis=1)
    whole = Sample(table, first, nothing, numbers, np.zeros_like(numbers), ("x", "y"), ())
    return whole, whole.rows(numbers, first + later, np.ones(len(first)))


@given(amounts=AMOUNTS, down=st.booleans())
def test_shares_of_money_weighed_by_what_is_shared_add_up_to_the_shorter_horizon(
    amounts: list[tuple[float, float]], down: bool
) -> None:
    shorter, longer = both(amounts)
    days, neighbour = (10, 20) if down else (20, 10)
    sample = step_of(Climb("lifetime_value", days, neighbour), shorter, longer).sample
    assert sample.weights is not None
    assert len(sample) == (longer.labels > 0).sum()
    if len(sample):
        share = (sample.labels @ sample.weights) / sample.weights.sum()
        assert share == pytest.approx(shorter.labels.sum() / longer.labels.sum(), rel=1e-6)
        assert ((sample.labels >= 0) & (sample.labels <= 1)).all()


@given(events=EVENTS)
def test_shares_of_events_lead_from_one_mean_to_the_other(events: list[tuple[bool, bool]]) -> None:
    shorter, longer = both([(float(first), float(later and not first)) for first, later in events])
    down = step_of(Climb("conversion", 10, 20), shorter, longer).sample
    if len(down):
        assert longer.labels.mean() * down.labels.mean() == pytest.approx(shorter.labels.mean())
    up = step_of(Climb("conversion", 20, 10), shorter, longer).sample
    if len(up):
        stay = (1 - shorter.labels.mean()) * up.labels.mean()
        assert 1 - stay == pytest.approx(longer.labels.mean())


@given(events=EVENTS)
def test_the_event_of_churn_is_the_purchase_that_did_not_stay_away(events: list[tuple[bool, bool]]) -> None:
    shorter, longer = both([(float(first), float(later and not first)) for first, later in events])
    numbers, ones = np.arange(len(events)), np.ones(len(events))
    silent = [each.rows(numbers, 1.0 - each.labels, ones) for each in (shorter, longer)]
    bought = step_of(Climb("conversion", 10, 20), shorter, longer).sample
    stayed = step_of(Climb("churn", 10, 20), *silent).sample
    np.testing.assert_array_equal(stayed.labels, bought.labels)


def test_of_many_rows_whole_customers_are_kept() -> None:
    rng = np.random.default_rng(1)
    shorter, longer = both([(amount, 1.0) for amount in rng.gamma(1.0, 9.0, 3 * MOST_ROWS)])
    sample = step_of(Climb("lifetime_value", 10, 20), shorter, longer).sample
    assert len(sample) <= MOST_ROWS
    assert len(sample) > 0.9 * MOST_ROWS
    assert (sample.customers % 3 == 0).all()


@pytest.mark.parametrize("customers", [0, 50, 600])
def test_a_rung_says_the_share_that_all_have_and_what_tells_them_apart_where_there_is_enough(customers: int) -> None:
    rng = np.random.default_rng(2)
    kinds = rng.random(customers) < 0.5
    early = rng.random(customers) < np.where(kinds, 0.9, 0.3)
    ones, numbers = np.ones(customers), np.arange(customers)
    table = np.stack([kinds.astype(float), rng.random(customers)], axis=1)
    sample = Sample(table, early.astype(float), 0 * ones, numbers, 0 * numbers, ("kind", "noise"), (), (), ones)
    told: list[str] = []
    ladders = fit_ladders({"churn": (Step(10, 20, sample),)}, CUTOFF, 0, told.append)
    (rung,) = ladders["churn"].rungs
    assert told == ["learning churn at 10 days"]
    share = rung.share(np.array([[0.0, 0.5], [1.0, 0.5]]))
    assert (rung.trees is None) == (customers < 600)
    if customers == 600:
        assert share[0] < 0.45
        assert share[1] > 0.75
        assert rung.share(table).mean() == pytest.approx(early.mean(), abs=0.02)
    else:
        mean = (early.sum() + 0.5) / (customers + 1)
        np.testing.assert_allclose(share, mean, rtol=1e-6)
