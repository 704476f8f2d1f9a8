"""What `python -m serving forget` and `forgotten` ask and tell."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from data.clock import isoformat
from data.doors import console
from data.settings.book import Book, load_book
from data.store.tombstone_file import read_tombstones
from data.store.tombstones import Tombstones
from serving.errors import ServingError
from serving.forgetting.forget import Remains, Traces, traces_of
from serving.forgetting.forget import forget as forget_customer
from serving.ledger.asked import Asked
from serving.ledger.door import options_named
from training.shelf import HOME

BookName = Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")]
Where = Annotated[Path | None, typer.Option("--path", help="Where to look for the book's file.")]

FINAL = "This cannot be undone: the book never takes this id in again, whatever its sources deliver."
IN_WORDS = "in what is said of somebody else, such as the reason of an override"


def forget(
    book_name: BookName,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id.")],
    by: Annotated[str, typer.Option(help="The name of who decides.")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence that does not tell the id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    path: Where = None,
) -> None:
    """Remove a customer everywhere under .tierwise and leave a tombstone. There is no undo.

    Later deliveries of the id are left out as well. A command that was cut off is finished by running it again.
    """
    book = load_book(book_name, path)
    asked = Asked(customer, by, reason)
    with options_named():
        traces = traces_of(asked, book, HOME)
    _say(before(traces))
    if not (yes or _confirmed()):
        typer.echo("Nothing was changed.")
        return
    with options_named():
        remains = forget_customer(asked, book, HOME, recorded=_utc_now())
    _say(after(remains, book_name))


def forgotten(book_name: BookName, path: Where = None) -> None:
    """List who was forgotten: when, by whom and why; whose tombstone it is, nobody can tell from it."""
    book = load_book(book_name, path)
    console().print(listing(read_tombstones(book.name, HOME), book))


def before(traces: Traces) -> Iterator[str]:
    """What will be removed."""
    if traces.tombstone:
        day = traces.tombstone.recorded[:10]
        yield f'"{traces.customer_id}" was forgotten on {day} by {traces.tombstone.by}; what is left is removed now:'
    else:
        yield f'Forgetting "{traces.customer_id}" in book {traces.book.name} removes:'
    yield f"  - {_number(traces.events, 'event')} and the profile; the store is made anew without them"
    yield f"  - {_number(traces.quarantined, 'rejected row')} in the quarantine"
    yield f"  - {_number(traces.recorded, 'row')} of the ledger"
    yield from (f"  - {_number(table.rows, 'row')} of {table.file}" for table in traces.tables)
    yield FINAL


def after(remains: Remains, book_name: str) -> Iterator[str]:
    """What was done, and what is out of reach."""
    yield f"Forgotten; the tombstone {remains.tombstone.customer[:8]} stands."
    yield "Out of reach, for you to see to:"
    for holder in remains.sources:
        yield f"  - the source {holder.source} still delivers {_number(holder.rows, 'row')}: {holder.delivery}"
    for file in remains.files:
        how = IN_WORDS if file.suffix in (".db", ".sqlite") else "make it anew or remove it"
        yield f"  - {file} still holds the id somewhere: {how}"
    for url in remains.published:
        yield f"  - the store published at {url}: python -m data publish {quote(book_name)} {quote(url)}"
    if not remains.searched:
        yield "  - texts under the working folder were not searched: an id like this means something else too often"
    again = f"python -m training fit {book_name}"
    yield f"  - the models: they hold no ids but have learnt from the customer; {again}, then score the book"
    yield "  - backups, and files written elsewhere; jobs that were running meanwhile: run this again after them"


def listing(stones: Tombstones, book: Book) -> Table | str:
    """All tombstones, the earliest first."""
    if not len(stones):
        return f"Book {book.name}: nobody was forgotten."
    table = Table("tombstone", "when", "by", "reason", title=f"Forgotten customers of {book.name}")
    for stone in stones:
        table.add_row(stone.customer[:8], stone.recorded[:16].replace("T", " "), Text(stone.by), Text(stone.reason))
    return table


def _confirmed() -> bool:
    if not _is_asked():
        raise ServingError("forget: nobody is there to confirm; add --yes")
    return typer.confirm("Forget this customer?")


def _is_asked() -> bool:
    return sys.stdin.isatty()


def _utc_now() -> str:
    return isoformat(time.time_ns() // 1_000, "UTC")


def _say(lines: Iterator[str]) -> None:
    for line in lines:
        console().print(line, markup=False, soft_wrap=True)


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
