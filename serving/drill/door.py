"""The command that practises what must not go wrong, on copies."""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from data.doors import progress
from serving.drill.kills import kill
from serving.drill.swaps import swap
from serving.drill.tampering import tamper
from serving.engine import Engine
from serving.errors import ServingError
from serving.guard.guard import Limits
from serving.workers import Task
from training.shelf import HOME, folder_of

BookName = Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")]
SEED = 7


def drill(
    book_name: BookName,
    tamperings: Annotated[int, typer.Option(min=0, help="Tampered copies of the model.")] = 1_000,
    kills: Annotated[int, typer.Option(min=0, help="Processes killed in the middle of a promotion.")] = 50,
    promotions: Annotated[int, typer.Option(min=0, help="Promotions while others ask.")] = 100,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Processes that answer meanwhile.")] = 1,
    path: Annotated[Path | None, typer.Option("--path", help="Where to look for the book's file.")] = None,
) -> None:
    """Practise on copies what must not go wrong: tampered models, kills while promoting, promotions under load."""
    engine = Engine.open(book_name, HOME, path)
    book, version = engine.book.name, engine.bundle.version
    bundle = folder_of(book, version, HOME)
    with tempfile.TemporaryDirectory(prefix="tierwise-drill-") as name:
        folder = Path(name)
        wrong = _tampering(bundle, folder, tamperings) + _killing(book, bundle, folder, kills)
        if promotions:
            wrong += _swapping(engine, book_name, path, folder, workers, promotions)
    if wrong:
        raise ServingError("the drill failed: " + "; ".join(wrong))


def _tampering(bundle: Path, folder: Path, number: int) -> list[str]:
    with progress("Tampering", number) as advance:
        found = tamper(bundle, folder, number, SEED, advance)
    for way, (tried, refused) in found.items():
        typer.echo(f"Tampering, {way}: {refused:,} of {tried:,} refused before a tree was read")
    return [f"{way} was not refused" for way, (tried, refused) in found.items() if refused < tried]


def _killing(book: str, bundle: Path, folder: Path, number: int) -> list[str]:
    if not number:
        return []
    with progress("Killing", number) as advance:
        sound, before = kill(book, bundle, folder / "kills", number, SEED, advance)
    typer.echo(
        f"Killed while promoting: {sound:,} of {number:,} times the current model was whole, {before:,} times the one "
        "before it too"
    )
    return [] if sound == before == number else ["a kill left no whole model"]


def _swapping(engine: Engine, book_name: str, path: Path | None, folder: Path, workers: int, number: int) -> list[str]:
    home = folder / "work" / ".tierwise"
    shutil.copytree(HOME / engine.book.name, home / engine.book.name, ignore=shutil.ignore_patterns("ledger.db*"))
    if (HOME / "data").is_dir():
        (home / "data").symlink_to((HOME / "data").resolve())
    file = Path(book_name)
    name = str(file.resolve()) if file.suffix == ".toml" else book_name
    where, limits = str(path.resolve()) if path else None, Limits(requests_per_minute=0)
    task = Task(name, where, "127.0.0.1", 0, limits, own_ledger=True)
    with progress("Promoting under load", number) as advance:
        found = swap(engine, task, folder / "work", workers, number, advance)
    p50, p99 = np.percentile(found.milliseconds, [50, 99])
    asked = found.whole + found.mixed + found.failed
    typer.echo(
        f"Promoted under load: {found.promotions:,} of {number:,} taken up by {workers} worker(s); {asked:,} requests, "
        f"{found.failed:,} failed, {found.mixed:,} mixed, {len(found.versions)} versions answered; "
        f"p50 {p50:.1f} ms, p99 {p99:.1f} ms"
    )
    for words in sorted(set(found.unready)):
        typer.echo(f"Not ready, {found.unready.count(words):,} times: {words}")
    sound = found.promotions == number and not found.failed and not found.mixed
    return [] if sound else ["promotions under load went wrong"]
