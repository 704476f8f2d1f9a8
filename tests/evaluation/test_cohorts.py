from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.cohorts import cohorts, first_purchases

FIRST = date(2023, 1, 1)
CUSTOMERS = st.lists(st.tuples(st.integers(0, 900), st.floats(0, 1e3), st.floats(0, 1e3)), min_size=1, max_size=40)


def days_of(customers) -> dict[str, date]:
    return {f"c{i:03}": FIRST + timedelta(days=day) for i, (day, _, _) in enumerate(customers)}


@settings(max_examples=40, deadline=None)
@given(CUSTOMERS)
def test_every_customer_is_in_one_cohort(make_replay, customers) -> None:
    value, truth = np.array([[one, other] for _, one, other in customers]).T
    found = list(cohorts(make_replay(value, truth), days_of(customers)))
    assert sum(cohort.n for cohort in found) == len(customers)
    assert sum(cohort.n * cohort.true for cohort in found) == pytest.approx(truth.sum())
    assert sum(cohort.n * cohort.predicted for cohort in found) == pytest.approx(value.sum())
    names = [cohort.name for cohort in found]
    assert names == sorted(set(names))


@pytest.mark.parametrize(("days", "names"), [([0, 40, 3], ["2023-01", "2023-02"]), ([0, 400], ["2023-01", "2024-02"])])
def test_a_short_book_is_told_by_month(make_replay, days, names) -> None:
    replayed = make_replay(np.ones(len(days)), np.ones(len(days)))
    assert [cohort.name for cohort in cohorts(replayed, days_of([(day, 1, 1) for day in days]))] == names


def test_a_long_book_is_told_by_quarter(make_replay) -> None:
    days = list(range(0, 420, 28))
    found = list(cohorts(make_replay(np.ones(len(days)), np.ones(len(days))), days_of([(d, 1, 1) for d in days])))
    assert [cohort.name for cohort in found] == ["2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1"]


def test_a_lonely_customer_has_no_standard_error(make_replay) -> None:
    (cohort,) = cohorts(make_replay(np.ones(1), np.ones(1)), days_of([(0, 1, 1)]))
    assert np.isnan(cohort.error)


def test_the_first_purchase_is_the_first_order_and_nothing_before_it(make_book, histories, at) -> None:
    book = make_book()
    told = histories(book, {"ann": [at(1, "reply"), at(9), at(40)], "ben": [at(2, "reply")], "cleo": [at(3)]})
    assert first_purchases(told, "UTC") == {"ann": date(2024, 1, 10), "cleo": date(2024, 1, 4)}
