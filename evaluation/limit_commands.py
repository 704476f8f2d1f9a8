"""The commands of `python -m evaluation` about limits: what can be known at all, and what fewer teachers cost."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from data.doors import console, steps
from data.ingest.opening import open_store
from data.settings.book import Book, load_book
from data.simulation.world import World
from data.store.store import Store
from evaluation.ceiling.files import write_ceiling
from evaluation.ceiling.measure import ceiling as run_ceiling
from evaluation.ceiling.page import render as render_ceiling
from evaluation.ceiling.table import tables_of as ceiling_tables
from evaluation.ceiling.wording import conclusion as ceiling_conclusion
from evaluation.ceiling.world import opened as opened_world
from evaluation.ceiling.world import require_truth
from evaluation.cutoffs import check_cutoff, judged_cutoff
from evaluation.folder import check_folder
from evaluation.sampling import Way
from evaluation.sampling import measure as measure_sampling
from evaluation.sampling import table_of as sampling_table
from evaluation.tier_commands import WORLD_SEED
from training.distributed import engine_of
from training.shelf import HOME
from training.tuning import Search

app = typer.Typer()


@app.command(epilog="Example: python -m evaluation ceiling trade --out .tierwise/ceiling")
def ceiling(
    book_name: Annotated[str, typer.Argument(metavar="BOOK", help="The simulated book, trade.")],
    *,
    out: Annotated[Path, typer.Option(help="The folder for ceiling.json and ceiling.html.")],
    customers: Annotated[int, typer.Option(min=2, help="How many are simulated, unless they are already.")] = 24_000,
    taught: Annotated[int, typer.Option(min=1, help="How many of them teach; all others are asked.")] = 4_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same world and the same figures.")] = 7,
) -> None:
    """Measure how near the models come to what can be known at all, on customers whose truth is known."""
    book = load_book(book_name)
    require_truth(book)
    check_folder(out)
    with steps(f"Ceiling of {book_name}") as advance:
        found = run_ceiling(World(customers, seed), taught, seed, HOME, advance)
        advance("drawing the page")
        write_ceiling(out, found, render_ceiling(found, book))
    for table in ceiling_tables(found):
        console().print(table)
    typer.echo(ceiling_conclusion(found))
    typer.echo(f"Written to {out}: open {out / 'ceiling.html'}")


@app.command(epilog="Example: python -m evaluation sampling complete_journey --share 0.5 --share 0.1")
def sampling(
    book_name: Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")],
    *,
    share: Annotated[
        list[float] | None, typer.Option(min=0.0, max=1.0, help="Of the customers; may be repeated.")
    ] = None,
    on: Annotated[
        str, typer.Option(metavar="ENGINE", help="Also with the final trees grown there, as `training fit --on`.")
    ] = "local",
    cutoff: Annotated[str | None, typer.Option(help="Judge here; default: the book's judged cutoff.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same data and seed give the same figures.")] = 0,
    customers: Annotated[
        int | None, typer.Option(min=2, help="Of trade alone: judge a simulated world of so many.")
    ] = None,
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's file.")] = None,
) -> None:
    """Measure what it costs in accuracy to train on a sample of the customers, or on a cluster."""
    book = load_book(book_name, path)
    moment = judged_cutoff(book, cutoff)
    search = Search(seed=seed, study=HOME / book.name / "trials.db")
    with steps(f"Sampling of {book.name}") as advance, engine_of(on, advance) as engine:
        store = _world(book, customers, advance) if customers else open_store(book, HOME)
        check_cutoff(book, moment, store.first_time, store.last_time)
        ways = [Way(f"{part:.4g} of them", part) for part in share or ()]
        if on != "local":
            ways.append(Way("all, on dask", grow=engine.grow))
        found = measure_sampling(book, store.read_all(), moment, ways, search, advance)
    console().print(sampling_table(found))


def _world(book: Book, customers: int, advance: Callable[[str], None]) -> Store:
    require_truth(book)
    return opened_world(World(customers, WORLD_SEED), HOME, advance)[0]
