"""The ledger of a book: what was recommended, the tiers that were assigned, and the overrides of named people."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import URL

from data.reading.database import filled
from data.settings.book import Book
from serving.figures import Language
from serving.ledger import kept, overrides, roster, standing, traces
from serving.ledger.database import Database
from serving.ledger.decisions import Decisions
from serving.ledger.entry import Entry
from serving.ledger.kept import Dictionary, Kept, Said
from serving.ledger.memory import Memory
from serving.ledger.override import Override
from serving.ledger.previous import Previous
from serving.ledger.roster import NOBODY, Account, Roster, Sort
from serving.ledger.standing import Assigned
from serving.ledger.writer import Writer
from serving.recommendation import Recommendation, json_bytes

URL_VARIABLE = "TIERWISE_LEDGER"


class Ledger:
    """What several processes read and write at the same time; what is acknowledged survives a kill.

    Overrides are added and withdrawn, never edited; what was recommended stays as it was said. Only `forget` deletes.
    Overrides and tiers survive a loss of power too. Every method raises StoreError where the database
    cannot be used. A ledger that was never written is empty, and reading it makes no file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._dictionaries: dict[tuple[str, str], Dictionary] = {}
        self._memory: Memory | None = None
        self._writer: Writer | None = None

    @classmethod
    def open(cls, book: str, home: Path) -> "Ledger":
        """The ledger of a book in `<home>/<book>/ledger.db`."""
        return cls(Database(URL.create("sqlite", database=str(home / book / "ledger.db")), book))

    @classmethod
    def of(cls, book: Book, home: Path) -> "Ledger":
        """The ledger of a book where its key `ledger` says, else the variable TIERWISE_LEDGER, else under `home`."""
        url = filled(book.ledger, "ledger") if book.ledger else os.environ.get(URL_VARIABLE)
        return cls.at(url, book.name) if url else cls.open(book.name, home)

    @classmethod
    def at(cls, url: str, book: str) -> "Ledger":
        """The ledger of a book in a database of its own, such as `postgresql://user@host/name`."""
        return cls(Database.at(url, book))

    @property
    def database(self) -> Database:
        """Where it is kept; keys and sessions are kept beside it."""
        return self._database

    def close(self) -> None:
        """Gives the connections back; a ledger can be used again afterwards."""
        self._database.close()
        self._dictionaries.clear()
        if self._memory:
            self._memory.forget()

    def serve(self) -> None:
        """From now on for a server: decisions are remembered while nobody records another, and what many threads keep
        at the same time is written together. Answers are the same."""
        self._memory = Memory(self._database)
        self._writer = Writer(self._database)

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

    def rows_of(self, customer_id: str) -> int:
        """How many rows of all tables are about a customer."""
        if not self._database.is_there:
            return 0
        with self._database.reading() as connection:
            return traces.counted(connection, customer_id)

    def forget(self, customer_id: str) -> int:
        """Deletes what every table has about a customer, and answers how many rows that were.

        Of a SQLite file no free page and no log keeps them; a server keeps its own logs and backups.
        """
        if not self._database.is_there:
            return 0
        with self._database.writing() as connection:
            roster.uncounted(connection, customer_id)
            gone = traces.deleted(connection, customer_id)
        self._database.scrub()
        return gone

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

    def decisions(self, cutoff: int, customers: Sequence[str] | None = None) -> Decisions:
        """What `previous` and `overrides_at` tell, as of one moment."""
        if not self._database.is_there:
            return Decisions({}, {})
        if self._memory and customers is not None:
            return self._memory.decisions(cutoff, customers)
        with self._database.reading() as connection:
            before = standing.previous(connection, cutoff, customers, through=False)
            return Decisions(before, overrides.in_force(connection, cutoff, customers))

    def keep(
        self,
        answers: Sequence[Recommendation],
        language: Language,
        recorded: int,
        texts: Sequence[bytes] | None = None,
    ) -> list[str]:
        """Keeps each answer as it was said in `language` at `recorded` (µs UTC), all or none, and answers their ids.

        The id is a hash of the text, so that what is said again takes no room. `texts` are the answers as JSON in
        UTF-8, for callers who have them already.
        """
        written = texts or [json_bytes(answer.to_dict()) for answer in answers]
        return self.keep_said(list(map(Said.of, answers, written)), language, recorded)

    def keep_said(self, said: Sequence[Said], language: Language, recorded: int) -> list[str]:
        """As `keep`, of answers that were given elsewhere."""
        if not said:
            return []
        rows = kept.rows_of(said, language, recorded, self._dictionary(said, language))
        if self._writer:
            self._writer.keep(rows)
        else:
            kept.added(self._database, rows)
        return [row["id"] for row in rows]

    def kept(self, id_: str) -> Kept | None:
        """What was recommended under an id; StoreError where its row was damaged."""
        if not self._database.is_there:
            return None
        with self._database.reading() as connection:
            return kept.one(connection, id_)

    def kept_of(self, customer_id: str, limit: int = 50) -> list[Kept]:
        """What was recommended to a customer, the newest cutoff first; every language is a row of its own."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            return kept.of_customer(connection, customer_id, limit)

    def write_roster(self, cutoff: int, plan_version: str, model_version: str, accounts: Iterable[Account]) -> int:
        """Puts the accounts in the place of those before, and answers their number; readers see old or new whole.

        StoreError where another process does the same at the same time, and was faster.
        """
        return roster.replaced(self._database, cutoff, plan_version, model_version, accounts)

    def roster(
        self,
        *,
        tier: str | None = None,
        owner: str | None = None,
        search: str | None = None,
        sort: Sort = "priority",
        descending: bool = True,
        limit: int = 50,
        offset: int = 0,
    ) -> Roster:
        """A page of the accounts that `score` wrote last: those of a tier, of an account manager, or with `search` in
        their id or name (whatever its capitals). Accounts that tie stand by customer, in the same direction."""
        if not self._database.is_there:
            return NOBODY
        with self._database.reading() as connection:
            return roster.page(
                connection,
                tier=tier,
                owner=owner,
                search=search,
                sort=sort,
                descending=descending,
                limit=limit,
                offset=offset,
            )

    def owners(self) -> list[str]:
        """The account managers of the roster, sorted."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            return roster.owners(connection)

    def _dictionary(self, said: Sequence[Said], language: str) -> Dictionary:
        key = (said[0].columns["model_version"], language)
        if key not in self._dictionaries:
            with self._database.writing(decision=False) as connection:
                made = kept.founded(connection, said, language)
            if made.number is None:
                return made
            self._dictionaries[key] = made
        return self._dictionaries[key]
