from datetime import date

import numpy as np
import pytest

from data.clock import end_of_day, local_date
from evaluation.errors import EvaluationError
from evaluation.reviews.draws import Draws
from evaluation.reviews.moments import (
    every_30_days,
    every_month,
    has_ended,
    latest_day,
    latest_month_end,
    moments,
    require_ended,
)


def at(day: str) -> int:
    return end_of_day(date.fromisoformat(day), "UTC")


def days(cutoffs) -> list[str]:
    return [local_date(cutoff, "UTC").isoformat() for cutoff in cutoffs]


def test_a_months_last_day_stays_one_and_other_days_stay_where_they_can(make_book) -> None:
    book = make_book()
    assert days(every_month(book, at("2024-02-29"), back) for back in range(4)) == [
        "2024-02-29",
        "2024-01-31",
        "2023-12-31",
        "2023-11-30",
    ]
    assert days(every_month(book, at("2024-03-30"), back) for back in range(3)) == [
        "2024-03-30",
        "2024-02-29",
        "2024-01-30",
    ]


def test_reviews_are_thirty_days_apart(make_book) -> None:
    assert days(every_30_days(make_book(), at("2024-03-31"), back) for back in (0, 1, -1)) == [
        "2024-03-31",
        "2024-03-01",
        "2024-04-30",
    ]


def test_only_reviews_with_a_whole_horizon_before_them_are_kept(make_book) -> None:
    book = make_book()
    found = moments(book, at("2024-05-31"), 12, at("2024-01-01"), every_month)
    assert days(found) == ["2024-03-31", "2024-04-30", "2024-05-31"]
    assert days(moments(book, at("2024-05-31"), 2, at("2024-01-01"), every_month)) == ["2024-04-30", "2024-05-31"]


def test_too_short_a_history_is_told(make_book) -> None:
    with pytest.raises(EvaluationError, match="no two reviews up to 2024-03-20 have 60 days of history"):
        moments(make_book(), at("2024-03-20"), 12, at("2024-01-01"), every_month)


def test_the_last_day_that_can_be_judged_has_its_horizon_behind_it(make_book) -> None:
    book, last = make_book(), at("2024-07-30")
    assert latest_day(book, last) == date(2024, 5, 31)
    assert latest_month_end(book, last) == date(2024, 5, 31)
    assert latest_month_end(book, at("2024-07-29")) == date(2024, 4, 30)
    assert has_ended(book, at("2024-05-31"), last)
    assert not has_ended(book, at("2024-06-01"), last)


def test_cutoffs_of_which_nothing_is_known_yet_are_refused(make_book) -> None:
    book, last = make_book(), at("2024-07-30")
    require_ended(book, [at("2024-05-31"), at("2024-06-30")], last)
    with pytest.raises(EvaluationError, match="choose a --cutoff not after 2024-05-31"):
        require_ended(book, [at("2024-06-30")], last)
    with pytest.raises(EvaluationError, match="lies after the last event, of 2024-07-30"):
        require_ended(book, [at("2024-05-31"), at("2024-08-31")], last)


def test_draws_are_those_of_the_seed_and_sum_what_was_drawn() -> None:
    values = np.arange(12.0).reshape(2, 6)
    sums = Draws(6, seed=3, draws=120).sums(values)
    assert sums.shape == (121, 2)
    np.testing.assert_array_equal(sums[0], values.sum(axis=1))
    np.testing.assert_array_equal(sums, Draws(6, seed=3, draws=120).sums(values))
    np.testing.assert_array_equal(Draws(6, seed=3, draws=120).sums(np.ones((1, 6))), np.full((121, 1), 6.0))


def test_a_ratio_of_nothing_is_not_defined() -> None:
    (found,) = Draws(3, seed=1, draws=20).ratios(np.ones((1, 3)), np.zeros((1, 3)))
    assert np.isnan([found.value, found.low, found.high]).all()
