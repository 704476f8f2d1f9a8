"""`python -m serving keys`: who may ask the server of a book."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from data.clock import local_date
from data.doors import console
from data.errors import did_you_mean
from data.settings.book import Book, load_book
from serving.errors import Fault, RequestError
from serving.keys.asked import AskedKey, terms_of
from serving.keys.key import Key
from serving.keys.keyring import Keyring
from serving.ledger.ledger import Ledger
from training.shelf import HOME

keys = typer.Typer(
    help="Make, list and revoke the keys that a server of the book asks for.",
    no_args_is_help=True,
    epilog="Example: python -m serving keys list complete_journey",
)

BookName = Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")]
Where = Annotated[Path | None, typer.Option("--path", help="Where to look for the book's file.")]

ONCE = "This is the key. It is shown once and kept nowhere; send it as `Authorization: Bearer …` or sign in with it."
FIRST = "Keys are on from now, for good, also in a server that runs: whoever asks needs one."
OWNS_NOTHING = 'No account that was scored last has the account manager "{owner}", so the key sees nothing yet{hint}.'
NONE_YET = "No keys: they are off, and a server answers to its own machine alone."


@keys.command(
    epilog='Example: python -m serving keys add complete_journey --name "Li Wei" --scope read --scope write '
    '--owner "Li Wei" --until 2027-12-31'
)
def add(
    book_name: BookName,
    name: Annotated[str, typer.Option(help="Who or what will hold it.")],
    scope: Annotated[list[str], typer.Option(help="What it allows: score, read, write or admin; once for each.")],
    owner: Annotated[str | None, typer.Option(help="The account manager whose accounts alone it sees.")] = None,
    until: Annotated[str | None, typer.Option(help="The last day (in the book's time zone) that it works.")] = None,
    path: Where = None,
) -> None:
    """Make a key and print it, once."""
    book, now = load_book(book_name, path), time.time_ns() // 1_000
    terms = terms_of(AskedKey(name, scope, owner, until), book.time_zone, now)
    ring = keyring_of(book)
    is_first = not ring.keys()
    made = ring.add(terms.name, terms.scopes, terms.owner, created=now, expires=terms.expires)
    typer.echo(ONCE)
    typer.echo(made.text)
    if is_first:
        typer.echo(FIRST)
    known = Ledger.of(book, HOME).owners()
    if terms.owner and terms.owner not in known:
        typer.echo(OWNS_NOTHING.format(owner=terms.owner, hint=did_you_mean(terms.owner, known)))


@keys.command("list", epilog="Example: python -m serving keys list complete_journey")
def list_(book_name: BookName, path: Where = None) -> None:
    """List the keys: who has them, what they allow, until when."""
    book, now = load_book(book_name, path), time.time_ns() // 1_000
    found = keyring_of(book).keys()
    if not found:
        typer.echo(NONE_YET)
        return
    table = Table("id", "name", "scopes", "sees", "made", "until", "state")
    for key in found.values():
        table.add_row(*_row(key, book, now))
    console().print(table)


@keys.command(epilog="Example: python -m serving keys revoke complete_journey 1f2e3d4c")
def revoke(
    book_name: BookName,
    id_: Annotated[str, typer.Argument(metavar="ID", help="The key's id, as `keys list` shows it.")],
    path: Where = None,
) -> None:
    """End a key, and whatever sessions began with it; a server that runs notices within a second."""
    ring = keyring_of(load_book(book_name, path))
    ended = ring.revoke(id_, revoked=time.time_ns() // 1_000)
    if ended is None:
        known = list(ring.keys())
        raise RequestError(Fault("ID", f"no key has this id{did_you_mean(id_, known)}; `keys list` shows them all"))
    typer.echo(f'The key {ended.id} of "{ended.name}" is revoked.')


def keyring_of(book: Book) -> Keyring:
    """The keys of a book, where its ledger is."""
    return Keyring(Ledger.of(book, HOME).database)


def _row(key: Key, book: Book, now: int) -> list[str]:
    scopes = " ".join(sorted(key.scopes))
    until = _day(key.expires, book) if key.expires is not None else "for good"
    state = "revoked" if key.revoked is not None else "works" if key.is_valid(now) else "over"
    return [key.id, key.name, scopes, key.owner or "every account", _day(key.created, book), until, state]


def _day(moment: int, book: Book) -> str:
    return str(local_date(moment, book.time_zone))
