"""What `python -m serving override` and `overrides` ask of a book; a fault is told before anything is changed."""

from dataclasses import replace
from pathlib import Path

from data.book import load_book
from data.clock import end_of_day, local_date
from data.ingest import open_store
from data.store import Store
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
from serving.ledger.entry import ENDED, Entry
from serving.ledger.ledger import Ledger
from serving.ledger.override import UNRECORDED, Override
from serving.ledger.told import Given, Listing, Taken
from serving.recommend import recommend


def give(asked: Asked, book_name: str, home: Path, path: Path | None, *, recorded: int) -> Given:
    """Records an override (`recorded` at µs UTC), with what the models say now without any override.

    It is in force from the end of `asked.starts`, by default of the book's last day on record, which is the
    earliest: what was recommended before stays as it was. It ends with the day `asked.until`. Raises RequestError
    that names every fault; then nothing was recorded.
    """
    engine = Engine.open(book_name, home, path)
    faults = [*faults_of_customer(asked, engine.store), *faults_of_tier(asked), *faults_of_person(asked)]
    starts = _start_of(asked, engine)
    first = engine.latest_cutoff if isinstance(starts, Fault) else starts
    end = end_of(asked, first, engine.latest_cutoff, engine.book.time_zone)
    if faults or isinstance(starts, Fault) or isinstance(end, Fault):
        raise RequestError(*faults, *(fault for fault in (starts, end) if isinstance(fault, Fault)))
    ledger = Ledger.open(engine.book.name, home)
    given = ledger.record(_said_now(engine, asked, starts, end, recorded))
    others = [entry for entry in ledger.overrides_of(asked.customer, given.starts) if _gives_way(entry, given)]
    return Given(engine.book, given, tuple(entry.override for entry in others), engine.bundle.horizons)


def take(asked: Asked, book_name: str, home: Path, path: Path | None, *, recorded: int) -> Taken:
    """Withdraws, as of the book's last day on record, whatever overrides of a customer are in force or to come.

    Raises RequestError that names every fault, or that there is none; then nothing was recorded.
    """
    store = open_store(load_book(book_name, path), home)
    faults = [*faults_of_customer(asked, store), *faults_of_person(asked), *faults_of_withdrawal(asked)]
    if faults:
        raise RequestError(*faults)
    ends = _last_moment(store)
    ledger = Ledger.open(store.book.name, home)
    by, reason = asked.by.strip(), asked.reason.strip()
    taken = ledger.withdraw(asked.customer, by=by, reason=reason, ends=ends, recorded=recorded)
    if not taken:
        day = local_date(ends, store.book.time_zone)
        nothing = f'no override of "{asked.customer}" is in force or to come on {day}'
        raise RequestError(Fault("--withdraw", f"{nothing}; `python -m serving overrides BOOK --all` lists all"))
    return Taken(store.book, ends, tuple(taken))


def listing(book_name: str, home: Path, path: Path | None, *, ended: bool) -> Listing:
    """The overrides of a book as they stand on its last day on record; those that have `ended` only on demand."""
    store = open_store(load_book(book_name, path), home)
    cutoff = _last_moment(store)
    entries = Ledger.open(store.book.name, home).all_overrides(cutoff)
    return Listing(store.book, cutoff, tuple(entry for entry in entries if ended or entry.state not in ENDED))


def _start_of(asked: Asked, engine: Engine) -> int | Fault:
    try:
        starts = engine.cutoff(asked.starts)
    except RequestError as error:
        return replace(error.faults[0], path="--from")
    if starts < engine.latest_cutoff:
        last = local_date(engine.latest_cutoff, engine.book.time_zone)
        return Fault(
            "--from",
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


def _last_moment(store: Store) -> int:
    """The end of the last day with an event (µs UTC)."""
    zone = store.book.time_zone
    return end_of_day(local_date(store.last_time, zone), zone)
