"""The course of scores at month ends."""

from data.clock import end_of_day, isoformat, local_date, parse_cutoff
from data.histories.histories import Histories
from data.settings.book import Book
from serving.course import course, month_ends
from serving.plan import Plan
from serving.recommend import recommend
from training.bundle import Bundle

BERLIN = "Europe/Berlin"


def test_month_ends_are_those_that_were_over() -> None:
    def days(cutoff: str) -> list[str]:
        return [isoformat(end, BERLIN)[:10] for end in month_ends(parse_cutoff(cutoff, BERLIN), 3, BERLIN)]

    assert days("2024-05-19") == ["2024-02-29", "2024-03-31", "2024-04-30"]
    assert days("2024-05-31") == ["2024-03-31", "2024-04-30", "2024-05-31"]
    assert days("2024-05-31T12:00:00+02:00") == ["2024-02-29", "2024-03-31", "2024-04-30"]
    assert days("2024-01-01") == ["2023-10-31", "2023-11-30", "2023-12-31"]


def test_each_moment_is_what_would_have_been_recommended(
    histories: Histories, cutoff: int, bundle: Bundle, plan: Plan
) -> None:
    some = histories.select(range(12))
    told = course(some, cutoff, bundle, plan, months=6)
    for place, end in enumerate(month_ends(cutoff, 6, BERLIN)):
        for row, answer in enumerate(recommend(some, end, bundle, plan)):
            moment = told[row][place]
            assert moment.cutoff == answer.cutoff
            if "unknown_customer" in answer.degraded:
                assert (moment.lifetime_value, moment.tier) == (None, None)
            else:
                assert moment.lifetime_value == answer.lifetime_value.value
                assert moment.conversion == answer.conversion.value
                assert moment.churn == answer.churn.value
                assert answer.tier is not None
                assert moment.tier == answer.tier.by_policy


def test_one_customer_alone_has_the_course_that_they_have_among_others(
    histories: Histories, cutoff: int, bundle: Bundle, plan: Plan
) -> None:
    """Law 3."""
    assert course(histories.one(4), cutoff, bundle, plan)[0] == course(histories, cutoff, bundle, plan)[4]


def test_without_a_plan_there_are_scores_and_no_tier(histories: Histories, cutoff: int, bundle: Bundle) -> None:
    assert {moment.tier for moment in course(histories.one(1), cutoff, bundle, None)[0]} == {None}
    assert course(histories.select([]), cutoff, bundle, None) == []


def test_a_day_that_ends_a_month_counts_in_the_books_zone(book: Book) -> None:
    end = end_of_day(local_date(parse_cutoff("2024-03-31", book.time_zone), book.time_zone), book.time_zone)
    assert month_ends(end, 1, book.time_zone) == [end]
