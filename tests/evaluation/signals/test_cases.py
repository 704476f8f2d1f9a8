import numpy as np
import pytest

from data.clock import instant_of
from evaluation.signals.cases import activity, band, cases_of
from evaluation.signals.worth import worths

SIGNAL = """
[[signals]]
name = "twice"
words = { en = "Two replies", zh = "两次回应" }
pattern = ["response", "response"]
days = 10
"""


@pytest.fixture
def book(make_book):
    return make_book(types='["order"]', more=SIGNAL)


def moment(at, number: float) -> int:
    return instant_of(at(number).event("x").time)


def cases(book, histories, at, customers, cutoffs=(60,)):
    return cases_of(book, histories(book, customers), [moment(at, cutoff) for cutoff in cutoffs], 30, lambda _: None)


def test_a_signal_shows_within_its_window_and_ages_after_it(book, histories, at) -> None:
    replies = {"a": [at(50, "reply"), at(55, "reply")], "b": [at(20, "reply"), at(25, "reply")], "c": [at(55, "reply")]}
    found = cases(book, histories, at, replies)
    assert found.now.tolist() == [[True, False, False]]
    assert found.age[0] == pytest.approx([5, 35, np.nan], nan_ok=True)


def test_what_became_known_late_shows_nothing(book, histories, at) -> None:
    found = cases(book, histories, at, {"a": [at(50, "reply"), at(55, "reply", late=6)]}, cutoffs=(60, 62))
    assert found.now.tolist() == [[False, True]]
    assert found.firing.times.tolist() == [1]


def test_only_the_days_after_the_cutoff_convert(book, histories, at) -> None:
    orders = {"a": [at(59)], "b": [at(1, "reply"), at(61)], "c": [at(1, "reply"), at(91)]}
    assert cases(book, histories, at, orders).converted.tolist() == [False, True, False]


def test_who_is_asked_follows_the_book(make_book, histories, at) -> None:
    prospects = make_book(types='["order"]\npopulation = "prospects"', more=SIGNAL)
    customers = {"a": [at(10)], "b": [at(10, "reply"), at(50)], "c": [at(10, "reply")], "d": [at(70)]}
    found = cases(prospects, histories, at, customers, cutoffs=(30, 60))
    assert found.customer.tolist() == [1, 2, 2]
    assert found.firing.customers == 3


def test_firing_counts_everybody_with_an_event_and_their_months(book, histories, at) -> None:
    replies = [at(number, "reply") for number in (0, 5, 20, 25)]
    firing = cases(book, histories, at, {"a": replies, "b": [at(30)], "c": [at(90)]}).firing
    assert (firing.customers, firing.ever.tolist(), firing.times.tolist()) == (2, [1], [2])
    assert firing.months == pytest.approx((60 + 30) / (365.25 / 12))


def test_the_order_of_customers_does_not_matter(book, histories, at, planted) -> None:
    law = histories(book, planted(60, 3))
    cutoffs = [moment(at, number) for number in (90, 120)]
    one, other = (
        cases_of(book, law.select(order), cutoffs, 30, lambda _: None) for order in (np.arange(60), np.arange(60)[::-1])
    )
    for column in ("customer", "stratum", "converted", "now", "age"):
        np.testing.assert_array_equal(getattr(one, column), getattr(other, column))


def test_comparable_customers_share_moment_silence_and_days_of_activity(book, histories, at) -> None:
    law = histories(
        book,
        {
            "a": [at(55), at(56)],
            "b": [at(54, "reply"), at(54, "reply"), at(57)],
            "c": [at(20), at(57)],
            "d": [at(30)],
            "e": [at(56)] * 9,
            "f": [at(55), at(56), at(58, "reply", late=5)],
        },
    )
    kinds = activity(law, moment(at, 60), "UTC").tolist()
    assert kinds[0] == kinds[1] == kinds[2] == kinds[4] == kinds[5]
    assert kinds[3] != kinds[0]


def test_bands_double() -> None:
    assert band(np.array([0, 1, 2, 3, 6, 7, 14, 15, 30, 31])).tolist() == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5]


def test_nobody_to_ask_is_no_case(make_book, histories, at) -> None:
    prospects = make_book(types='["order"]\npopulation = "prospects"', more=SIGNAL)
    found = cases(prospects, histories, at, {"a": [at(10)]})
    (worth,) = worths(prospects.all_signals, found, seed=0, draws=5)
    assert len(found.customer) == 0
    assert worth.verdict == "too_rare"
    assert np.isnan(worth.converts.asked_rate)
