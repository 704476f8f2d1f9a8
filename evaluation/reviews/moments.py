"""When the tiers of a book are reviewed in a replay: every 30 days, or at the same day of every month."""

import calendar
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from data.clock import add_days, end_of_day, local_date, parse_cutoff
from data.events import PURCHASE
from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.errors import EvaluationError
from serving.tiers.moves import REVIEW_DAYS
from training.horizons import horizons

Step = Callable[[Book, int, int], int]
"""From a book, the last review (µs UTC) and a number to the review so many steps before it."""

FEWEST = 2


def every_30_days(book: Book, last: int, back: int) -> int:
    """The review that many reviews before the last one, as the tiers' own probabilities count them."""
    return add_days(last, -REVIEW_DAYS * back, book.time_zone)


def every_month(book: Book, last: int, back: int) -> int:
    """The end of the same day so many months before; a month's last day stays one."""
    day = local_date(last, book.time_zone)
    months = day.year * 12 + day.month - 1 - back
    year, month = months // 12, months % 12 + 1
    length = calendar.monthrange(year, month)[1]
    ends = day.day == calendar.monthrange(day.year, day.month)[1]
    return end_of_day(date(year, month, length if ends else min(day.day, length)), book.time_zone)


def latest_day(book: Book, last: int) -> date:
    """The last day whose horizons of value and churn have ended by the day of the last event (µs UTC)."""
    return local_date(add_days(last, -_longest(book), book.time_zone), book.time_zone)


def latest_month_end(book: Book, last: int) -> date:
    """The last day of the last month of which the same holds."""
    day = latest_day(book, last)
    return day if (day + timedelta(days=1)).day == 1 else day.replace(day=1) - timedelta(days=1)


def has_ended(book: Book, cutoff: int, last: int) -> bool:
    """Whether the horizons of value and churn after a cutoff have ended by the day of the last event (both µs UTC)."""
    return local_date(cutoff, book.time_zone) <= latest_day(book, last)


def require_ended(book: Book, cutoffs: Iterable[int], last: int) -> None:
    """Raises EvaluationError where what happened after none of the cutoffs (µs UTC, ascending) is known yet, and where
    the last of them lies beyond the last event."""
    found = list(cutoffs)
    day, ends = local_date(found[-1], book.time_zone), local_date(last, book.time_zone)
    if day > ends:
        raise EvaluationError(f"book {book.name}: the cutoff {day} lies after the last event, of {ends}")
    if not any(has_ended(book, cutoff, last) for cutoff in found):
        raise EvaluationError(
            f"book {book.name}: the {_longest(book)} days of value and churn after {day} have not ended by the last "
            f"event, of {ends}, so what happened is not known yet; choose a --cutoff not after {latest_day(book, last)}"
        )


def first_purchase(histories: Histories) -> int:
    """When purchases begin (µs UTC); without any, when events do: what was before teaches no model of value."""
    bought = histories.time[histories.role == PURCHASE]
    return int((bought if len(bought) else histories.time).min())


def moments(book: Book, last: int, count: int, first: int, step: Step) -> tuple[int, ...]:
    """Up to `count` reviews that end with `last`, ascending (µs UTC), each with at least a whole horizon of history
    after the `first` purchase. EvaluationError where fewer than two are left."""
    days, zone = _longest(book), book.time_zone
    asked = [step(book, last, back) for back in range(count)]
    kept = [moment for moment in asked if add_days(moment, -days, zone) >= first]
    if len(kept) < FEWEST:
        begins = local_date(first, zone)
        raise EvaluationError(
            f"book {book.name}: no two reviews up to {local_date(last, zone)} have {days} days of history before them, "
            f"for the first purchase is of {begins}; choose a later --cutoff, or bring more history"
        )
    return tuple(reversed(kept))


def moment_of(book: Book, text: str | None, otherwise: date) -> int:
    """The instant (µs UTC) that `text` names, or the end of another day."""
    return end_of_day(otherwise, book.time_zone) if text is None else parse_cutoff(text, book.time_zone)


def _longest(book: Book) -> int:
    days = horizons(book)
    return max(days["lifetime_value"], days["churn"])
