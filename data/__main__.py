"""`python -m data`: look at a book, fold in what was appended, and simulate one whose truth is known."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from data.doors import console, open_door, progress, resumable
from data.engines.choice import FORMS, LOCAL
from data.errors import SourceError
from data.reading.place import WORKING
from data.settings.book import load_book

CORES = len(os.sched_getaffinity(0))

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="One event log from any source: check a book, fold in appended events, simulate trade.",
    epilog="Example: python -m data check complete_journey",
)

BookName = Annotated[str, typer.Argument(help="A shipped book's name, or the path of a TOML file.", metavar="BOOK")]
SearchPath = Annotated[
    Path | None, typer.Option("--path", help="The file or folder to look in first, for books that search.")
]
Home = Annotated[Path, typer.Option("--home", help="The working folder.")]
On = Annotated[str, typer.Option(metavar="ENGINE", help=f"Where the store is made: {FORMS}.")]


@app.command(epilog="Example: python -m data check online_retail --path ~/Downloads")
def check(book: BookName, path: SearchPath = None, home: Home = WORKING, on: On = LOCAL) -> None:
    """Say what a book holds, what it lacks, what that costs, and which models it allows."""
    from data.readiness.page import show
    from data.readiness.report import check as readiness_of

    declared = load_book(book, path)
    report = readiness_of(declared, home, on)
    show(report, declared, console())
    if report.faults:
        raise SourceError("\n".join(report.faults))


@app.command(epilog="Example: python -m data compact complete_journey")
def compact(book: BookName, path: SearchPath = None, home: Home = WORKING, on: On = LOCAL) -> None:
    """Fold the appended events into the store."""
    from data.ingest.opening import compact as folded

    store = folded(load_book(book, path), home, on)
    totals = store.manifest.totals
    held = f"{totals.events:,} events of {totals.customers:,} customers in {totals.buckets} buckets"
    console().print(f"{store.book.name}: {held}")


@app.command("publish", epilog="Example: python -m data publish complete_journey s3://bucket/complete_journey")
def publish_store(
    book: BookName,
    url: Annotated[str, typer.Argument(metavar="URL", help="Where to: a folder of an object store, or a path.")],
    path: SearchPath = None,
    home: Home = WORKING,
    on: On = LOCAL,
) -> None:
    """Copy a book's store to where the workers of a cluster find it, with appended events folded in."""
    from data.ingest.opening import compact as folded
    from data.store.publishing import publish, require_place

    declared = load_book(book, path)
    require_place(declared, home, url)
    store = folded(declared, home, on)
    size = sum(store.manifest.sizes.values())
    with resumable(), progress(f"publishing {book}", size) as advance:
        publish(store, url, advance)
    console().print(f"{url}: {store.manifest.totals.events:,} events in {size / 1e6:,.1f} MB", markup=False)


@app.command(epilog="Example: python -m data simulate --customers 2000 --seed 7 --out .tierwise/data/trade")
def simulate(
    *,
    customers: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many companies.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")],
    out: Annotated[Path, typer.Option(help="The folder to write; a former simulation in it is replaced.")],
    workers: Annotated[int, typer.Option(min=1, help="Processes; they change the time, not the bytes.")] = CORES,
) -> None:
    """Simulate an exporter's trade with companies, and write the truth behind it."""
    from data.simulation.files import write_world
    from data.simulation.world import World

    with progress(f"simulating {customers:,} customers", customers) as advance:
        events = write_world(World(customers, seed), out, workers, advance)
    console().print(f"{events:,} events of {customers:,} customers in {out}; their truth in {out / 'truth'}")


if __name__ == "__main__":
    open_door(app)
