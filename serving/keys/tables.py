"""The tables of keys and sessions, in the database of the book's ledger; moments are int64 µs UTC."""

from sqlalchemy import BigInteger, Column, Index, MetaData, String, Table

METADATA = MetaData()

KEYS = Table(
    "api_keys",
    METADATA,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("scopes", String, nullable=False),
    Column("owner", String),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger),
    Column("revoked", BigInteger),
    Column("digest", String, nullable=False),
)
"""One row a key, for good: a revoked one stays, so that keys never turn themselves off."""

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("key_id", String, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Index("sessions_by_end", "expires"),
)
"""One row a person who is signed in; of the token, only a digest is kept."""
