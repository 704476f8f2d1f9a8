"""`python -m serving shown` and `kept`: what the ledger has of what was recommended; `kills`: what it survives."""

from pathlib import Path
from typing import Annotated

import typer

from data.doors import console
from serving.bench.kills import survived
from serving.figures import Language
from serving.ledger.history import history
from serving.ledger.history import shown as text_of
from training.shelf import HOME

BookName = Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")]
Where = Annotated[Path | None, typer.Option("--path", help="Where to look for the book's file.")]

SHOWN_EXAMPLE = "Example: python -m serving shown complete_journey 1daf8ff1f2a2e025f4872b0255d082c7"
KILLS_EXAMPLE = "Example: python -m serving kills complete_journey --out kills"
KEPT_EXAMPLE = "Example: python -m serving kept complete_journey 1 --language zh"


def shown(
    book_name: BookName,
    id_: Annotated[str, typer.Argument(metavar="ID", help="The id of a recommendation, as `kept` lists it.")],
    path: Where = None,
) -> None:
    """Print a past recommendation exactly as it was, as JSON."""
    typer.echo(text_of(book_name, id_, HOME, path))


def kept(
    book_name: BookName,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id.")],
    language: Annotated[Language | None, typer.Option(help="Of the table; default: the book's language.")] = None,
    path: Where = None,
) -> None:
    """List what was recommended to a customer: as of when, which tier and value, by which model."""
    found = history(book_name, customer, HOME, path)
    console().print(found.page(language or found.book.language))


def kills(
    book_name: BookName,
    out: Annotated[Path, typer.Option(help="A folder for what is written meanwhile.")],
    count: Annotated[int, typer.Option("--kills", min=1, help="Of each kind.")] = 50,
    seed: Annotated[int, typer.Option(help="Of the moments.")] = 7,
) -> None:
    """Kill scorings of a book, and a writer of a ledger, at random moments: what survives, and whether it is whole."""
    found = survived(book_name, out, count, seed)
    typer.echo(f"{found.kills} scorings killed and resumed: {found.different} files with other bytes")
    typer.echo(f"{found.kills} writers killed: {found.acknowledged:,} rows acknowledged, {found.lost:,} lost")
