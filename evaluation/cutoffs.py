"""Which moments of the past can be judged: after the history begins, and a whole window before it ends."""

from collections.abc import Sequence
from datetime import date

from data.clock import add_days, end_of_day, local_date, parse_cutoff
from data.settings.book import Book
from evaluation.errors import EvaluationError
from training.horizons import horizons
from training.labels import TARGETS

EARLIER = 2
MOST_POOLED = 12
STEP_DAYS = 28  # whole weeks: weekdays shape what people do


def judged_cutoff(book: Book, text: str | None) -> int:
    """The instant (µs) that `text` names, or the book's judged cutoff; EvaluationError without either."""
    if text is not None:
        return parse_cutoff(text, book.time_zone)
    if book.judged is None:
        raise EvaluationError(
            f"book {book.name} names no judged cutoff: add a line such as judged = 2017-10-01 to "
            f"{book.file}, or pass --cutoff 2017-10-01"
        )
    return end_of_day(book.judged, book.time_zone)


def check_cutoff(book: Book, cutoff: int, first: int, last: int, targets: Sequence[str] = TARGETS) -> None:
    """Raises EvaluationError unless the cutoff lies in the history, from `first` to `last` event (µs), and
    the window of every one of `targets` has ended by the day of the last event."""
    zone = book.time_zone
    day, first_day, last_day = (local_date(instant, zone) for instant in (cutoff, first, last))
    target, days = max(((target, horizons(book)[target]) for target in targets), key=lambda item: item[1])
    latest = local_date(add_days(last, -days, zone), zone)
    if cutoff < first:
        raise EvaluationError(
            f"book {book.name}: the cutoff {day} lies before the first event ({first_day}), so there is "
            f"nothing to learn from; {_advice(first_day, latest)}"
        )
    end = local_date(add_days(cutoff, days, zone), zone)
    if end > last_day:
        raise EvaluationError(
            f"book {book.name}: the {days} days of {target} after the cutoff {day} end on {end}, but the "
            f"last event is of {last_day}, so what happened is not known yet; {_advice(first_day, latest)}"
        )


def earlier_cutoffs(
    book: Book, cutoff: int, first: int, most: int = EARLIER, days: int | None = None
) -> tuple[int, ...]:
    """At most so many cutoffs before the judged one, latest first, some days (the longest horizon) apart, each with
    at least as much history before it."""
    days = days or max(horizons(book).values())
    moments = (add_days(cutoff, -days * step, book.time_zone) for step in range(1, most + 1))
    return tuple(moment for moment in moments if add_days(moment, -days, book.time_zone) >= first)


def pooled_cutoffs(book: Book, cutoff: int, first: int, days: int) -> tuple[int, ...]:
    """Up to twelve cutoffs that end with `cutoff`, ascending, four weeks apart, each of the earlier ones with
    at least `days` days of history before it."""
    moments = (add_days(cutoff, -STEP_DAYS * step, book.time_zone) for step in range(MOST_POOLED))
    kept = [moment for moment in moments if moment == cutoff or add_days(moment, -days, book.time_zone) >= first]
    return tuple(reversed(kept))


def _advice(first_day: date, latest: date) -> str:
    if latest <= first_day:
        return "the history is shorter than the horizon: bring more events, or shorten the book's horizons"
    return f"choose a cutoff after {first_day} and not after {latest}"
