"""The kinds of rows that deliveries bring, and what spreads each over parts."""

from __future__ import annotations

import numpy as np
import polars as pl

from data.frames import hash_column
from data.hashing import Hashes
from data.ingest.facts import FACT_SCHEMA
from data.ingest.quarantine import SCHEMA
from data.ingest.resolution import CLAIM_SCHEMA
from data.reading.mapping import MAPPED_SCHEMA

EVENTS, CLAIMS, FACTS, REJECTED = "events", "claims", "facts", "rejected"
EMPTY = {
    EVENTS: pl.DataFrame(schema=MAPPED_SCHEMA),
    CLAIMS: pl.DataFrame(schema=CLAIM_SCHEMA),
    FACTS: pl.DataFrame(schema=FACT_SCHEMA),
    REJECTED: pl.DataFrame(schema=SCHEMA),
}


def spread_by(kind: str, rows: pl.DataFrame) -> Hashes:
    """uint64[m]: the hashes of the customers, or of claimed marks; rejected rows stay together."""
    if kind == FACTS:
        return hash_column(rows["customer_id"])
    if kind == REJECTED:
        return np.zeros(rows.height, np.uint64)
    return rows["mark" if kind == CLAIMS else "customer"].to_numpy()
