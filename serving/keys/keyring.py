"""The keys of a book and the sessions of people, in the database of its ledger."""

import secrets
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, insert, inspect, select, update

from serving.caller import SCOPES, Caller, Scope
from serving.keys.key import Key, NewKey, digest, matching, new_key
from serving.keys.tables import KEYS, METADATA, SESSIONS
from serving.ledger.database import Database

SESSION = 12 * 3_600 * 1_000_000
"""(ours) A person is asked for the key again after twelve hours (µs)."""


class Keyring:
    """Adds, finds and revokes keys; signs people in and out. Every method raises StoreError where the database
    cannot be used. A book without keys has no tables of them; reading makes none."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, name: str, scopes: Iterable[Scope], owner: str | None = None, *, created: int, expires: int | None = None
    ) -> NewKey:
        """A new key, valid from `created` until `expires` (µs UTC; None for good)."""
        made = new_key(name, scopes, owner, created=created, expires=expires)
        with self._database.writing() as connection:
            METADATA.create_all(connection)
            connection.execute(insert(KEYS).values(**_row(made.key)))
        return made

    def keys(self) -> dict[str, Key]:
        """Every key there ever was, by id, in the order of making."""
        if not self._database.is_there:
            return {}
        with self._database.reading() as connection:
            if not _has_tables(connection):
                return {}
            rows = connection.execute(select(KEYS).order_by(KEYS.c.created, KEYS.c.id)).mappings()
            return {row["id"]: _key(row) for row in rows}

    def revoke(self, id_: str, *, revoked: int) -> Key | None:
        """Ends a key and the sessions that began with it; None where there is none. A second time changes nothing."""
        if id_ not in self.keys():
            return None
        with self._database.writing() as connection:
            mine = (KEYS.c.id == id_) & KEYS.c.revoked.is_(None)
            connection.execute(update(KEYS).where(mine).values(revoked=revoked))
            connection.execute(delete(SESSIONS).where(SESSIONS.c.key_id == id_))
        return self.keys()[id_]

    def sign_in(self, text: str, *, now: int) -> str | None:
        """The token of a new session for the holder of a key that may read; None for any other text."""
        key = matching(text.strip(), self.keys(), now)
        if key is None or not key.caller.may("read"):
            return None
        token = secrets.token_urlsafe(32)
        with self._database.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.expires <= now))
            connection.execute(insert(SESSIONS).values(digest=digest(token), key_id=key.id, expires=now + SESSION))
        return token

    def caller_of_session(self, token: str, *, now: int) -> Caller | None:
        """Who signed in with the token; None once the session or its key has ended."""
        if not self._database.is_there:
            return None
        with self._database.reading() as connection:
            if not _has_tables(connection):
                return None
            mine = (SESSIONS.c.digest == digest(token)) & (SESSIONS.c.expires > now)
            both = select(KEYS).join(SESSIONS, SESSIONS.c.key_id == KEYS.c.id).where(mine)
            row = connection.execute(both).mappings().one_or_none()
        key = _key(row) if row is not None else None
        return key.caller if key is not None and key.is_valid(now) else None

    def sign_out(self, token: str) -> None:
        """Ends a session, if it is one."""
        if self.keys():
            with self._database.writing() as connection:
                connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest(token)))


def _has_tables(connection: Connection) -> bool:
    return inspect(connection).has_table(KEYS.name)


def _row(key: Key) -> dict[str, Any]:
    return asdict(key) | {"scopes": " ".join(scope for scope in SCOPES if scope in key.scopes)}


def _key(row: Any) -> Key:
    return Key(**{**row, "scopes": frozenset(row["scopes"].split())})
