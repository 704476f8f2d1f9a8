"""The command that measures one recommendation over HTTP."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Annotated

import numpy as np
import typer
from rich.table import Table

from data.doors import console, steps
from features.bench.report import table_of
from serving.engine import Engine
from serving.guard.guard import Limits
from serving.load.client import Turn
from serving.load.measure import CLIENTS, EMPTY, OURS, TURNS, Loaded, measured
from serving.workers import Task
from training.shelf import HOME

BookName = Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")]


def load(
    book_name: BookName,
    requests: Annotated[
        int, typer.Option(min=10 * TURNS, help="To each endpoint, for each number of clients.")
    ] = 1_000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
    key: Annotated[str | None, typer.Option(help="An API key with the scope score, where keys are on.")] = None,
    out: Annotated[Path | None, typer.Option(help="The JSON file to write as well.")] = None,
    path: Annotated[Path | None, typer.Option("--path", help="Where to look for the book's file.")] = None,
) -> None:
    """Measure one explained recommendation over HTTP beside an empty endpoint of the same server, in turns."""
    engine = Engine.open(book_name, HOME, path)
    task = Task(book_name, str(path) if path else None, "127.0.0.1", 0, Limits(requests_per_minute=0))
    with steps(f"Load on {engine.book.name}") as advance:
        found = measured(engine, task, HOME, workers, requests, key, advance)
    console().print(table(found))
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(f"{document(found)}\n", encoding="utf-8")


def table(found: Loaded) -> Table:
    """Both endpoints by the number of clients, and how many times the empty one's time ours takes."""
    title = (
        f"{found.customers} customers of {found.events} events, {found.requests:,} requests each; "
        f"{_workers(found.workers)}, in {TURNS} turns"
    )
    shown = table_of(title, "", "clients", "p50, ms", "p99, ms", "requests/s", "p50 ÷ empty", "p99 ÷ empty")
    for clients in CLIENTS:
        for endpoint in (EMPTY, OURS):
            turns = found.of(endpoint, clients)
            p50, p99, rate = figures(turns)
            told = [_ratio(found.ratios(clients, share)) if endpoint == OURS else "" for share in (50.0, 99.0)]
            shown.add_row(endpoint, str(clients), f"{p50:.2f}", f"{p99:.2f}", f"{rate:,.0f}", *told)
    return shown


def document(found: Loaded) -> str:
    """All figures as JSON."""
    sides = [
        dict(zip(("p50_ms", "p99_ms", "requests_per_second"), figures(found.of(endpoint, clients)), strict=True))
        | {"endpoint": endpoint, "clients": clients}
        for clients in CLIENTS
        for endpoint in (EMPTY, OURS)
    ]
    ratios = {str(clients): {"p50": found.ratios(clients), "p99": found.ratios(clients, 99.0)} for clients in CLIENTS}
    plain = asdict(found) | {"cores": os.cpu_count(), "endpoints": sides, "ratios": ratios}
    return json.dumps(plain, indent=1)


def figures(turns: list[Turn]) -> tuple[float, float, float]:
    """p50 and p99 in milliseconds over all turns, and the median rate of a turn, in requests a second."""
    milliseconds = np.concatenate([turn.milliseconds for turn in turns])
    p50, p99 = np.percentile(milliseconds, [50, 99]).tolist()
    return p50, p99, median(len(turn.milliseconds) / turn.seconds for turn in turns)


def _ratio(ratios: list[float]) -> str:
    return f"{median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"


def _workers(number: int) -> str:
    return "1 worker" if number == 1 else f"{number} workers"
