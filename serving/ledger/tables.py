"""The ledger's tables, for any SQL database; moments are int64 µs UTC."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

FORMAT = 1

METADATA = MetaData()

HEAD = Table(
    "ledger",
    METADATA,
    Column("format", Integer, nullable=False),
    Column("book", String, nullable=False),
)
"""One row: which book's ledger this is, and in which format."""

OVERRIDES = Table(
    "overrides",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("customer_id", String, nullable=False),
    Column("tier", String, nullable=False),
    Column("by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("starts", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Column("value_then", Double, nullable=False),
    Column("churn_then", Double),
    Column("model_version", String, nullable=False),
    Column("tier_then", String),
    Index("overrides_by_customer", "customer_id"),
    sqlite_autoincrement=True,
)

WITHDRAWALS = Table(
    "withdrawals",
    METADATA,
    Column("override_id", Integer, ForeignKey("overrides.id"), primary_key=True, autoincrement=False),
    Column("by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("recorded", BigInteger, nullable=False),
)

WRITES = Table(
    "tier_writes",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("cutoff", BigInteger, nullable=False),
    Column("plan_version", String, nullable=False),
    Column("model_version", String, nullable=False),
    UniqueConstraint("cutoff", "plan_version"),
    sqlite_autoincrement=True,
)
"""Whose tiers were written at once: those of one plan at one cutoff."""

STANDING = Table(
    "standing_tiers",
    METADATA,
    Column("write_id", Integer, ForeignKey("tier_writes.id"), primary_key=True, autoincrement=False),
    Column("customer_id", String, primary_key=True),
    Column("tier", String, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("moved_from", String),
    sqlite_with_rowid=False,
)
