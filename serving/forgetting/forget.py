"""Forgetting one customer of a book: what is there, how it is removed, and what is out of reach."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data.engines.alone import sweep_parts
from data.errors import TierwiseError
from data.ingest.opening import open_store, without_forgotten
from data.ingest.quarantine import read_quarantine
from data.reading.holders import Holder, holders
from data.settings.book import Book
from data.store.inbox import Inbox
from data.store.manifest import locked
from data.store.publishing import published_at
from data.store.store import Store
from data.store.tombstone_file import bury
from data.store.tombstones import Tombstone, fields_of
from serving.errors import Fault, RequestError, ServingError
from serving.forgetting.places import files_of, foreign_versions, is_telling, naming
from serving.forgetting.tables import Table, Whose, rewrite, sweep_drafts, tables_with
from serving.ledger.asked import Asked, faults_of_customer, faults_of_person
from serving.ledger.ledger import Ledger


@dataclass(frozen=True)
class Traces:
    """What is there of a customer before forgetting: events in store and inbox, rejected rows, rows of the ledger,
    rows of tables under the working folder, and the tombstone of somebody whose forgetting was begun before."""

    book: Book
    customer_id: str
    events: int
    quarantined: int
    recorded: int
    tables: tuple[Table, ...]
    tombstone: Tombstone | None


@dataclass(frozen=True)
class Remains:
    """What cannot be reached: deliveries of sources that name the customer, files that may, and URLs where the store
    was published; `searched` is false for an id that means something else too often to search texts for it."""

    tombstone: Tombstone
    sources: tuple[Holder, ...]
    files: tuple[Path, ...]
    searched: bool
    published: tuple[str, ...] = ()


def traces_of(asked: Asked, book: Book, home: Path) -> Traces:
    """What forgetting will remove; nothing is changed. Raises RequestError that names every fault: nobody is on record
    under the id anywhere, or the name or the reason is missing or tells the id."""
    store = open_store(book, home)
    stone = store.tombstones.of(asked.customer)
    traces = Traces(
        book=book,
        customer_id=asked.customer,
        events=store.histories([asked.customer]).events,
        quarantined=_quarantined(asked.customer, book, home),
        recorded=Ledger.of(book, home).rows_of(asked.customer),
        tables=tuple(tables_with(_whose(asked.customer, book, home), files_of(book.name, home))),
        tombstone=stone,
    )
    nowhere = not (stone or traces.quarantined or traces.recorded or traces.tables)
    faults = [
        *(faults_of_customer(asked, store) if nowhere else ()),
        *_faults_of_last(asked, store),
        *faults_of_person(asked),
        *_faults_of_words(asked),
    ]
    if faults:
        raise RequestError(*faults)
    return traces


def forget(asked: Asked, book: Book, home: Path, *, recorded: str) -> Remains:
    """Removes a customer everywhere under the working folder, and answers what is out of reach.

    The tombstone (`recorded` at an ISO 8601 time) is on disk first, and from then on no reader shows the customer;
    after a kill at any moment the same call finishes. ServingError where something could not be removed: then the
    tombstone stands, and the same call finishes too.
    """
    stone = bury(asked.customer, book.name, home, recorded=recorded, by=asked.by.strip(), reason=asked.reason.strip())
    try:
        _remove(asked.customer, book, home)
        sources = tuple(holders(asked.customer, book, home))
    except (TierwiseError, OSError) as error:
        unfinished = "The tombstone stands and nobody is shown the customer, but not everything is removed"
        raise ServingError(f"{error}\n{unfinished}: run the command again once this is put right.") from error
    customer = asked.customer.strip()
    searched = is_telling(customer)
    files = naming(customer, files_of(book.name, home)) if searched else ()
    return Remains(stone, sources, tuple(files), searched, tuple(published_at(book.name, home)))


def _remove(customer_id: str, book: Book, home: Path) -> None:
    with locked(home / book.name, "forgetting.lock"):
        Ledger.of(book, home).forget(customer_id)
        Inbox(book, home).forget(customer_id)
        sweep_drafts(files_of(book.name, home))
        sweep_parts(home)
        whose = _whose(customer_id, book, home)
        for table in tables_with(whose, files_of(book.name, home)):
            rewrite(table, whose)
        without_forgotten(book, home)


def _whose(customer_id: str, book: Book, home: Path) -> Whose:
    return Whose(customer_id.strip(), book.name, foreign_versions(book.name, home))


def _quarantined(customer_id: str, book: Book, home: Path) -> int:
    """The rejected rows in which the id is a field."""
    folder = home / book.name / "quarantine"
    rows = (line for file in folder.glob("*.parquet") for line in read_quarantine(file.stem, folder)["raw"])
    return sum(customer_id.strip() in fields_of(line) for line in rows)


def _faults_of_last(asked: Asked, store: Store) -> Iterator[Fault]:
    """That nobody else has an event: a book without any cannot be made."""
    theirs = store.histories([asked.customer]).events
    others = set(store.inbox.customers(store.manifest.appended_through)) - {asked.customer}
    if theirs >= store.manifest.totals.events and not others:
        yield Fault("CUSTOMER", "nobody else in the book has an event; remove the book's working folder instead")


def _faults_of_words(asked: Asked) -> Iterator[Fault]:
    """That the tombstone would tell whose it is."""
    alone = re.compile(rf"(?<![\w-]){re.escape(asked.customer.strip())}(?![\w-])")
    for option, words in (("--by", asked.by), ("--reason", asked.reason)):
        if alone.search(words):
            yield Fault(option, "names the customer, and the tombstone keeps these words; leave the id out")
