"""The commands of `python -m evaluation` that judge tiers."""

from pathlib import Path
from typing import Annotated

import typer

from data.doors import console, steps
from data.ingest.opening import open_store
from data.settings.book import load_book
from data.simulation.world import World
from evaluation.ceiling.world import SIMULATED
from evaluation.cutoffs import earlier_cutoffs
from evaluation.folder import check_folder
from evaluation.past import opened
from evaluation.policies.files import write_proof
from evaluation.policies.measure import care_of, prove
from evaluation.policies.page import render as render_proof
from evaluation.policies.table import tables_of as proof_tables
from evaluation.policies.wording import sentence as proof_sentence
from evaluation.reviews.moments import (
    FEWEST,
    every_30_days,
    every_month,
    first_purchase,
    latest_day,
    latest_month_end,
    moment_of,
    moments,
    require_ended,
)
from evaluation.stability.files import write_stability
from evaluation.stability.measure import stability as run_stability
from evaluation.stability.page import render as render_stability
from evaluation.stability.table import tables_of as stability_tables
from evaluation.stability.truth import truth_file
from evaluation.tiering.collect import collected_of
from evaluation.tiering.files import write_tiers
from evaluation.tiering.measure import tiering as run_tiering
from evaluation.tiering.page import render as render_tiers
from evaluation.tiering.table import tables_of as tiers_tables
from evaluation.tiering.wording import lines as tiers_lines
from training.shelf import HOME
from training.tuning import Search

WORLD_SEED = 7
"""Of the simulated world that care is judged in: that of the shipped book."""

app = typer.Typer()


@app.command(epilog="Example: python -m evaluation policies complete_journey --out .tierwise/policies")
def policies(
    book_name: Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")],
    *,
    out: Annotated[Path, typer.Option(help="The folder for policies.json and policies.html.")],
    cutoff: Annotated[str | None, typer.Option(help="Judge here; default: the book's judged cutoff.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same data and seed give the same files.")] = 0,
    quarters: Annotated[int, typer.Option(min=1, help="So many cutoffs at most, a horizon apart.")] = 2,
    customers: Annotated[int, typer.Option(min=2, help="Of trade alone: simulated to judge care.")] = 24_000,
    taught: Annotated[int, typer.Option(min=1, help="Of trade alone: how many of them teach.")] = 4_000,
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's file.")] = None,
) -> None:
    """Let every tier policy choose in the past, and count what its customers brought, with intervals."""
    book = load_book(book_name, path)
    store, moment = opened(book, out, cutoff, ["lifetime_value"])
    days = book.targets.lifetime_value.main
    cutoffs = (moment, *earlier_cutoffs(book, moment, store.first_time, quarters - 1, days))
    search = Search(seed=seed, study=HOME / book.name / "trials.db")
    with steps(f"Policies of {book.name}") as advance:
        world = World(customers, WORLD_SEED) if book.name == SIMULATED else None
        care = care_of(book, world, taught, seed, HOME, advance) if world else None
        found = prove(book, store.read_all(), cutoffs, search, advance, care)
        advance("drawing the page")
        write_proof(out, found, render_proof(found))
    for table in proof_tables(found):
        console().print(table)
    typer.echo(proof_sentence(found))
    typer.echo(f"Written to {out}: open {out / 'policies.html'}")


@app.command(epilog="Example: python -m evaluation tiers complete_journey --out .tierwise/tiers")
def tiers(
    book_name: Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")],
    *,
    out: Annotated[Path, typer.Option(help="The folder for tiers.json and tiers.html.")],
    cutoff: Annotated[str | None, typer.Option(help="The last review; default: the latest that can be judged.")] = None,
    months: Annotated[int, typer.Option(min=FEWEST, help="How many reviews, 30 days apart.")] = 12,
    seed: Annotated[int, typer.Option(min=0, help="The same data and seed give the same files.")] = 0,
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's file.")] = None,
) -> None:
    """Measure what came of each tier, before and after moves, and whether its chances came true."""
    book = load_book(book_name, path)
    check_folder(out)
    store = open_store(book, HOME)
    last = moment_of(book, cutoff, latest_day(book, store.last_time))
    require_ended(book, [last], store.last_time)
    histories = store.read_all()
    cutoffs = moments(book, last, months, first_purchase(histories), every_30_days)
    with steps(f"Tiers of {book.name}") as advance:
        overridden = collected_of(book, histories, store.last_time, HOME)
        found = run_tiering(book, histories, cutoffs, Search(seed=seed), overridden, advance)
        advance("drawing the page")
        write_tiers(out, found.tiering, render_tiers(found, book))
    for table in tiers_tables(found.tiering):
        console().print(table)
    for line in tiers_lines(found.tiering):
        typer.echo(line)
    typer.echo(f"Written to {out}: open {out / 'tiers.html'}")


@app.command(epilog="Example: python -m evaluation stability trade --out .tierwise/stability")
def stability(
    book_name: Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")],
    *,
    out: Annotated[Path, typer.Option(help="The folder for stability.json and stability.html.")],
    cutoff: Annotated[str | None, typer.Option(help="The last review; default: a month's end.")] = None,
    months: Annotated[int, typer.Option(min=FEWEST - 1, help="Months between the first review and the last.")] = 12,
    seed: Annotated[int, typer.Option(min=0, help="The same data and seed give the same files.")] = 0,
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's file.")] = None,
) -> None:
    """Measure whether tiers keep still where nothing happened, and follow where something did."""
    book = load_book(book_name, path)
    check_folder(out)
    store = open_store(book, HOME)
    last = moment_of(book, cutoff, latest_month_end(book, store.last_time))
    histories = store.read_all()
    cutoffs = moments(book, last, months + 1, first_purchase(histories), every_month)
    require_ended(book, cutoffs, store.last_time)
    with steps(f"Stability of {book.name}") as advance:
        found = run_stability(book, histories, cutoffs, Search(seed=seed), truth_file(book, HOME), advance)
        advance("drawing the page")
        write_stability(out, found, render_stability(found, book))
    for table in stability_tables(found):
        console().print(table)
    typer.echo(f"Written to {out}: open {out / 'stability.html'}")
