from datetime import date

import numpy as np
import pytest

from data.clock import end_of_day
from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.baselines import (
    baselines_of,
    churn_by_recency,
    conversion_by_recency,
    monthly_average,
    own_past_rate,
    pareto_conversion,
    same_money_again,
    zero,
)
from evaluation.question import Question

CUTOFF = end_of_day(date(2024, 4, 29), "UTC")  # the 120th day of the shop


SERVED = "[margin]\nrate = 0.5\n[service_cost]\nreply = 4.0\n"


def asked(book: Book, known: Histories, target: str, days: int) -> Question:
    return Question(book, known, CUTOFF, target, days)


def test_zero_says_nothing_of_anybody(make_book, histories, at) -> None:
    book = make_book()
    known = histories(book, {"a": [at(0)], "b": [at(1)]})
    assert zero(asked(book, known, "churn", 30)).tolist() == [0, 0]


def test_persistence_repeats_the_money_of_the_last_window(make_book, histories, at) -> None:
    book = make_book()
    known = histories(book, {"a": [at(0, amount=100), at(95, amount=7), at(110, amount=8)], "b": [at(80)]})
    assert same_money_again(asked(book, known, "lifetime_value", 30)).tolist() == [15, 0]


def test_persistence_stretches_a_history_that_is_shorter_than_the_horizon(make_book, histories, at) -> None:
    book = make_book()
    known = histories(book, {"a": [at(0, amount=100)], "b": [at(119, amount=10)]})
    assert same_money_again(asked(book, known, "lifetime_value", 240)) == pytest.approx([200, 20])


def test_persistence_counts_money_as_the_book_does(make_book, histories, at) -> None:
    customers = {"a": [at(0), at(100, amount=50), at(101, "refund", -20)]}
    gross = make_book()
    assert same_money_again(asked(gross, histories(gross, customers), "lifetime_value", 30)).tolist() == [50]
    net = make_book(value="net")
    assert same_money_again(asked(net, histories(net, customers), "lifetime_value", 30)).tolist() == [30]


def test_the_money_of_baselines_is_what_the_book_counts(make_book, histories, at) -> None:
    """Half of 50 and of the 20 that came back, less 4 for each of two replies; who never bought has no average."""
    book = make_book(value="margin", more=SERVED)
    reply = at(102, "reply", None)
    known = histories(book, {"a": [at(0), at(100, amount=50), at(101, "refund", -20), reply, reply], "p": [reply]})
    question = asked(book, known, "lifetime_value", 30)
    assert same_money_again(question).tolist() == [7, -4]
    month = 365.25 / 12
    assert monthly_average(question) == pytest.approx([12 / (119 / month) * 30 / month, 0])


def test_the_monthly_average_is_spend_by_months_by_horizon_by_retention(make_book, histories, at) -> None:
    """Of three buyers 30 days before the cutoff, two bought in those 30 days."""
    book = make_book()
    known = histories(
        book,
        {"a": [at(0, amount=60), at(100, amount=60)], "b": [at(59), at(110)], "c": [at(0)], "d": [at(115)]},
    )
    month = 365.25 / 12
    expected = [
        120 / (119 / month) * 30 / month * 2 / 3,
        20 / (60 / month) * 30 / month * 2 / 3,
        10 / (119 / month) * 30 / month * 2 / 3,
        10 * 30 / month * 2 / 3,
    ]
    assert monthly_average(asked(book, known, "lifetime_value", 30)) == pytest.approx(expected)


def test_churn_by_recency_is_the_past_rate_of_those_who_were_as_long_silent(make_book, histories, at) -> None:
    """30 days before the cutoff, ten had just bought and came again, ten had been silent for 80 days and did
    not; (0 + .5) / (10 + 1) and (10 + .5) / (10 + 1) with half a person of each kind added."""
    book = make_book()
    active = {f"a{i}": [at(0), at(88), at(118)] for i in range(10)}
    silent = {f"s{i}": [at(9)] for i in range(10)}
    known = histories(book, active | silent)
    churn = churn_by_recency(asked(book, known, "churn", 30))
    assert churn[:10] == pytest.approx(0.5 / 11)
    assert churn[10:] == pytest.approx(10.5 / 11)


def test_a_horizon_without_an_ended_window_is_stretched_from_a_third_of_the_history(make_book, histories, at) -> None:
    """Of 120 days a third is 40; 80 days of silence are two windows of it."""
    book = make_book()
    known = histories(book, {f"s{i}": [at(0)] for i in range(10)})
    assert churn_by_recency(asked(book, known, "churn", 80)) == pytest.approx((10.5 / 11) ** 2)


def test_conversion_by_recency_keeps_those_who_never_converted_apart(make_book, histories, at) -> None:
    book = make_book()
    never = {f"n{i}": [at(0)] for i in range(8)}
    fans = {f"f{i}": [at(80, "reply", None), at(110, "reply", None)] for i in range(8)}
    known = histories(book, never | fans)
    conversion = conversion_by_recency(asked(book, known, "conversion", 30))
    assert conversion[:8] == pytest.approx(8.5 / 9)
    assert conversion[8:] == pytest.approx(0.5 / 9)


def test_the_own_past_rate_counts_days_with_a_conversion(make_book, histories, at) -> None:
    """Two such days in 120 days, and none; and one on the first day of somebody seen for 5 days only."""
    book = make_book()
    known = histories(
        book,
        {
            "a": [at(0), at(10, "reply", None), at(10.1, "reply", None), at(50, "reply", None)],
            "b": [at(0)],
            "c": [at(115, "reply", None)],
        },
    )
    expected = [1 - np.exp(-2 / 120 * 30), 0, 1 - np.exp(-1)]
    assert own_past_rate(asked(book, known, "conversion", 30)) == pytest.approx(expected)


def test_pareto_nbd_speaks_of_conversion_only_where_any_purchase_converts(make_book) -> None:
    names = {baseline.name for baseline in baselines_of(make_book(types="[]"), "conversion")}
    assert names == {"zero", "persistence", "recency", "pareto_nbd"}
    named = {baseline.name for baseline in baselines_of(make_book(), "conversion")}
    assert named == {"zero", "persistence", "recency"}


def test_pareto_conversion_has_an_answer_for_people_who_never_bought(make_book, histories, at) -> None:
    book = make_book(types="[]")
    buyers = {f"b{i}": [at(i), at(i + 20), at(i + 60)] for i in range(20)}
    known = histories(book, buyers | {"p": [at(3, "reply", None)]})
    conversion = pareto_conversion(asked(book, known, "conversion", 30))
    assert np.isfinite(conversion).all()
    assert ((conversion > 0) & (conversion < 1)).all()


@pytest.mark.parametrize("target", ["lifetime_value", "conversion", "churn"])
def test_every_baseline_answers_for_everybody_asked(make_book, histories, at, target: str) -> None:
    book = make_book()
    customers = {f"b{i:02}": [at(i), at(2 * i + 20), at(i / 2 + 60, "reply", None)] for i in range(40)}
    question = asked(book, histories(book, customers | {"p": [at(3, "reply", None)]}), target, 30)
    for baseline in baselines_of(book, target):
        answers = baseline.forecast(question)
        assert answers.shape == (41,)
        assert np.isfinite(answers[question.asked]).all(), baseline.name


def test_a_late_posting_is_not_seen(make_book, histories, at) -> None:
    book = make_book()
    late = histories(book, {"a": [at(0), at(100, amount=99, late=60)]}).known_by(CUTOFF)
    assert same_money_again(asked(book, late, "lifetime_value", 30)).tolist() == [0]
