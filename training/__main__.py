"""`python -m training`: from a book to a bundle."""

from pathlib import Path
from typing import Annotated

import typer

from data.clock import end_of_day, local_date, parse_cutoff
from data.doors import console, open_door, steps
from data.ingest.opening import open_store
from data.settings.book import load_book
from training.audit.suspects import remembered
from training.audit.table import warning_of
from training.distributed import engine_of
from training.errors import TrainingError
from training.fit import fit, noted
from training.panel import MOST_CUSTOMERS, MOST_EVENTS, Limits, draw, tell
from training.shelf import HOME, later_model, list_in_bentoml, promote, shelf
from training.tuning import Search

UNLEARNT = {
    "conversion_not_learnt": "Conversion could not be learnt: its event never came in any window. Value and churn are "
    "predicted; check the types under [targets] conversion, or bring a longer history.",
    "extrapolated_horizon": "Some horizon is longer than a third of the history: its end is extrapolated.",
}
"""What is told of a bundle that is not whole."""

app = typer.Typer(help=__doc__, no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def training() -> None:
    """Train the models of a book."""


@app.command(name="fit", epilog="Example: python -m training fit complete_journey --trials 20")
def fit_command(
    book_name: Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")],
    cutoff: Annotated[str | None, typer.Option(help="Train on what was known then; default: the last day.")] = None,
    trials: Annotated[int, typer.Option(min=0, help="Optuna trials for each model; 0 takes the defaults.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="The same data, seed and trials give the same bundle.")] = 0,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="End the tuning after so long, with the trials it has by then.")
    ] = None,
    most_events: Annotated[
        int, typer.Option(min=1, help="Of a book with more events, customers are drawn that have about so many.")
    ] = MOST_EVENTS,
    most_customers: Annotated[
        int, typer.Option(min=1, help="Of a book with more customers, about so many are drawn.")
    ] = MOST_CUSTOMERS,
    on: Annotated[
        str, typer.Option(metavar="ENGINE", help="Where the final trees grow: local, dask[:N], or dask:<scheduler>.")
    ] = "local",
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's file.")] = None,
) -> None:
    """Tune, train and calibrate the three models, write a bundle and make it current, unless a later one is."""
    if minutes is not None and not trials:
        raise TrainingError("--minutes bounds the tuning that --trials asks for: add, say, --trials 50")
    book = load_book(book_name, path)
    store = open_store(book, HOME)
    moment = (
        parse_cutoff(cutoff, book.time_zone)
        if cutoff
        else end_of_day(local_date(store.last_time, book.time_zone), book.time_zone)
    )
    search = Search(trials, seed, HOME / book.name / "trials.db", minutes)
    with steps(f"Training {book.name}") as advance, engine_of(on, advance) as engine:
        panel = draw(store, moment, Limits(most_events, most_customers), seed)
        tell(panel, advance)
        bundle = fit(book, panel.histories, moment, search, advance, engine.grow)
        bundle = noted(bundle, {**panel.facts, **engine.facts})
        advance("writing the bundle")
        standing = later_model(bundle)
        folder = bundle.save(shelf(book.name)) if standing else promote(bundle)
        tag = list_in_bentoml(folder, bundle)
    if suspects := remembered(bundle.choices):
        console().print(warning_of(suspects))
    for code in bundle.degraded:
        typer.echo(UNLEARNT.get(code, ""), nl=code in UNLEARNT)
    state = f"is saved; {standing}, which learnt from a later day, stays current" if standing else "is current"
    if panel.share < 1.0:
        typer.echo(f"Learnt from {panel}, drawn by their ids.")
    typer.echo(f"Bundle {bundle.version} {state}: {folder} (BentoML: {tag})")


if __name__ == "__main__":
    open_door(app)
