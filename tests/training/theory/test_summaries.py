import numpy as np
import pytest

from training.theory.summaries import checked, columns, distinct, typical_pace


def test_scalars_become_columns():
    x, horizon = columns([1, 2, 3], 39)
    np.testing.assert_array_equal(x, [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(horizon, [39.0, 39.0, 39.0])


def test_no_customers_stay_no_customers():
    assert [len(column) for column in columns([], [], 39.0)] == [0, 0, 0]


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError):
        columns([1, 2], [1, 2, 3])


def test_identical_customers_are_counted_once_with_their_number():
    (x, t_x), counts = distinct(np.array([2.0, 0.0, 2.0]), np.array([5.0, 0.0, 5.0]))
    assert x.tolist() == [0, 2]
    assert t_x.tolist() == [0, 5]
    assert counts.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("frequency", "recency", "age", "text"),
    [
        ([], [], [], "at least one customer"),
        ([1], [2], [1], "recency <= age"),
        ([-1], [0], [1], "0 <= frequency"),
        ([1], [np.nan], [1], "all finite"),
        ([1], [1], [np.inf], "all finite"),
        ([1, 2], [1], [1], "equal lengths"),
        ([[1]], [[1]], [[1]], "equal lengths"),
    ],
)
def test_impossible_histories_are_refused_in_words(frequency, recency, age, text):
    with pytest.raises(ValueError, match=text):
        checked(frequency, recency, age)


def test_a_pace_is_positive_even_when_nobody_returned_or_no_time_passed():
    zeros = np.zeros(4)
    assert typical_pace(zeros, zeros, np.ones(4)) == (1.0, 9.0)
