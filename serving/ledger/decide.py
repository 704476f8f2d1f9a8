"""What overrides do, for every door: a fault is told, by the fields of a request, before anything is changed."""

from dataclasses import replace

from data.clock import end_of_day, local_date
from data.settings.book import Book
from data.store.store import Store
from serving.engine import Engine
from serving.errors import Fault, RequestError
from serving.ledger.asked import (
    Asked,
    end_of,
    faults_of_customer,
    faults_of_person,
    faults_of_tier,
    faults_of_withdrawal,
)
from serving.ledger.entry import Entry
from serving.ledger.ledger import Ledger
from serving.ledger.override import UNRECORDED, Override
from serving.ledger.told import Given, Taken
from serving.recommend import recommend


def give(engine: Engine, ledger: Ledger, asked: Asked, *, recorded: int) -> Given:
    """Records an override (`recorded` at µs UTC), with what the models say now without any override.

    It is in force from the end of `asked.starts`, by default of the book's last day on record, which is the
    earliest: what was recommended before stays as it was. It ends with the day `asked.until`. Raises RequestError
    that names every fault; then nothing was recorded.
    """
    faults = [*faults_of_customer(asked, engine.store), *faults_of_tier(asked), *faults_of_person(asked)]
    starts = _start_of(asked, engine)
    first = engine.latest_cutoff if isinstance(starts, Fault) else starts
    end = end_of(asked, first, engine.latest_cutoff, engine.book.time_zone)
    if faults or isinstance(starts, Fault) or isinstance(end, Fault):
        raise RequestError(*faults, *(fault for fault in (starts, end) if isinstance(fault, Fault)))
    given = ledger.record(_said_now(engine, asked, starts, end, recorded))
    others = [entry for entry in ledger.overrides_of(asked.customer, given.starts) if _gives_way(entry, given)]
    return Given(engine.book, given, tuple(entry.override for entry in others), engine.bundle.horizons)


def take(store: Store, ledger: Ledger, asked: Asked, *, recorded: int) -> Taken:
    """Withdraws, as of the book's last day on record, whatever overrides of a customer are in force or to come.

    Raises RequestError that names every fault, or that there is none; then nothing was recorded.
    """
    faults = [*faults_of_customer(asked, store), *faults_of_person(asked), *faults_of_withdrawal(asked)]
    if faults:
        raise RequestError(*faults)
    ends = last_moment(store, store.book)
    by, reason = asked.by.strip(), asked.reason.strip()
    taken = ledger.withdraw(asked.customer, by=by, reason=reason, ends=ends, recorded=recorded)
    if not taken:
        day = local_date(ends, store.book.time_zone)
        raise RequestError(
            Fault(
                "withdraw", f'no override of "{asked.customer}" is in force or to come on {day}; see those that ended'
            )
        )
    return Taken(store.book, ends, tuple(taken))


def last_moment(store: Store, book: Book) -> int:
    """The end of the last day with an event (µs UTC)."""
    return end_of_day(local_date(store.last_time, book.time_zone), book.time_zone)


def _start_of(asked: Asked, engine: Engine) -> int | Fault:
    try:
        starts = engine.cutoff(asked.starts)
    except RequestError as error:
        return replace(error.faults[0], path="from")
    if starts < engine.latest_cutoff:
        last = local_date(engine.latest_cutoff, engine.book.time_zone)
        return Fault(
            "from",
            f"{asked.starts} lies before {last}, the book's last day on record, and what was recommended until then "
            "stays as it was; leave it out, or choose a later day",
        )
    return starts


def _said_now(engine: Engine, asked: Asked, starts: int, end: int, recorded: int) -> Override:
    history = engine.store.histories([asked.customer])
    (said,) = recommend(history, engine.latest_cutoff, engine.bundle, engine.plan)
    return Override(
        id=UNRECORDED,
        customer_id=asked.customer,
        tier=asked.tier or "",
        by=asked.by.strip(),
        reason=asked.reason.strip(),
        starts=starts,
        expires=end + 1,
        recorded=recorded,
        value_then=said.lifetime_value.value,
        churn_then=said.churn.value,
        model_version=said.model_version,
        tier_then=said.tier.name if said.tier else None,
    )


def _gives_way(entry: Entry, given: Override) -> bool:
    other = entry.override
    together = other.starts < given.expires and given.starts < other.expires
    return together and other.id != given.id and entry.withdrawal is None
