"""Where a store lies, for whoever opens it in another process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data.settings.book import Book

if TYPE_CHECKING:
    from data.store.store import Store

_OPENED: dict[tuple[Path, Path, str], Store] = {}


@dataclass(frozen=True)
class StoreAt:
    """One generation of a book's store, and the folder of the book's inbox and tombstones."""

    book: Book
    home: Path
    generation: Path

    def opened(self) -> Store:
        """The store; a process keeps the last one that it opened. StoreError as for `Store`."""
        from data.store.store import Store

        key = (self.home, self.generation, self.book.model_dump_json())
        if key not in _OPENED:
            _OPENED.clear()
            _OPENED[key] = Store(self.book, self.home, self.generation)
        return _OPENED[key]
