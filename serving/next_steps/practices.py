"""The practice of a book at the cutoffs that are asked for; each takes a look at everybody, so it is kept."""

from collections import OrderedDict
from threading import Lock

from data.settings.book import Book
from data.store.store import Store
from serving.next_steps.practice import Practice, practice_of

MOST_KEPT = 32


class Practices:
    """The practices of a book by cutoff (µs UTC), the latest that were asked for; made by one thread at a time.

    Events that are appended afterwards change the practice of a later cutoff alone: one customer more or less is no
    other custom.
    """

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._book = book
        self._lock = Lock()
        self._kept: OrderedDict[int, Practice] = OrderedDict()

    def at(self, cutoff: int) -> Practice:
        """The practice as it was known at a cutoff (µs UTC)."""
        with self._lock:
            if cutoff not in self._kept:
                self._kept[cutoff] = practice_of(self._store.each(), cutoff, self._book)
                if len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(cutoff)
            return self._kept[cutoff]
