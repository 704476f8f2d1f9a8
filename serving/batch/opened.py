"""Where an engine's parts lie, for whoever answers in another process."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from data.remote.folder import RemoteFolder
from data.store.at import At
from data.store.published import PublishedAt
from data.store.store import opened
from serving.engine import Engine
from serving.ledger.ledger import Ledger
from serving.playbook.declared import Playbook
from training.bundle import Bundle
from training.errors import BundleError
from training.shelf import folder_of, saved_bundle

_OPENED: dict[str, Engine] = {}
MODELS = "models"
"""In the folder where a store was published."""


@dataclass(frozen=True)
class EngineAt:
    """A book's store and the model of a version, with a playbook."""

    store: At
    version: str
    playbook: Playbook
    home: Path

    @classmethod
    def of(cls, engine: Engine) -> "EngineAt":
        """Where another process finds what this engine has; this process keeps the engine itself. A model whose store
        was published is put beside that."""
        at = cls(engine.store.at, engine.bundle.version, engine.playbook, engine.home.absolute())
        _OPENED.clear()
        _OPENED[at._key] = engine
        if (models := at._models) is not None:
            _publish(folder_of(engine.book.name, at.version, at.home), models / at.version)
        return at

    def opened(self) -> Engine:
        """The engine, without a plan; a process keeps the last one that it opened. Nothing is asked of its ledger.
        TierwiseError where a part of it is gone."""
        engine = _OPENED.get(self._key)
        if engine is None:
            engine = self._engine()
            _OPENED.clear()
            _OPENED[self._key] = engine
        return engine

    def _engine(self) -> Engine:
        book, models = self.store.book, self._models
        bundle = _fetched(models, self.version) if models else saved_bundle(book.name, self.version, self.home)
        ledger = Ledger.open(book.name, self.home)
        return Engine(book, opened(self.store), bundle, None, ledger, self.playbook, self.home)

    @property
    def _models(self) -> RemoteFolder | None:
        return self.store.folder / MODELS if isinstance(self.store, PublishedAt) else None

    @property
    def _key(self) -> str:
        return f"{self.store.key}|{self.home}|{self.version}|{self.playbook.version}"


def _publish(folder: Path, there: RemoteFolder) -> None:
    """Sent each time: a version never changes, but what lies there may have been damaged."""
    for file in sorted(folder.iterdir()):
        there.put(file, file.name)


def _fetched(models: RemoteFolder, version: str) -> Bundle:
    """The bundle, verified as any other. BundleError where it is not there, or not as it was sent."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / version
        folder.mkdir()
        (models / version).fetch(folder)
        if not any(folder.iterdir()):
            raise BundleError(f"{models.url}: the model {version} is gone; run the command again")
        try:
            return Bundle.load(folder)
        except BundleError as error:
            told = str(error).replace(str(folder), f"{models.url}/{version}")
            raise BundleError(f"{told}; run the command again, it sends the model anew") from error
