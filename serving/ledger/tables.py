"""The ledger's tables, for any SQL database; moments are int64 µs UTC."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

FORMAT = 2

UPGRADABLE = (1,)
"""Earlier formats that lack tables and nothing else: the tables are added, and what was recorded stays."""

SORTS = ("priority", "lifetime_value", "churn", "conversion", "customer_id")
"""What accounts can be sorted by."""

BY_BYTES = String().with_variant(String(collation="C"), "postgresql")
"""Texts that every database sorts alike."""

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

CHANGES = Table("ledger_changes", METADATA, Column("number", BigInteger, nullable=False))
"""One row: it grows with every decision that is recorded, so that readers know when what they remember is old."""

DICTIONARIES = Table(
    "dictionaries",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("model_version", String, nullable=False),
    Column("language", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("model_version", "language"),
)
"""What the answers of one model in one language have in common, so that each takes little room."""

RECOMMENDATIONS = Table(
    "recommendations",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("customer_id", String, nullable=False),
    Column("cutoff", BigInteger, nullable=False),
    Column("language", String, nullable=False),
    Column("model_version", String, nullable=False),
    Column("plan_version", String),
    Column("playbook_version", String),
    Column("policy", String),
    Column("tier", String),
    Column("feature_hash", String),
    Column("lifetime_value", Double, nullable=False),
    Column("conversion", Double),
    Column("churn", Double),
    Column("recorded", BigInteger, nullable=False),
    Column("dictionary", Integer, ForeignKey("dictionaries.id")),
    Column("text", LargeBinary, nullable=False),
    Index("recommendations_by_customer", "customer_id", "cutoff"),
)
"""What was recommended; `text` is the answer, compressed with the dictionary."""

ROSTERS = Table(
    "rosters",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("cutoff", BigInteger, nullable=False),
    Column("plan_version", String, nullable=False),
    Column("model_version", String, nullable=False),
    Column("whole", Boolean, nullable=False),
    sqlite_autoincrement=True,
)
"""Lists of all accounts; the one that counts is the last that is whole."""

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("roster_id", Integer, ForeignKey("rosters.id"), primary_key=True, autoincrement=False),
    Column("customer_id", BY_BYTES, primary_key=True),
    Column("name", String),
    Column("owner", String),
    Column("tier", String, nullable=False),
    Column("lifetime_value", Double, nullable=False),
    Column("conversion", Double, nullable=False),
    Column("churn", Double, nullable=False),
    Column("priority", Double, nullable=False),
    Column("recommendation", String, nullable=False),
    Column("sought", String, nullable=False),
    *(
        Index(f"accounts_by_{sort}", "roster_id", *dict.fromkeys((sort, "customer_id")), "tier", "owner")
        for sort in SORTS
    ),
    sqlite_with_rowid=False,
)
"""The accounts of a roster. A chance that a customer does not have is -1 here, and so sorts below all others; `sought`
is what is searched. Every index holds what pages are chosen by, so that a page is found in it alone: one more
for each filter would make writing three times as long."""

HEADCOUNTS = Table(
    "headcounts",
    METADATA,
    Column("roster_id", Integer, ForeignKey("rosters.id"), nullable=False),
    Column("tier", String, nullable=False),
    Column("owner", String),
    Column("customers", Integer, nullable=False),
    Index("headcounts_by_roster", "roster_id"),
)
"""How many accounts of a roster each tier and owner has: counting them in every request would take too long."""
