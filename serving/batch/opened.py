"""Where an engine's parts lie, for whoever answers in another process."""

from dataclasses import dataclass
from pathlib import Path

from data.store.opened import At, opened
from serving.engine import Engine
from serving.ledger.ledger import Ledger
from serving.playbook.declared import Playbook
from training.shelf import saved_bundle

_OPENED: dict[str, Engine] = {}


@dataclass(frozen=True)
class EngineAt:
    """A book's store and the model of a version, with a playbook."""

    store: At
    version: str
    playbook: Playbook
    home: Path

    @classmethod
    def of(cls, engine: Engine) -> "EngineAt":
        """Where another process finds what this engine has; this process keeps the engine itself."""
        at = cls(engine.store.at, engine.bundle.version, engine.playbook, engine.home.absolute())
        _OPENED.clear()
        _OPENED[at._key] = engine
        return at

    def opened(self) -> Engine:
        """The engine, without a plan; a process keeps the last one that it opened. Nothing is asked of its ledger.
        TierwiseError where a part of it is gone."""
        if self._key not in _OPENED:
            _OPENED.clear()
            _OPENED[self._key] = self._engine()
        return _OPENED[self._key]

    def _engine(self) -> Engine:
        book = self.store.book
        bundle, ledger = saved_bundle(book.name, self.version, self.home), Ledger.open(book.name, self.home)
        return Engine(book, opened(self.store), bundle, None, ledger, self.playbook, self.home)

    @property
    def _key(self) -> str:
        return f"{self.store.key}|{self.home}|{self.version}|{self.playbook.version}"
