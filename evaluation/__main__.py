"""`python -m evaluation`: how good the predictions were, measured on the past."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from data.clock import end_of_day, local_date, parse_cutoff
from data.doors import console, open_door, steps
from data.ingest.opening import open_store
from data.settings.book import load_book
from evaluation.ablation.files import write_ablation
from evaluation.ablation.measure import ablate as run_ablation
from evaluation.ablation.page import render as render_ablation
from evaluation.ablation.runs import known_families
from evaluation.ablation.table import table_of as families_table
from evaluation.audit.files import write_audit
from evaluation.audit.measure import audit as run_audit
from evaluation.audit.page import render as render_audit
from evaluation.audit.table import tables_of as audit_tables
from evaluation.audit.wording import verdict as audit_verdict
from evaluation.backtest import backtest as run
from evaluation.card import card_of
from evaluation.comparison import questions
from evaluation.cutoffs import earlier_cutoffs, pooled_cutoffs
from evaluation.files import write_results
from evaluation.folder import check_folder
from evaluation.limit_commands import app as limit_commands
from evaluation.past import opened, teachers
from evaluation.reasons.card import write_card
from evaluation.reasons.files import write_grounds
from evaluation.reasons.measure import measure as measure_reasons
from evaluation.reasons.page import render as render_reasons
from evaluation.reasons.table import table_of as reasons_table
from evaluation.report import render
from evaluation.signals.files import write_signals
from evaluation.signals.page import render as render_signals
from evaluation.signals.table import table_of as signals_table
from evaluation.signals.worth import measure, require_signals
from evaluation.table import tables_of
from evaluation.tier_commands import app as tier_commands
from serving.card import save as save_card
from training.panel import MOST_CUSTOMERS, MOST_EVENTS, Limits, draw, tell
from training.shelf import HOME
from training.tuning import Search

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
    ablate: Annotated[bool, typer.Option("--ablate", help="Also train without each feature family; long.")] = False,
    most_events: Annotated[
        int, typer.Option(min=1, help="Of a book with more, customers are drawn as `training fit` draws them.")
    ] = MOST_EVENTS,
    most_customers: Annotated[int, typer.Option(min=1, help="The same, by the number of customers.")] = MOST_CUSTOMERS,
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's file.")] = None,
) -> None:
    """Train at a past cutoff, score everybody, and compare with what happened and with baselines."""
    book = load_book(book_name, path)
    store, moment = opened(book, out, cutoff)
    cutoffs = (moment, *(earlier_cutoffs(book, moment, store.first_time) if full else ()))
    search = Search(trials, seed, HOME / book.name / "trials.db")
    with steps(f"Backtest of {book.name}") as advance:
        panel = draw(store, moment, Limits(most_events, most_customers), seed)
        tell(panel, advance)
        histories = panel.histories
        results = run(book, histories, cutoffs, search, advance, panel)
        if ablate:
            results = replace(results, ablation=run_ablation(book, histories, moment, search, advance))
        advance("drawing the page")
        write_results(out, results, render(results))
        save_card(card_of(results), HOME)
        if results.ablation:
            write_ablation(out, results.ablation, render_ablation(results.ablation))
    for table in tables_of(results.judgement, (asked for asked, _, _ in questions(results.predictions))):
        console().print(table)
    typer.echo(f"Written to {out}: open {out / 'index.html'}")


@app.command(epilog="Example: python -m evaluation ablate trade --out .tierwise/ablation")
def ablate(
    book_name: Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")],
    *,
    out: Annotated[Path, typer.Option(help="The folder for ablation.json and ablation.html.")],
    family: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated. Default: all.")] = None,
    cutoff: Annotated[str | None, typer.Option(help="Judge here; default: the book's judged cutoff.")] = None,
    trials: Annotated[int, typer.Option(min=0, help="Optuna trials for the setting of all; 0: the defaults.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="The same data, seed and trials give the same files.")] = 0,
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's file.")] = None,
) -> None:
    """Measure what each feature family is worth by training without it; takes some thirty trainings."""
    families = known_families(family or ())
    book = load_book(book_name, path)
    store, moment = opened(book, out, cutoff)
    search = Search(trials, seed, HOME / book.name / "trials.db")
    with steps(f"Ablation of {book.name}") as advance:
        found = run_ablation(book, teachers(store, moment, seed, advance), moment, search, advance, families)
        advance("drawing the page")
        write_ablation(out, found, render_ablation(found))
    console().print(families_table(found))
    typer.echo(f"Written to {out}: open {out / 'ablation.html'}")


@app.command(epilog="Example: python -m evaluation signals trade --out .tierwise/signals")
def signals(
    book_name: Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")],
    *,
    out: Annotated[Path, typer.Option(help="The folder for signals.json and signals.html.")],
    cutoff: Annotated[str | None, typer.Option(help="The last moment asked; default: the judged cutoff.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same data and seed give the same files.")] = 0,
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's file.")] = None,
) -> None:
    """Measure each purchase signal: how often it fires, its lift on conversion, how fast that fades."""
    book = load_book(book_name, path)
    require_signals(book)
    store, moment = opened(book, out, cutoff, ["conversion"])
    cutoffs = pooled_cutoffs(book, moment, store.first_time, book.targets.conversion.main)
    with steps(f"Signals of {book.name}") as advance:
        measured = measure(book, store.read_all(), cutoffs, seed, advance)
        advance("drawing the page")
        write_signals(out, measured, render_signals(measured))
    console().print(signals_table(measured))
    typer.echo(f"Written to {out}: open {out / 'signals.html'}")


@app.command(epilog="Example: python -m evaluation audit complete_journey --out .tierwise/audit")
def audit(
    book_name: Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")],
    *,
    out: Annotated[Path | None, typer.Option(help="The folder for audit.json and audit.html; else none.")] = None,
    cutoff: Annotated[
        str | None, typer.Option(help="Audit what training then would learn; default: the last day.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same data and seed give the same files.")] = 0,
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's file.")] = None,
) -> None:
    """Look for leaks: features that are too good to be true, labels that can be learnt by luck, times not kept."""
    book = load_book(book_name, path)
    given = parse_cutoff(cutoff, book.time_zone) if cutoff else None
    if out is not None:
        check_folder(out)
    store = open_store(book, HOME)
    moment = given or end_of_day(local_date(store.last_time, book.time_zone), book.time_zone)
    with steps(f"Audit of {book.name}") as advance:
        found = run_audit(book, teachers(store, moment, seed, advance), moment, seed, advance)
        if out is not None:
            advance("drawing the page")
            write_audit(out, found, render_audit(found))
    for table in audit_tables(found):
        console().print(table)
    typer.echo(audit_verdict(found))
    if out is not None:
        typer.echo(f"Written to {out}: open {out / 'audit.html'}")


@app.command(epilog="Example: python -m evaluation reasons complete_journey --out .tierwise/reasons")
def reasons(
    book_name: Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")],
    *,
    out: Annotated[Path, typer.Option(help="The folder for reasons.json, reasons.html and model_card.md.")],
    cutoff: Annotated[str | None, typer.Option(help="Train on what was known then; default: the last day.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Trains with this seed and with the next one.")] = 0,
    path: Annotated[Path | None, typer.Option(help="Where to look for the book's file.")] = None,
) -> None:
    """Tell what drives the scores, and how much of it a model trained with another seed tells as well."""
    book = load_book(book_name, path)
    given = parse_cutoff(cutoff, book.time_zone) if cutoff else None
    check_folder(out)
    store = open_store(book, HOME)
    moment = given or end_of_day(local_date(store.last_time, book.time_zone), book.time_zone)
    search = Search(seed=seed, study=HOME / book.name / "trials.db")
    with steps(f"Reasons of {book.name}") as advance:
        found = measure_reasons(book, teachers(store, moment, seed, advance), moment, search, store.words, advance)
        advance("drawing the page")
        write_grounds(out, found, render_reasons(found), write_card(found))
    console().print(reasons_table(found))
    typer.echo(f"Written to {out}: open {out / 'reasons.html'}, read {out / 'model_card.md'}")


app.add_typer(limit_commands)
app.add_typer(tier_commands)


if __name__ == "__main__":
    open_door(app)
