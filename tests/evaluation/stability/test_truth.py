from datetime import date

import numpy as np
import polars as pl
import pytest

from data.clock import end_of_day
from evaluation.reviews.review import Review
from evaluation.stability.truth import enlightened, truth_file
from serving.tiers.gather import Gathered


def review(day: date) -> Review:
    columns = {"lifetime_value": np.array([5.0, 6.0]), "churn": np.array([0.5, np.nan])}
    found = Gathered(("a", "b"), columns, {}, np.zeros(2, np.bool_))
    return Review(end_of_day(day, "UTC"), day.isoformat(), np.arange(2), found)


@pytest.fixture
def truth(tmp_path):
    rows = [
        (who, date(2024, 1, 31), days, value, churn)
        for who, value, churn in (("b", 20.0, 0.2), ("a", 10.0, 0.1))
        for days, value, churn in ((60, value, churn), (30, 1.0, 1.0))
    ]
    file = tmp_path / "truth.parquet"
    names = ["customer_id", "cutoff", "horizon_days", "expected_value", "churn"]
    pl.DataFrame(rows, schema=names, orient="row").write_parquet(file)
    return file


def test_the_oracle_is_told_the_true_value_and_churn_of_buyers_of_the_served_horizon(make_book, truth) -> None:
    (seen,) = enlightened(truth, make_book(), [review(date(2024, 1, 31))])
    assert seen.found.columns["lifetime_value"].tolist() == [10.0, 20.0]
    assert seen.found.columns["churn"][0] == 0.1
    assert np.isnan(seen.found.columns["churn"][1])


def test_without_the_truth_of_a_review_there_is_no_oracle(make_book, truth) -> None:
    assert enlightened(truth, make_book(), [review(date(2024, 1, 31)), review(date(2024, 2, 1))]) is None


def test_no_book_but_the_simulated_one_has_a_truth(make_book, tmp_path) -> None:
    assert truth_file(make_book(), tmp_path) is None
    (tmp_path / "trade-events-0000.parquet").touch()
    simulated = make_book().model_copy(update={"name": "trade"})
    place = simulated.sources[0].model_copy(update={"path": ("trade-events-*.parquet",), "directory": tmp_path})
    simulated = simulated.model_copy(update={"sources": (place,)})
    assert truth_file(simulated, tmp_path) is None
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / "truth.parquet").touch()
    assert truth_file(simulated, tmp_path) == tmp_path / "truth" / "truth.parquet"
