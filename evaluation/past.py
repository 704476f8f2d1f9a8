"""The past of a book that a command judges."""

from collections.abc import Callable, Sequence
from pathlib import Path

from data.histories.histories import Histories
from data.ingest.opening import open_store
from data.settings.book import Book
from data.store.store import Store
from evaluation.cutoffs import check_cutoff, judged_cutoff
from evaluation.folder import check_folder
from training.labels import TARGETS
from training.panel import Limits, draw, tell
from training.shelf import HOME


def opened(book: Book, out: Path, cutoff: str | None, targets: Sequence[str] = TARGETS) -> tuple[Store, int]:
    """The store and the judged cutoff (µs), once the folder can be written and the windows of `targets` have ended."""
    check_folder(out)
    moment = judged_cutoff(book, cutoff)
    store = open_store(book, HOME)
    check_cutoff(book, moment, store.first_time, store.last_time, targets)
    return store, moment


def teachers(store: Store, cutoff: int, seed: int, advance: Callable[[str], None]) -> Histories:
    """Those of whom `training fit` learns at the cutoff (µs), unless it is given other limits."""
    panel = draw(store, cutoff, Limits(), seed)
    tell(panel, advance)
    return panel.histories
