"""The ledger of a book: the tiers that were assigned, and the overrides of named people."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import URL

from serving.ledger import overrides, standing
from serving.ledger.database import Database
from serving.ledger.entry import Entry
from serving.ledger.override import Override
from serving.ledger.previous import Previous
from serving.ledger.standing import Assigned


class Ledger:
    """What several processes read and write at the same time; what is acknowledged survives a kill.

    Overrides are added and withdrawn, never edited or deleted. Every method raises StoreError where the database
    cannot be used. A ledger that was never written is empty, and reading it makes no file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, book: str, home: Path) -> "Ledger":
        """The ledger of a book in `<home>/<book>/ledger.db`."""
        return cls(Database(URL.create("sqlite", database=str(home / book / "ledger.db")), book))

    @classmethod
    def at(cls, url: str, book: str) -> "Ledger":
        """The ledger of a book in a database of its own, such as `postgresql://user@host/name`."""
        return cls(Database.at(url, book))

    def close(self) -> None:
        """Gives the connections back; a ledger can be used again afterwards."""
        self._database.close()

    def record(self, override: Override) -> Override:
        """Adds an override (its id is `UNRECORDED`) and answers it with its id. It goes before earlier ones."""
        with self._database.writing() as connection:
            return overrides.added(connection, override)

    def withdraw(self, customer_id: str, *, by: str, reason: str, ends: int, recorded: int) -> list[Override]:
        """Ends, at `ends` (µs UTC), every override of a customer that is in its time then or still to come.

        Answers those that it ended; none where there was none, and then nothing is added.
        """
        if not self._database.is_there:
            return []
        with self._database.writing() as connection:
            return overrides.withdrawn(connection, customer_id, ends, by, reason, recorded)

    def overrides_at(self, cutoff: int, customers: Sequence[str] | None = None) -> dict[str, Override]:
        """The override in force at `cutoff` (µs UTC) of each customer who has one; of some customers, or of all.

        In force is, of those with `starts` ≤ cutoff < `expires` that were not withdrawn by then, the one that was
        recorded last.
        """
        if not self._database.is_there:
            return {}
        with self._database.reading() as connection:
            return overrides.in_force(connection, cutoff, customers)

    def overrides_of(self, customer_id: str, cutoff: int) -> list[Entry]:
        """All overrides of a customer as they stand at `cutoff` (µs UTC), in the order of recording."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            return overrides.told(connection, cutoff, customer_id)

    def all_overrides(self, cutoff: int) -> list[Entry]:
        """All overrides of the book as they stand at `cutoff` (µs UTC), in the order of recording."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            return overrides.told(connection, cutoff)

    def write_tiers(self, cutoff: int, plan_version: str, model_version: str, rows: Iterable[Assigned]) -> int:
        """Keeps the tiers that a plan assigned at `cutoff` (µs UTC), all or none, and answers their number.

        Since when a customer has a tier is told by the latest earlier cutoff that is written by then. So scoring
        the past anew changes no later one; the same plan at the same cutoff takes its own place, and another plan
        at the same cutoff stands instead of the one before it.
        """
        with self._database.writing() as connection:
            return standing.written(connection, cutoff, plan_version, model_version, rows)

    def previous(
        self, cutoff: int, customers: Sequence[str] | None = None, *, through: bool = False
    ) -> dict[str, Previous]:
        """The tier of each customer in the latest write before `cutoff` (µs UTC); of some customers, or of all.

        `through` reads that of the cutoff itself too. Customers without a tier there are left out.
        """
        if not self._database.is_there:
            return {}
        with self._database.reading() as connection:
            return standing.previous(connection, cutoff, customers, through=through)
