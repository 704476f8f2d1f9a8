"""What a server remembers of the decisions in a ledger, as long as nobody has recorded another."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from sqlalchemy import Connection, select

from serving.ledger import overrides, standing
from serving.ledger.database import Database
from serving.ledger.decisions import Decisions
from serving.ledger.previous import Previous
from serving.ledger.tables import WRITES

MOST_WRITES = 2
"""Scorings whose tiers are remembered; that of the present is asked for nearly always."""


class Memory:
    """Decisions by customer and cutoff without a query about the customers.

    The ledger counts its decisions; the count is read before every answer, and what is remembered is dropped when it
    has grown, whichever process wrote.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._snapshot: _Snapshot | None = None

    def decisions(self, cutoff: int, customers: Sequence[str]) -> Decisions:
        """As `Ledger.decisions`."""
        changes = self._database.changes()
        with self._lock:
            if self._snapshot is None or self._snapshot.changes != changes:
                self._snapshot = _Snapshot(self._database, changes)
            return self._snapshot.decisions(cutoff, customers)

    def forget(self) -> None:
        """Remembers nothing."""
        with self._lock:
            self._snapshot = None


class _Snapshot:
    """What was decided by the time that `changes` decisions had been recorded, or by a later one.

    A later one does no harm: the count has grown by then, and the next answer is from a new snapshot.
    """

    def __init__(self, database: Database, changes: int) -> None:
        self.changes = changes
        self._database = database
        self._tiers: OrderedDict[int, dict[str, Previous]] = OrderedDict()
        with database.reading() as connection:
            self._writes = _latest_writes(connection)
            self._overridden = overrides.customers(connection)

    def decisions(self, cutoff: int, customers: Sequence[str]) -> Decisions:
        tiers = self._tiers_before(cutoff)
        previous = {customer: tiers[customer] for customer in customers if customer in tiers}
        asked = [customer for customer in customers if customer in self._overridden]
        if not asked:
            return Decisions(previous, {})
        with self._database.reading() as connection:
            return Decisions(previous, overrides.in_force(connection, cutoff, asked))

    def _tiers_before(self, cutoff: int) -> dict[str, Previous]:
        place = bisect_right(self._writes, (cutoff,)) - 1
        if place < 0:
            return {}
        write = self._writes[place][1]
        if write not in self._tiers:
            with self._database.reading() as connection:
                self._tiers[write] = standing.of_write(connection, write)
        self._tiers.move_to_end(write)
        while len(self._tiers) > MOST_WRITES:
            self._tiers.popitem(last=False)
        return self._tiers[write]


def _latest_writes(connection: Connection) -> list[tuple[int, int]]:
    """Each cutoff that was written, ascending, and the number of its last write."""
    query = select(WRITES.c.cutoff, WRITES.c.id).order_by(WRITES.c.cutoff, WRITES.c.id)
    return sorted({row.cutoff: row.id for row in connection.execute(query)}.items())
