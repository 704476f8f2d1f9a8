"""The commands that list, promote and take back model versions."""

from pathlib import Path
from typing import Annotated

import typer

from data.clock import isoformat
from data.doors import console
from data.settings.book import load_book
from features.bench.report import table_of
from serving.plan import plan_for
from serving.versions.change import promote, roll_back
from serving.versions.label import Label, labels
from training.bundle import Bundle
from training.shelf import HOME

BookName = Annotated[str, typer.Argument(metavar="BOOK", help="A shipped book or the path of a TOML file.")]
Where = Annotated[Path | None, typer.Option("--path", help="Where to look for the book's file.")]

ANSWERS = "Model {version} answers from now on; a running server takes it up on the fly."
NO_PLAN = "It has no plan of its own yet: run `python -m serving score` on the book."


def add_to(app: typer.Typer) -> None:
    """Puts the commands on a door."""
    app.command("models", epilog="Example: python -m serving models complete_journey")(models)
    app.command("promote", epilog="Example: python -m serving promote complete_journey 0123456789abcdef")(promote_one)
    app.command("rollback", epilog="Example: python -m serving rollback complete_journey")(rollback)


def models(book_name: BookName, path: Where = None) -> None:
    """List the model versions of a book: which one answers, which ones did before, and what keeps others from it."""
    book = load_book(book_name, path)
    table = table_of(f"Models of {book.name}", "version", "trained until", "", "cannot answer")
    for label in labels(book, HOME):
        trained = isoformat(label.cutoff, book.time_zone)[:10] if label.cutoff is not None else "?"
        table.add_row(label.version, trained, _standing(label), label.refused or "")
    console().print(table)


def promote_one(
    book_name: BookName,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="As `models` lists it.")],
    path: Where = None,
) -> None:
    """Have another saved model answer: it is verified and tried out first, and takes over in one step."""
    book = load_book(book_name, path)
    _tell(promote(book, version, HOME))


def rollback(book_name: BookName, path: Where = None) -> None:
    """Have the model answer again that did before the current one."""
    book = load_book(book_name, path)
    taken_back, bundle = roll_back(book, HOME)
    typer.echo(f"Model {taken_back} was taken back.")
    _tell(bundle)


def _tell(bundle: Bundle) -> None:
    typer.echo(ANSWERS.format(version=bundle.version))
    plan = plan_for(bundle.version, bundle.book, HOME)
    if plan is None or plan.model_version != bundle.version:
        typer.echo(NO_PLAN)


def _standing(label: Label) -> str:
    if label.current:
        return "answers"
    return f"before, {label.before}" if label.before else ""
