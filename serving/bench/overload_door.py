"""`python -m serving overload`: a server that is asked for too much, and sent too much."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.table import Table

from data.doors import console, steps
from features.bench.report import table_of
from serving.bench.overload import Turn, overloaded, percentile
from serving.bench.oversized import Oversized, oversized
from serving.bench.server import running
from serving.engine import Engine
from serving.errors import ServingError
from serving.guard.guard import Limits
from serving.keys.keyring import Keyring
from training.shelf import HOME

ASKED_ABOUT = 500
MEGABYTE = 1e6


def overload(
    book_name: Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")],
    seconds: Annotated[float, typer.Option(min=1.0, max=60.0, help="For each part of a turn.")] = 4.0,
    turns: Annotated[int, typer.Option(min=1, max=20, help="How often each part takes its turn.")] = 5,
    bodies: Annotated[int, typer.Option(min=1, max=10_000, help="Bodies of each kind that are too large.")] = 100,
    seed: Annotated[int, typer.Option(help="Of the random moments and customers.")] = 1,
    out: Annotated[Path | None, typer.Option(help="The JSON file to write as well.")] = None,
    path: Annotated[Path | None, typer.Option("--path", help="Where to look for the book's file.")] = None,
) -> None:
    """Measure a server under twice the load it can bear, and its memory while bodies are too large."""
    engine = Engine.open(book_name, HOME, path)
    if Keyring(engine.ledger.database).keys():
        raise ServingError("this measures without keys; copy the book under another name, or delete its ledger")
    customers = engine.store.customers()[:ASKED_ABOUT]
    with steps(f"Overload of {book_name}") as advance, running(book_name, path) as server:
        found = []
        for turn in range(turns):
            advance(f"asking for twice as much, turn {turn + 1} of {turns}")
            work = overloaded(server.port, customers, Limits.in_flight, seconds, seed + turn)
            found.append(asyncio.run(work))
        advance("sending bodies that are too large")
        large = asyncio.run(oversized(server.port, server.process, bodies))
    for table in (_of_turns(found), _of_bodies(large)):
        console().print(table)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        figures = [asdict(turn) | {"slower": turn.slower, "goodput": turn.goodput} for turn in found]
        plain = {"turns": figures, "oversized": asdict(large) | {"growth": large.growth}}
        out.write_text(f"{json.dumps(plain, indent=1)}\n", encoding="utf-8")


def _of_turns(turns: list[Turn]) -> Table:
    slower, goodput = median(turn.slower for turn in turns), median(turn.goodput for turn in turns)
    title = f"Twice as much as it can: p99 {slower:.2f} times that of nobody else asking, goodput {100 * goodput:.0f} %"
    table = table_of(
        f"{title} (medians)", "turn", "alone p50", "p99, ms", "capacity/s", "asked/s", "served/s", "p50", "p99, ms",
        "503", "other", "p99 ratio", "goodput"
    )  # fmt: skip
    for number, turn in enumerate(turns, start=1):
        figures = [percentile(turn.alone, 50), percentile(turn.alone, 99), turn.capacity, turn.asked_rate]
        figures += [turn.served_rate, percentile(turn.served, 50), percentile(turn.served, 99)]
        shown = [f"{figure:.1f}" for figure in figures]
        table.add_row(
            str(number), *shown, str(turn.refused), str(turn.others), f"{turn.slower:.2f}", f"{turn.goodput:.2f}"
        )
    return table


def _of_bodies(found: Oversized) -> Table:
    table = table_of("Bodies that are too large", "declared", "chunked", "refused (413)", "MB before", "peak", "growth")
    table.add_row(
        f"{found.declared:,}",
        f"{found.chunked:,}",
        f"{found.refused:,}",
        f"{found.before / MEGABYTE:.0f}",
        f"{found.peak / MEGABYTE:.0f}",
        f"{100 * found.growth:.1f} %",
    )
    return table
