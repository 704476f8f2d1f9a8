"""What `python -m serving score` does and tells."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from data.doors import progress
from data.engines.alone import writing_alone
from data.engines.choice import FORMS, LOCAL, engine_of
from data.remote.output import parts_beside, placed
from serving.batch.quarantine import QUARANTINE
from serving.engine import Engine
from serving.figures import Language
from serving.overview.shelf import save as save_overview
from serving.plan import Plan
from serving.score import Written, fit_plan, overview, write_scores
from serving.sheet import SHEETS, require_place
from serving.tiers.speech import Speech
from training.shelf import HOME

EXAMPLE = "Example: python -m serving score complete_journey --out scores.parquet"
PROMOTED = "The plan assigns from now on; a running server takes it up by itself."
SAVED_ONLY = "not promoted: the current plan has a later cutoff and stays; this one was only saved."


def score(
    book_name: Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")],
    out: Annotated[str, typer.Option(help="The file to write: .parquet or .csv; a path or a URL such as s3://…")],
    cutoff: Annotated[
        str | None, typer.Option(help="As of the end of this day; default: the last day with an event.")
    ] = None,
    language: Annotated[
        Language | None, typer.Option("--language", help="Of the sentences; default: the book's language.")
    ] = None,
    path: Annotated[Path | None, typer.Option("--path", help="Where to look for the book's file.")] = None,
    on: Annotated[str, typer.Option(metavar="ENGINE", help=f"Where to score: {FORMS}.")] = LOCAL,
    store_url: Annotated[
        str | None, typer.Option("--store", metavar="URL", help="Score what was published there, or in a folder.")
    ] = None,
) -> None:
    """Score every customer of a book, cut the tiers and write one row per customer."""
    with placed(out, HOME, tuple(SHEETS), beside=(QUARANTINE,)) as file:
        require_place(file)
        with writing_alone(file), engine_of(on) as cluster:
            engine = Engine.open(book_name, HOME, path, with_plan=False, published=store_url)
            language = language or engine.book.language
            moment = engine.cutoff(cutoff)
            customers = len(engine.store.customers())
            started = time.perf_counter()
            with progress("Cutting the tiers", customers) as advance:
                plan = fit_plan(engine, moment, advance, cluster)
                plan.save(HOME)
            with progress("Recommending", customers) as advance:
                written = write_scores(
                    engine,
                    plan,
                    moment,
                    file,
                    home=HOME,
                    language=language,
                    recorded=time.time_ns() // 1_000,
                    advance=advance,
                    on=cluster,
                    between=parts_beside(out) if store_url else None,
                )
    with progress("Looking at the whole book", customers) as advance:
        save_overview(overview(engine, plan, moment, advance), HOME)
    for line in _told(written, plan, out, time.perf_counter() - started, language):
        typer.echo(line)


def _told(written: Written, plan: Plan, out: str, seconds: float, language: Language) -> Iterator[str]:
    tiers = ", ".join(f"{count:,} {tier}" for tier, count in written.tiers.items())
    resumed = f" ({written.resumed:,} of them done before it was cut off)" if written.resumed else ""
    everybody = written.customers + written.quarantined
    yield f"{written.customers:,} customers in {seconds:.1f} s{resumed}: {out}"
    if written.quarantined:
        where = f"{out}{QUARANTINE}"
        yield f"{everybody:,} customers = {written.customers:,} written + {written.quarantined:,} in {where}"
    yield f"Plan {plan.version} ({plan.policy}) of {plan.customers:,} customers: {tiers}"
    yield from plan.rule.remarks(Speech(language, plan.currency, plan.horizon_days))
    yield PROMOTED if written.promoted else SAVED_ONLY
