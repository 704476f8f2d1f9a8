"""`python -m features`: what the models see of every customer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from data.clock import parse_cutoff
from data.doors import console, open_door, steps
from data.engines.choice import FORMS, LOCAL, engine_of
from data.ingest.opening import open_store
from data.reading.place import WORKING
from data.remote.output import parts_beside, placed
from data.settings.book import load_book

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, rich_markup_mode=None)

EVENTS = 5_000_000
SCALES = ((EVENTS, 3), (20_000_000, 2))
"""Events of the books on which engines are compared, and in how many turns."""

Language = Literal["en", "zh"]
Counted = Literal["orders", "interactions"]
BookName = Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")]


@app.command(epilog="Example: python -m features build complete_journey --cutoff 2017-10-01 --out features.parquet")
def build(
    book_name: BookName,
    cutoff: Annotated[
        list[str],
        typer.Option(help="2017-10-01 (the end of that day) or a time with an offset; may be repeated."),
    ],
    out: Annotated[str, typer.Option(help="The file to write: .parquet or .csv; a path or a URL such as s3://…")],
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's files.")] = None,
    on: Annotated[str, typer.Option(metavar="ENGINE", help=f"Where to build: {FORMS}.")] = LOCAL,
    store_url: Annotated[
        str | None, typer.Option("--store", metavar="URL", help="Build from what was published there, or in a folder.")
    ] = None,
) -> None:
    """Write the features of every customer at a cutoff, from what was known then."""
    from features.table import SUFFIXES, check_cutoffs, check_target, write_table

    book = load_book(book_name, path)
    with placed(out, WORKING, SUFFIXES) as file:
        check_target(file)
        cutoffs = [parse_cutoff(text, book.time_zone) for text in cutoff]
        store = open_store(book, WORKING, on, store_url)
        check_cutoffs(cutoffs, store)
        with engine_of(on) as engine:
            rows, columns = write_table(store, cutoffs, file, engine, parts_beside(out) if store_url else None)
    console().print(f"{out}: {rows:,} rows of {columns} columns", markup=False)


@app.command(epilog="Example: python -m features catalog --out docs/features.md")
def catalog(
    out: Annotated[Path | None, typer.Option(help="The file to write instead of printing.")] = None,
) -> None:
    """Print every feature as Markdown: unit, meaning and wording, in English and Chinese."""
    from features.catalog import markdown
    from features.sheets import replacing

    if out is None:
        typer.echo(markdown())
        return
    with replacing(out) as stream:
        stream.write(f"{markdown()}\n".encode())
    console().print(f"{out}: written", markup=False)


@app.command(epilog="Example: python -m features movers trade --cutoff 2024-05-31 --days 182")
def movers(
    book_name: BookName,
    cutoff: Annotated[str, typer.Option(help="2017-10-01 (the end of that day) or a time with an offset.")],
    counted: Annotated[Counted, typer.Option(help="What rises or falls.")] = "orders",
    days: Annotated[int, typer.Option(help="Against as many days before: 30, 91, and for orders 182.")] = 91,
    language: Annotated[Language | None, typer.Option(help="en or zh; default: the book's.")] = None,
    top: Annotated[int, typer.Option(min=1, help="How many to print of each list.")] = 15,
    out: Annotated[Path | None, typer.Option(help="Write both lists whole here: .parquet or .csv.")] = None,
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's files.")] = None,
) -> None:
    """List tomorrow's stars and yesterday's glory: who is rising and falling, and how sure that is."""
    from features.movers import Window
    from features.movers import movers as find
    from features.movers_page import tables
    from features.table import check_target, write_frame

    window = Window(counted, days)
    book = load_book(book_name, path)
    if out is not None:
        check_target(out)
    found = find(open_store(book, WORKING), parse_cutoff(cutoff, book.time_zone), window)
    for table in tables(found, window, book.currency, language or book.language, top):
        console().print(table)
    if out is not None:
        write_frame(found, out)
        console().print(f"{out}: {found.height:,} customers", markup=False)


@app.command(epilog="Example: python -m features bench --out bench.json")
def bench(
    events: Annotated[int, typer.Option(min=10_000, help="Events of the race, and of the largest book.")] = EVENTS,
    full: Annotated[bool, typer.Option("--full", help="Also a book of 20 million events; takes 5 GB of disk.")] = False,
    scale: Annotated[
        bool, typer.Option("--scale", help="Instead: one worker and two of every engine, at 5 and 20 million events.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="The JSON file to write as well.")] = None,
) -> None:
    """Measure the features beside a Polars version, in CPU seconds: ratios travel, times do not.

    Three parts: the features that both have, from Parquet to Parquet; one customer of a request; and books of
    several sizes streamed into a feature table, with the memory that this takes. With --scale what a second worker
    is worth on each engine, and what a worker holds in memory.
    """
    if scale:
        _bench_scale(out, SCALES if events == EVENTS else ((events, 1),))
        return
    from features.bench.alone import latencies
    from features.bench.race import races
    from features.bench.report import document, latencies_table, races_table, streams_table
    from features.bench.stream import streams
    from features.sheets import replacing

    sizes = sorted({min(1_000_000, events), events, *((20_000_000,) if full else ())})
    raced, alone, streamed = [*races(events)], [*latencies()], [*streams(sizes)]
    for table in (races_table(raced), latencies_table(alone), streams_table(streamed)):
        console().print(table)
    if out is not None:
        with replacing(out) as stream:
            stream.write(f"{document(raced, alone, streamed)}\n".encode())


def _bench_scale(out: Path | None, sizes: Sequence[tuple[int, int]]) -> None:
    from features.bench.report import scale_document, scale_table
    from features.bench.scale import scales
    from features.sheets import replacing

    found = []
    with steps("Engines") as advance:
        for one in scales(sizes, advance):
            console().print(scale_table(one))
            for name, why in one.missing.items():
                console().print(f"{name} is left out: {why}", markup=False)
            found.append(one)
    if out is not None:
        with replacing(out) as stream:
            stream.write(f"{scale_document(found)}\n".encode())


if __name__ == "__main__":
    open_door(app)
