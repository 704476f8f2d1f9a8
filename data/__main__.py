"""`python -m data`: look at a book, and fold in what was appended."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from data.book import load_book
from data.doors import console, open_door
from data.errors import SourceError
from data.place import WORKING

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="One event log from any source: check a book, fold in appended events.",
    epilog="Example: python -m data check complete_journey",
)

BookName = Annotated[str, typer.Argument(help="A shipped book's name, or the path of a TOML file.", metavar="BOOK")]
SearchPath = Annotated[
    Path | None, typer.Option("--path", help="The file or folder to look in first, for books that search.")
]
Home = Annotated[Path, typer.Option("--home", help="The working folder.")]


@app.command(epilog="Example: python -m data check online_retail --path ~/Downloads")
def check(book: BookName, path: SearchPath = None, home: Home = WORKING) -> None:
    """Say what a book holds, what it lacks, what that costs, and which models it allows."""
    from data.readiness import check as readiness_of
    from data.readiness_page import show

    declared = load_book(book, path)
    report = readiness_of(declared, home)
    show(report, declared, console())
    if report.faults:
        raise SourceError("\n".join(report.faults))


@app.command(epilog="Example: python -m data compact complete_journey")
def compact(book: BookName, path: SearchPath = None, home: Home = WORKING) -> None:
    """Fold the appended events into the store."""
    from data.ingest import compact as folded

    store = folded(load_book(book, path), home)
    totals = store.manifest.totals
    held = f"{totals.events:,} events of {totals.customers:,} customers in {totals.buckets} buckets"
    console().print(f"{store.book.name}: {held}")


if __name__ == "__main__":
    open_door(app)
