"""`python -m serving`: recommendations for a book, in a file, over HTTP or in the terminal."""

import time
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.text import Text

from data.doors import console, open_door, steps
from serving.batch import door as score_door
from serving.bench.overload_door import overload
from serving.bridge.door import bridge_of
from serving.bridge.terminal import page
from serving.drill.door import drill
from serving.engine import Engine
from serving.errors import RequestError
from serving.figures import Language
from serving.forgetting import door as forgetting
from serving.guard.guard import Limits
from serving.guard.problem import faults_of_validation
from serving.keys.door import keys
from serving.keys.rates import REQUESTS
from serving.ledger import commands
from serving.ledger import door as ledger
from serving.ledger.asked import Asked
from serving.load.door import load
from serving.next_steps.door import answer as next_answer
from serving.next_steps.door import lines as next_lines
from serving.schema import RecommendationRequest
from serving.terminal import lines
from serving.versions import door as versions
from training.shelf import HOME

app = typer.Typer(help=__doc__, no_args_is_help=True, rich_markup_mode=None)
app.add_typer(keys, name="keys")
app.command(epilog="Example: python -m serving overload complete_journey")(overload)

BookName = Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")]
Cutoff = Annotated[str | None, typer.Option(help="As of the end of this day; default: the last day with an event.")]
Where = Annotated[Path | None, typer.Option("--path", help="Where to look for the book's file.")]
In = Annotated[Language | None, typer.Option("--language", help="Of the sentences; default: the book's language.")]


app.command(epilog=score_door.EXAMPLE)(score_door.score)


@app.command(epilog="Example: python -m serving recommend complete_journey 1 --language zh")
def recommend(
    book_name: BookName,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id.")],
    cutoff: Cutoff = None,
    language: In = None,
    path: Where = None,
) -> None:
    """Print what is recommended for one customer."""
    engine = Engine.open(book_name, HOME, path)
    (answer,) = engine.answer(_request(customer, cutoff, language))
    for line in lines(answer, language or engine.book.language):
        console().print(line, markup=False, soft_wrap=True)


@app.command("next", epilog="Example: python -m serving next complete_journey 1 --churn-below 0.3 --language zh")
def find_next(
    book_name: BookName,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id.")],
    cutoff: Cutoff = None,
    churn_below: Annotated[float | None, typer.Option(help="A probability; default: the tier's urgent level.")] = None,
    language: In = None,
    path: Where = None,
) -> None:
    """Print which events would lift one customer's tier or lower churn, by replaying them."""
    engine = Engine.open(book_name, HOME, path)
    said_in = language or engine.book.language
    for line in next_lines(next_answer(engine, customer, cutoff, churn_below, said_in), said_in):
        console().print(line, markup=False, soft_wrap=True)


@app.command(epilog="Example: python -m serving bridge complete_journey 1 --since 2017-10-01 --language zh")
def bridge(
    book_name: BookName,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id.")],
    since: Annotated[
        str | None, typer.Option(help="The end of this day, or a time; default: one horizon before the cutoff.")
    ] = None,
    cutoff: Cutoff = None,
    from_model: Annotated[str | None, typer.Option(help="The model of then; default: the current one.")] = None,
    to_model: Annotated[str | None, typer.Option(help="The model of now; default: the current one.")] = None,
    language: In = None,
    path: Where = None,
) -> None:
    """Print why a customer's scores and tier changed since a day, or between two models."""
    engine = Engine.open(book_name, HOME, path)
    told = bridge_of(
        engine,
        customer,
        since=since,
        cutoff=cutoff,
        from_model=from_model,
        to_model=to_model,
        language=language,
        home=HOME,
    )
    for part in page(told, language or engine.book.language):
        console().print(part, soft_wrap=isinstance(part, Text))


@app.command(
    epilog='Example: python -m serving override complete_journey 1 --tier gold --by "Li Wei" --reason "opens a second '
    'shop" --until 2018-06-30'
)
def override(
    book_name: BookName,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id.")],
    by: Annotated[str, typer.Option(help="The name of who decides.")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence.")],
    tier: Annotated[str | None, typer.Option(help="The tier that the customer is given.")] = None,
    until: Annotated[str | None, typer.Option(help="The last day (in the book's time zone) that it holds.")] = None,
    starts: Annotated[
        str | None,
        typer.Option("--from", help="It holds from the end of this day; default: the last day with an event."),
    ] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="End the customer's overrides as of the last day with an event.")
    ] = False,
    language: In = None,
    path: Where = None,
) -> None:
    """Give a customer a tier by hand, for a reason and a time; or end that."""
    act = ledger.take if withdraw else ledger.give
    asked = Asked(customer, by, reason, tier, starts, until)
    done = act(asked, book_name, HOME, path, recorded=time.time_ns() // 1_000)
    for line in done.lines(language or done.book.language):
        console().print(line, markup=False, soft_wrap=True)


@app.command(epilog="Example: python -m serving overrides complete_journey --all --language zh")
def overrides(
    book_name: BookName,
    ended: Annotated[bool, typer.Option("--all", help="Show those that expired or were withdrawn as well.")] = False,
    language: In = None,
    path: Where = None,
) -> None:
    """List the tiers that people gave: by whom, why, until when, and what the models said then."""
    found = ledger.listing(book_name, HOME, path, ended=ended)
    console().print(found.page(language or found.book.language, ended=ended))


app.command("shown", epilog=commands.SHOWN_EXAMPLE)(commands.shown)
app.command("kept", epilog=commands.KEPT_EXAMPLE)(commands.kept)
app.command("kills", epilog=commands.KILLS_EXAMPLE)(commands.kills)


def _request(customer: str, cutoff: str | None, language: Language | None) -> RecommendationRequest:
    asked = {"customers": [{"customer_id": customer}], "cutoff": cutoff, "language": language}
    try:
        return RecommendationRequest.model_validate(asked)
    except ValidationError as error:
        raise RequestError(*faults_of_validation(error.errors())) from None


app.command(
    epilog='Example: python -m serving forget complete_journey 1 --by "Li Wei" --reason "asked us to, in writing"'
)(forgetting.forget)
app.command(epilog="Example: python -m serving forgotten complete_journey")(forgetting.forgotten)


@app.command("serve", epilog="Example: python -m serving serve complete_journey --port 3000")
def serve_book(
    book_name: BookName,
    host: Annotated[str, typer.Option(help="The address to listen on; callers name it or this machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port to listen on.")] = 3000,
    rate: Annotated[int, typer.Option(min=0, help="Requests a minute for each key; 0 for any number.")] = REQUESTS,
    in_flight: Annotated[int, typer.Option(min=1, help="Requests at work at once.")] = Limits.in_flight,
    queue: Annotated[int, typer.Option(min=0, help="Requests that may wait for their turn.")] = Limits.queue,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
    path: Where = None,
) -> None:
    """Answer over HTTP for one book until it is stopped. Another model, plan or store is taken up on the fly."""
    from serving.workers import Task, serve

    limits = Limits(in_flight=in_flight, queue=queue, requests_per_minute=rate)
    serve(Task(book_name, str(path) if path else None, host, port, limits), workers)


versions.add_to(app)
app.command("load", epilog="Example: python -m serving load trade --requests 2000 --out load.json")(load)
app.command("drill", epilog="Example: python -m serving drill trade --promotions 20")(drill)


@app.command(epilog="Example: python -m serving bench trade --out bench.json")
def bench(
    book_name: BookName,
    rows: Annotated[int, typer.Option(min=10, max=4_000, help="Customers in the races.")] = 2_000,
    out: Annotated[Path | None, typer.Option(help="The JSON file to write as well.")] = None,
    path: Where = None,
) -> None:
    """Measure how fast scores are explained, beside LightGBM's own contributions: ratios travel, times do not."""
    from serving.bench.measure import measured
    from serving.bench.report import document, tables_of

    engine = Engine.open(book_name, HOME, path)
    with steps(f"Bench of {book_name}") as advance:
        found = measured(engine, rows, advance)
    for table in tables_of(found):
        console().print(table)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(f"{document(found)}\n", encoding="utf-8")


if __name__ == "__main__":
    open_door(app)
