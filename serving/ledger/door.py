"""What `python -m serving override` and `overrides` ask of a book, in the words of the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from data.ingest.opening import open_store
from data.settings.book import load_book
from serving.engine import Engine
from serving.errors import Fault, RequestError
from serving.ledger import decide
from serving.ledger.asked import Asked
from serving.ledger.entry import ENDED
from serving.ledger.ledger import Ledger
from serving.ledger.told import Given, Listing, Taken

OPTIONS = {
    "customer_id": "CUSTOMER",
    "tier": "--tier",
    "by": "--by",
    "reason": "--reason",
    "from": "--from",
    "until": "--until",
    "withdraw": "--withdraw",
}
"""What the command calls the fields of a request."""


def give(asked: Asked, book_name: str, home: Path, path: Path | None, *, recorded: int) -> Given:
    """Records an override, as `decide.give` does. Raises RequestError that names every option at fault."""
    engine = Engine.open(book_name, home, path)
    with options_named():
        return decide.give(engine, Ledger.of(engine.book, home), asked, recorded=recorded)


def take(asked: Asked, book_name: str, home: Path, path: Path | None, *, recorded: int) -> Taken:
    """Withdraws overrides, as `decide.take` does. Raises RequestError that names every option at fault."""
    store = open_store(load_book(book_name, path), home)
    with options_named():
        return decide.take(store, Ledger.of(store.book, home), asked, recorded=recorded)


def listing(book_name: str, home: Path, path: Path | None, *, ended: bool) -> Listing:
    """The overrides of a book as they stand on its last day on record; those that have `ended` only on demand."""
    store = open_store(load_book(book_name, path), home)
    cutoff = decide.last_moment(store, store.book)
    entries = Ledger.of(store.book, home).all_overrides(cutoff)
    return Listing(store.book, cutoff, tuple(entry for entry in entries if ended or entry.state not in ENDED))


@contextmanager
def options_named() -> Iterator[None]:
    """Faults within are told by the options of the command."""
    try:
        yield
    except RequestError as error:
        raise RequestError(*map(_of_the_terminal, error.faults)) from error


def _of_the_terminal(fault: Fault) -> Fault:
    message = fault.message
    for field in ("tier", "from", "until"):
        message = message.replace(f"takes no {field}:", f"takes no {OPTIONS[field]}:")
    message = message.replace("; see those that ended", "; `python -m serving overrides BOOK --all` lists all")
    return replace(fault, path=OPTIONS.get(fault.path, fault.path), message=message)
