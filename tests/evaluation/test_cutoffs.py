from datetime import date

import pytest

from data.clock import end_of_day, start_of_day
from data.errors import BookError
from evaluation.cutoffs import check_cutoff, earlier_cutoffs, judged_cutoff, pooled_cutoffs
from evaluation.errors import EvaluationError

FIRST, LAST = start_of_day(date(2024, 1, 1), "UTC"), end_of_day(date(2024, 9, 27), "UTC") - 10**9


def day(text: str) -> int:
    return end_of_day(date.fromisoformat(text), "UTC")


def test_the_judged_cutoff_is_the_end_of_the_books_day(make_book) -> None:
    assert judged_cutoff(make_book(judged="judged = 2024-07-19"), None) == day("2024-07-19")


def test_a_given_cutoff_wins_over_the_books(make_book) -> None:
    assert judged_cutoff(make_book(judged="judged = 2024-07-19"), "2024-06-01") == day("2024-06-01")


def test_a_book_without_a_judged_cutoff_is_told_the_key_and_the_option(make_book) -> None:
    with pytest.raises(EvaluationError, match=r"add a line such as judged = .*shop\.toml, or pass --cutoff"):
        judged_cutoff(make_book(), None)


def test_a_cutoff_that_is_no_date_is_refused(make_book) -> None:
    with pytest.raises(BookError, match="expected a date"):
        judged_cutoff(make_book(), "yesterday")


def test_a_cutoff_before_the_first_event_is_refused(make_book) -> None:
    with pytest.raises(EvaluationError, match=r"2023-12-31 lies before the first event \(2024-01-01\)"):
        check_cutoff(make_book(), day("2023-12-31"), FIRST, LAST)


def test_a_window_that_has_not_ended_is_refused_and_the_last_good_day_named(make_book) -> None:
    with pytest.raises(EvaluationError, match=r"end on 2024-09-28.* of 2024-09-27.*not after 2024-07-29"):
        check_cutoff(make_book(), day("2024-07-30"), FIRST, LAST)


def test_a_window_that_ends_on_the_day_of_the_last_event_is_judged(make_book) -> None:
    check_cutoff(make_book(), day("2024-07-29"), FIRST, LAST)


def test_a_history_shorter_than_the_horizon_has_no_good_cutoff(make_book) -> None:
    with pytest.raises(EvaluationError, match="the history is shorter than the horizon"):
        check_cutoff(make_book(), day("2024-01-10"), FIRST, start_of_day(date(2024, 2, 1), "UTC"))


def test_earlier_cutoffs_lie_a_horizon_apart_with_a_horizon_of_history_before_them(make_book) -> None:
    book = make_book()
    assert earlier_cutoffs(book, day("2024-07-19"), FIRST) == (day("2024-05-20"), day("2024-03-21"))
    assert earlier_cutoffs(book, day("2024-05-01"), FIRST) == (day("2024-03-02"),)
    assert earlier_cutoffs(book, day("2024-03-02"), FIRST) == ()


def test_pooled_cutoffs_lie_four_weeks_apart_and_have_history_before_them(make_book) -> None:
    moments = pooled_cutoffs(make_book(), day("2024-06-01"), FIRST, 60)
    assert moments == (day("2024-03-09"), day("2024-04-06"), day("2024-05-04"), day("2024-06-01"))
    assert len(pooled_cutoffs(make_book(), day("2026-06-01"), FIRST, 60)) == 12


def test_the_last_of_the_pooled_cutoffs_is_always_asked(make_book) -> None:
    assert pooled_cutoffs(make_book(), day("2024-01-20"), FIRST, 60) == (day("2024-01-20"),)


def test_only_the_windows_of_the_targets_at_stake_must_have_ended(make_book) -> None:
    check_cutoff(make_book(), day("2024-08-20"), FIRST, LAST, ["conversion"])
    with pytest.raises(EvaluationError):
        check_cutoff(make_book(), day("2024-08-20"), FIRST, LAST)
