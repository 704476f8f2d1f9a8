"""`python -m features`: what the models see of every customer."""

from pathlib import Path
from typing import Annotated

import typer

from data.book import load_book
from data.clock import parse_cutoff
from data.doors import console, open_door
from data.ingest import open_store
from data.place import WORKING

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, rich_markup_mode=None)

BookName = Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")]


@app.command(epilog="Example: python -m features build complete_journey --cutoff 2017-10-01 --out features.parquet")
def build(
    book_name: BookName,
    cutoff: Annotated[
        list[str],
        typer.Option(help="2017-10-01 (the end of that day) or a time with an offset; may be repeated."),
    ],
    out: Annotated[Path, typer.Option(help="The file to write: .parquet or .csv.")],
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's files.")] = None,
) -> None:
    """Write the features of every customer at a cutoff, from what was known then."""
    from features.table import check_target, write_table

    book = load_book(book_name, path)
    check_target(out)
    cutoffs = [parse_cutoff(text, book.time_zone) for text in cutoff]
    rows, columns = write_table(open_store(book, WORKING), cutoffs, out)
    console().print(f"{out}: {rows:,} rows of {columns} columns", markup=False)


@app.command(epilog="Example: python -m features catalog > features.md")
def catalog() -> None:
    """Print every feature as Markdown: unit, meaning and wording, in English and Chinese."""
    from features.catalog import markdown

    typer.echo(markdown())


if __name__ == "__main__":
    open_door(app)
