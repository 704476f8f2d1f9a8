from datetime import date

import numpy as np
import pytest

from data.clock import end_of_day
from evaluation.purchases import pareto_churn, pareto_value, purchases_of
from evaluation.question import Question
from training.labels import label
from training.metrics import auc, bias, expected_calibration_error, normalized_gini

CUTOFF = end_of_day(date(2024, 4, 29), "UTC")  # the 120th day of the shop


def test_purchases_are_counted_by_day_and_measured_in_weeks(make_book, histories, at) -> None:
    """Two orders of one day are one purchase; the first one is no repeat and its money is not counted."""
    book = make_book()
    known = histories(
        book,
        {
            "a": [at(0, amount=100), at(14, amount=7), at(14.2, amount=8), at(35, amount=5)],
            "b": [at(119)],
            "c": [at(3, "reply", None)],
        },
    )
    purchases = purchases_of(Question(book, known, CUTOFF, "lifetime_value", 60))
    assert purchases.bought.tolist() == [True, True, False]
    assert purchases.frequency.tolist() == [2, 0, -1]
    assert purchases.recency[:2].tolist() == [5, 0]
    assert purchases.age[:2].tolist() == [17, 0]
    assert purchases.repeat_spend[:2].tolist() == [10, 0]
    assert np.isnan(purchases.age[2])


def test_value_net_of_returns_is_scaled_by_what_returns_have_left(make_book, histories, at) -> None:
    customers = {
        f"b{i:02}": [at(i), at(40 + i, amount=20), at(80 + i, amount=30), at(90 + i, "refund", -6)] for i in range(30)
    }
    gross, net = make_book(), make_book(value="net")
    values = [
        pareto_value(Question(book, histories(book, customers), CUTOFF, "lifetime_value", 60)) for book in (gross, net)
    ]
    assert values[1] == pytest.approx(values[0] * 54 / 60)


def test_value_of_margin_is_scaled_by_what_was_left_of_what_buyers_paid(make_book, histories, at) -> None:
    """Of 60 each paid, half is margin; 3 of it went back with a return, and 2 went into a reply."""
    buyers = {f"b{i:02}": [at(i), at(40 + i, amount=20), at(80 + i, amount=30)] for i in range(30)}
    served = {name: [*events, at(90, "refund", -6), at(91, "reply", None)] for name, events in buyers.items()}
    prospect = {"p": [at(3, "reply", None)] * 40}
    gross = make_book()
    before = pareto_value(Question(gross, histories(gross, buyers | prospect), CUTOFF, "lifetime_value", 60))
    book = make_book(value="margin", more="[margin]\nrate = 0.5\n[service_cost]\nreply = 2.0\n")
    after = pareto_value(Question(book, histories(book, served | prospect), CUTOFF, "lifetime_value", 60))
    assert after == pytest.approx(before * 25 / 60)


def test_value_of_customers_who_cost_more_than_they_bring_is_nothing(make_book, histories, at) -> None:
    book = make_book(value="net", more="[service_cost]\nreply = 500\n")
    customers = {f"b{i}": [at(i), at(i + 30), at(i + 70), at(90, "reply", None)] for i in range(20)}
    value = pareto_value(Question(book, histories(book, customers), CUTOFF, "lifetime_value", 60))
    assert value.tolist() == [0] * 20


def test_churn_is_undefined_for_who_never_bought(make_book, histories, at) -> None:
    book = make_book()
    customers = {f"b{i}": [at(i), at(i + 30), at(i + 70)] for i in range(20)} | {"p": [at(3, "reply", None)]}
    churn = pareto_churn(Question(book, histories(book, customers), CUTOFF, "churn", 60))
    assert np.isnan(churn[-1])
    assert ((churn[:-1] > 0) & (churn[:-1] < 1)).all()


def test_where_customers_follow_the_law_its_forecast_comes_true(make_book, histories, planted) -> None:
    """Paces, lifetimes and prices are drawn as Pareto/NBD and Gamma-Gamma assume."""
    book = make_book()
    everything = histories(book, planted(1500, seed=11))
    cutoff = end_of_day(date(2024, 5, 30), "UTC")
    churn, value = (
        Question(book, everything.known_by(cutoff), cutoff, target, 60) for target in ("churn", "lifetime_value")
    )
    left = label(everything, cutoff, "churn", 60, book)[churn.asked]
    assert expected_calibration_error(left, pareto_churn(churn)[churn.asked]) < 0.04
    assert auc(left, pareto_churn(churn)[churn.asked]) > 0.8
    spent = label(everything, cutoff, "lifetime_value", 60, book)[value.asked]
    assert bias(spent, pareto_value(value)[value.asked]) == pytest.approx(1, abs=0.1)
    assert normalized_gini(spent, pareto_value(value)[value.asked]) > 0.6


def test_what_some_customers_teach_answers_for_others(make_book, histories, planted) -> None:
    """Who is asked changes nothing of what was learnt: one answer a customer, alone or among others."""
    book, customers = make_book(), planted(300, seed=4)
    names = sorted(customers)
    taught, others = ({name: customers[name] for name in part} for part in (names[:200], names[200:]))
    for target, forecast in (("lifetime_value", pareto_value), ("churn", pareto_churn)):
        learnt, asked = (
            Question(book, histories(book, whom).known_by(CUTOFF), CUTOFF, target, 60) for whom in (taught, others)
        )
        among = Question(book, histories(book, customers).known_by(CUTOFF), CUTOFF, target, 60)
        assert forecast(asked, learnt) == pytest.approx(forecast(among, learnt)[200:], nan_ok=True)
        assert forecast(learnt, learnt) == pytest.approx(forecast(learnt), nan_ok=True)
        assert not np.allclose(forecast(asked, learnt), forecast(asked), equal_nan=True)
