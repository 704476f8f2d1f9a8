import numpy as np
import pytest

from evaluation import scoring
from evaluation.scoring import Forecast, scores
from serving.recommendation import Ahead, Chance, Conversion, Money, Recommendation


def answer(customer: str) -> Recommendation:
    """What is served to customer number n: odd ones are unknown, without ranges, churn and other horizons."""
    n = int(customer[1:])
    known = n % 2 == 0
    ends = (n - 2.0, n + 2.0, n - 1.0, n + 1.0) if known else (None,) * 4
    ahead = (Ahead(30, n / 2), Ahead(60, float(n))) if known else ()
    return Recommendation(
        customer_id=customer,
        lifetime_value=Money(float(n), *ends, "EUR", 60, ahead),
        conversion=Conversion(n / 100, 30, ()),
        churn=Chance(n / 100, 60, (Ahead(30, None),)) if known else Chance(None, 60),
        tier=None,
        reasons={},
        actions=(),
        degraded=(),
        model_version="m",
        plan_version=None,
        cutoff="2024-05-30T23:59:59Z",
        breakdowns={},
    )


@pytest.fixture
def served(monkeypatch, make_book, histories, at):
    """What `scores` reads of ten customers, in blocks of so many."""
    known = histories(make_book(), {f"c{n}": [at(1)] for n in range(10)})
    monkeypatch.setattr(scoring, "recommend", lambda block, *_, **__: [answer(name) for name in block.customer_ids])

    def read(block: int = 4096) -> dict[str, Forecast]:
        monkeypatch.setattr(scoring, "BLOCK", block)
        return dict(scores(known, 0, None))

    return read


def test_a_forecast_holds_both_intervals_of_the_answers(served) -> None:
    value = served()["lifetime_value"]
    assert value.prediction.tolist() == list(range(10))
    assert (value.low[4], value.low_80[4], value.high_80[4], value.high[4]) == (2.0, 3.0, 5.0, 6.0)
    assert np.isnan([value.low[3], value.high_80[3]]).all()


def test_every_horizon_is_read_and_missing_ones_are_undefined(served) -> None:
    read = served()
    value = read["lifetime_value"].by_horizon
    assert list(value) == [30, 60]
    assert value[30][[2, 4]].tolist() == [1.0, 2.0]
    assert np.isnan(value[30][1::2]).all()
    assert np.isnan(read["churn"].by_horizon[30]).all()
    assert read["conversion"].by_horizon == {}


def test_chances_have_no_interval_and_unknown_churn_is_undefined(served) -> None:
    churn = served()["churn"]
    assert np.isnan(churn.low).all()
    assert np.isnan(churn.prediction[1::2]).all()


@pytest.mark.parametrize("block", [1, 3])
def test_blocks_of_any_size_give_the_same(served, block: int) -> None:
    whole, parts = served(), served(block)
    for target, forecast in whole.items():
        for name in ("prediction", "low", "high", "low_80", "high_80"):
            assert np.array_equal(getattr(forecast, name), getattr(parts[target], name), equal_nan=True)
        assert list(forecast.by_horizon) == list(parts[target].by_horizon)
        for days, column in forecast.by_horizon.items():
            assert np.array_equal(column, parts[target].by_horizon[days], equal_nan=True)
