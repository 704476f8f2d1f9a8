"""`python -m evaluation`: how good the predictions were, measured on the past."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from data.book import load_book
from data.doors import console, open_door, steps
from data.ingest import open_store
from evaluation import wording
from evaluation.backtest import backtest as run
from evaluation.comparison import Judgement, MetricRow
from evaluation.cutoffs import check_cutoff, earlier_cutoffs, judged_cutoff
from evaluation.folder import check_folder, write_results
from evaluation.report import figure, render
from training.shelf import HOME
from training.target import Search

app = typer.Typer(help=__doc__, no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def evaluation() -> None:
    """Judge what is served by replaying the past."""


@app.command(epilog="Example: python -m evaluation backtest complete_journey --out .tierwise/demo")
def backtest(
    book_name: Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")],
    *,
    out: Annotated[Path, typer.Option(help="The folder for metrics.json, predictions.parquet and index.html.")],
    full: Annotated[bool, typer.Option("--full", help="Replay two earlier cutoffs too, where history allows.")] = False,
    cutoff: Annotated[str | None, typer.Option(help="Judge here; default: the book's judged cutoff.")] = None,
    trials: Annotated[int, typer.Option(min=0, help="Optuna trials for each model; 0 takes the defaults.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="The same data, seed and trials give the same files.")] = 0,
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's file.")] = None,
) -> None:
    """Train at a past cutoff, score everybody, and compare with what happened and with baselines."""
    book = load_book(book_name, path)
    check_folder(out)
    moment = judged_cutoff(book, cutoff)
    store = open_store(book, HOME)
    check_cutoff(book, moment, store.first_time, store.last_time)
    cutoffs = (moment, *(earlier_cutoffs(book, moment, store.first_time) if full else ()))
    search = Search(trials, seed, HOME / book.name / "trials.db")
    with steps(f"Backtest of {book.name}") as advance:
        results = run(book, store.read_all(), cutoffs, search, advance)
        advance("drawing the page")
        write_results(out, results, render(results))
    _print(results.judgement, results.predictions["cutoff"][0])
    typer.echo(f"Written to {out}: open {out / 'index.html'}")


def _print(judgement: Judgement, cutoff: str) -> None:
    for target, words in wording.TARGETS.items():
        rows = [row for row in judgement.metrics if (row.target, row.cutoff) == (target, cutoff)]
        if rows:
            console().print(_table(words.title, rows))


def _table(title: str, rows: Sequence[MetricRow]) -> Table:
    metrics = [name for name in wording.METRICS if any(row.metric == name for row in rows)]
    table = Table(title=f"{title}, {rows[0].horizon_days} days after {rows[0].cutoff}", title_justify="left")
    table.add_column("model")
    for name in metrics:
        table.add_column(wording.METRICS[name].title, justify="right")
    for model in wording.MODELS:
        values = {row.metric: row.value for row in rows if row.model == model}
        if values:
            table.add_row(wording.MODELS[model], *(figure(name, values[name]) for name in metrics))
    return table


if __name__ == "__main__":
    open_door(app)
