"""How every command line door opens, fails, and shows that it is still at work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from data.errors import TierwiseError

USER_ERROR = 2
Advance = Callable[[int], None]


def open_door(app: typer.Typer) -> None:
    """Runs the commands; what a user can put right is told in one line on stderr, with exit code 2."""
    app.pretty_exceptions_enable = False
    try:
        app()
    except TierwiseError as error:
        _give_up(str(error))
    except OSError as error:
        _give_up(f"{error.filename}: {error.strerror}" if error.filename else str(error))


def _give_up(text: str) -> NoReturn:
    print(f"Error: {text}", file=sys.stderr)
    raise SystemExit(USER_ERROR) from None


def console() -> Console:
    """The console for reports, on stdout; as wide as the terminal, or 120 columns without one."""
    terminal = sys.stdout.isatty()
    return Console(width=None if terminal else 120, highlight=False)


def notes() -> Console:
    """The console for what happens on the way, on stderr."""
    return Console(stderr=True, width=None if sys.stderr.isatty() else 120, highlight=False)


@contextmanager
def resumable() -> Iterator[None]:
    """Work of which the finished part counts when it is begun again: Ctrl-C says so."""
    try:
        yield
    except KeyboardInterrupt:
        notes().print("Stopped: what is finished is kept, the same command goes on from there.")
        raise


@contextmanager
def progress(description: str, total: int | None = None) -> Iterator[Advance]:
    """A bar on stderr that moves by `advance(steps)`; without a terminal, a line when it starts."""
    screen = notes()
    if not screen.is_terminal:
        screen.print(f"{description} ...", markup=False)
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(description, total=total)
        yield lambda steps: bar.advance(task, steps)


@contextmanager
def steps(description: str) -> Iterator[Callable[[str], None]]:
    """A line on stderr that tells the step at work by `advance(step)`; without a terminal, a line a step."""
    screen = notes()
    if not screen.is_terminal:
        yield lambda step: screen.print(f"{description}: {step} ...", markup=False)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as line:
        task = line.add_task(description, total=None)
        yield lambda step: line.update(task, description=f"{description}: {step}")
