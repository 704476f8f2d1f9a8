"""Some customers of one bucket: what one part of a scoring is about."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from data.histories.histories import Histories
from data.store.store import Store
from serving.engine import Engine
from serving.ledger.decisions import Decisions

NONE = Decisions({}, {})
_READ: dict[tuple[int, int, int, str], tuple[Iterator[Histories], Histories]] = {}


@dataclass(frozen=True)
class Chunk:
    """Part `number` (from 1): so many customers of a bucket, from the `first` to the `last` id, and what was decided
    about them."""

    number: int
    bucket: int
    count: int
    first: str
    last: str
    decisions: Decisions

    def __len__(self) -> int:
        return self.count

    def __str__(self) -> str:
        return f"{self.number} ({self.count} customers of bucket {self.bucket})"

    def histories(self, store: Store) -> Histories:
        """Those of its customers; of those who came meanwhile, who stands between them."""
        histories = _bucket(store, self.bucket)
        customers = histories.customer_ids
        return histories.select(range(bisect_left(customers, self.first), bisect_right(customers, self.last)))


def chunks_of(engine: Engine, size: int, decisions: Decisions = NONE) -> Iterator[Chunk]:
    """The book bucket by bucket, `size` customers at a time."""
    number = 0
    for bucket in range(engine.store.buckets):
        customers = engine.store.customers_in(bucket)
        for start in range(0, len(customers), size):
            number += 1
            own = customers[start : start + size]
            yield Chunk(number, bucket, len(own), own[0], own[-1], decisions.about(own))


def _bucket(store: Store, number: int) -> Histories:
    """The histories of a bucket; a process keeps the last one that it read, until events are appended."""
    key = (id(store), number, store.inbox.last(), store.tombstones.version)
    known = _READ.get(key)
    if known is None:
        for reading, _ in list(_READ.values()):
            next(reading, None)  # its pages leave the memory
        _READ.clear()
        reading = store.each([number])
        _READ[key] = known = (reading, next(reading))
    return known[1]
