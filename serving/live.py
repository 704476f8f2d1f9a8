"""The engine that answers now, and how another model, plan or store takes its place between two requests."""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from data.errors import TierwiseError
from data.settings.book import Book, load_book
from data.store.manifest import current_generation
from data.store.store import Store
from serving.engine import Engine
from serving.errors import PlanError, ServingError
from serving.logs import told
from serving.plan import Plan, plan_for
from serving.playbook.shelf import playbook_of
from training.bundle import Bundle
from training.canary import try_out
from training.errors import BundleError
from training.shelf import HOME, current_version, folder_of, saved_bundle, versions_before

logger = logging.getLogger("tierwise.live")

EVERY = 0.2
"""Seconds between two looks at the pointers."""

Mark = tuple[int, int, int] | None
"""When a file was last written, which one it is, and its size; None where there is none."""


@dataclass(frozen=True)
class Signs:
    """The marks of everything that an engine was opened from; another mark, and it is to be opened anew."""

    model: Mark
    plan: Mark
    store: Mark
    forgotten: Mark

    @classmethod
    def of(cls, book: str, home: Path) -> "Signs":
        """As they are now."""
        folder = home / book
        return cls(
            model=_mark(folder / "current"),
            plan=_mark(folder / "plans" / "current"),
            store=_mark(folder / "store" / "current"),
            forgotten=_mark(folder / "forgotten.json"),
        )


class Live:
    """Calling it gives the engine that answers now: take it once per request, and no answer mixes two versions.

    The first call opens the engine and starts to watch the pointers to the current model, plan and store, and the list
    of the forgotten. When one of them moves, the next engine is opened beside the standing one: its bundle's bytes are
    verified, a canary process tries it out, everything is compiled and warm before one reference changes. What is
    damaged, of another book or other settings, or kills its canary is refused: the standing one goes on, `refused`
    says why, and it is looked at again once its pointer moves. Where the model that is current at the very start is
    refused, the latest one before it answers.

    `book_name` None is the one that TIERWISE_BOOK names; `every` None watches nothing until `look` is called;
    `own_ledger` is that of `Engine.open`.
    """

    def __init__(
        self,
        book_name: str | None = None,
        home: Path = HOME,
        path: Path | None = None,
        *,
        every: float | None = EVERY,
        own_ledger: bool = False,
    ) -> None:
        self._book_name = book_name
        self._home = home
        self._path = path
        self._every = every
        self._own_ledger = own_ledger
        self._engine: Engine | None = None
        self._signs: Signs | None = None
        self._opening = threading.RLock()
        self._ended = threading.Event()
        self._refused_model: tuple[Mark, str] | None = None
        self._refused_other: str | None = None
        self._tried: set[str] = set()

    def __call__(self) -> Engine:
        return self._engine or self._first()

    @property
    def refused(self) -> str | None:
        """Why what the pointers name does not answer; None where it does."""
        return (self._refused_model[1] if self._refused_model else None) or self._refused_other

    def look(self) -> bool:
        """Takes up what has changed since the last look; answers whether another engine answers from now on."""
        with self._opening:
            standing = self()
            signs = Signs.of(standing.book.name, self._home)
            if signs == self._signs:
                return False
            before, self._signs = self._signs, signs
            return self._swap(standing, signs, before)

    def close(self) -> None:
        """Watches no longer; the engine goes on answering."""
        self._ended.set()

    def _first(self) -> Engine:
        with self._opening:
            if self._engine is None:
                name = self._book_name or os.environ.get("TIERWISE_BOOK")
                if not name:
                    raise ServingError("set TIERWISE_BOOK to a shipped book or the path of a TOML file")
                self._book_name = name
                book = load_book(name, self._path)
                signs = Signs.of(book.name, self._home)
                engine = self._opened(book, name, signs)
                engine.ledger.serve()
                _look_around(engine)
                self._engine = engine
                self._tried.add(self._engine.bundle.version)
                self._signs = signs
                self._watch()
            return self._engine

    def _opened(self, book: Book, name: str, signs: Signs) -> Engine:
        """With the current model; where that is refused, with the latest before it that is not."""
        try:
            return Engine.open(name, self._home, self._path, own_ledger=self._own_ledger)
        except BundleError as error:
            for version in versions_before(book.name, self._home):
                try:
                    engine = Engine.open(name, self._home, self._path, version=version, own_ledger=self._own_ledger)
                except BundleError:
                    continue
                self._refuse_model(signs.model, error)
                return engine
            raise

    def _watch(self) -> None:
        if self._every is not None:
            threading.Thread(target=self._keep_looking, args=(self._every,), name="pointers", daemon=True).start()

    def _keep_looking(self, every: float) -> None:
        while not self._ended.wait(every):
            try:
                self.look()
            except Exception as error:
                logger.error("the pointers cannot be read: %s", told(error))  # noqa: TRY400 (its text may quote)

    def _swap(self, standing: Engine, signs: Signs, before: Signs | None) -> bool:
        self._refused_other = None
        try:
            engine = self._next(standing, signs, before)
            engine.warm_up()
            _look_around(engine)
        except Exception as error:
            self._refuse_other(error)
            return False
        self._engine = engine
        plan = engine.plan.version if engine.plan else "none"
        logger.info("model %s, plan %s answer from now on", engine.bundle.version, plan)
        return True

    def _next(self, standing: Engine, signs: Signs, before: Signs | None) -> Engine:
        """The engine as the pointers want it; each part that is refused stays as it was."""
        book = self._book(standing)
        bundle = self._bundle(book, standing, signs)
        return replace(
            standing,
            book=book,
            bundle=bundle,
            plan=self._plan(bundle, book, standing),
            store=self._store(book, standing, signs, before),
            playbook=playbook_of(book),
        )

    def _book(self, standing: Engine) -> Book:
        """As its file says now; where that cannot be read, or the standing model does not fit it, as it was."""
        try:
            book = load_book(self._book_name or standing.book.name, self._path)
            standing.bundle.require_settings(book)
        except TierwiseError as error:
            self._refuse_other(error)
            return standing.book
        return book

    def _bundle(self, book: Book, standing: Engine, signs: Signs) -> Bundle:
        """The current one, verified and tried out; the standing one where that is refused."""
        if self._refused_model and self._refused_model[0] == signs.model:
            return standing.bundle
        self._refused_model = None
        try:
            version = current_version(book.name, self._home)
            if version == standing.bundle.version:
                return standing.bundle
            bundle = saved_bundle(book.name, version, self._home)
            bundle.require_settings(book)
            if version not in self._tried:
                try_out(folder_of(book.name, version, self._home))
                self._tried.add(version)
        except Exception as error:
            self._refuse_model(signs.model, error)
            return standing.bundle
        return bundle

    def _plan(self, bundle: Bundle, book: Book, standing: Engine) -> Plan | None:
        """The one that goes with the model; where the current one is damaged, the standing one."""
        try:
            return plan_for(bundle.version, book.name, self._home)
        except PlanError as error:
            self._refuse_other(error)
            return standing.plan

    def _store(self, book: Book, standing: Engine, signs: Signs, before: Signs | None) -> Store:
        if before and (signs.store, signs.forgotten) == (before.store, before.forgotten):
            return standing.store
        generation = current_generation(self._home / book.name / "store")
        return Store.of(book, self._home, generation) if generation else standing.store

    def _refuse_model(self, mark: Mark, error: Exception) -> None:
        self._refused_model = (mark, _why(error))
        logger.warning("refused, the model before it goes on: %s", self._refused_model[1])

    def _refuse_other(self, error: Exception) -> None:
        self._refused_other = _why(error)
        logger.warning("refused, what stood before it goes on: %s", self._refused_other)


def _look_around(engine: Engine) -> None:
    """Learns what the book's customers commonly do, which the first page of a customer would wait for."""
    engine.practices.at(engine.latest_cutoff)


def refusal_of(engine: Callable[[], Engine]) -> str | None:
    """Why what the pointers name does not answer; None where it does, or where nobody watches."""
    return engine.refused if isinstance(engine, Live) else None


def _why(error: Exception) -> str:
    """The text of an error that is meant for people; of any other only its kind and place."""
    return str(error) if isinstance(error, TierwiseError) else told(error)


def _mark(file: Path) -> Mark:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
