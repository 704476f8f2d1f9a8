"""Which rows are one event: identity is (source, key), or (source, content, occurrence in its delivery)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from data.events import TAKEN_KEY
from data.frames import FRAME_SCHEMA, content_keys
from data.hashing import Hashes
from data.reading.mapping import MAPPED_SCHEMA
from data.reading.rows import LINE

_PRECEDENCE = ["known_time", "content", "origin", "delivery", LINE]
CLAIM_SCHEMA = pl.Schema({name: MAPPED_SCHEMA[name] for name in ("mark", "customer", *_PRECEDENCE)})


@dataclass(frozen=True, slots=True)
class Resolved:
    """The distinct events, each with a key, and the rows whose key belongs to a different row."""

    events: pl.DataFrame
    conflicts: pl.DataFrame


def resolved(rows: pl.DataFrame, owners: pl.DataFrame) -> Resolved:
    """The events of one bucket; `owners` names the customer of every mark that several customers claim."""
    plain = _by_content(rows.filter(pl.col("key").is_null()))
    keyed = rows.filter(pl.col("key").is_not_null())
    if owners.height == 0 and keyed["mark"].n_unique() == keyed.height:
        return Resolved(pl.concat([plain, keyed]), keyed.clear())
    claimed = keyed.sort(_PRECEDENCE).join(owners, on="mark", how="left", maintain_order="left")
    wrong_owner = (pl.col("owner") != pl.col("customer")).fill_null(value=False)
    own = claimed.filter(~wrong_owner).drop("owner")
    first = own.unique("mark", keep="first", maintain_order=True)
    others = own.join(first.select("mark", first="content"), on="mark", how="left")
    conflicts = others.filter(pl.col("content") != pl.col("first")).drop("first")
    return Resolved(pl.concat([plain, first]), pl.concat([conflicts, claimed.filter(wrong_owner).drop("owner")]))


def rejected_conflicts(conflicts: pl.DataFrame) -> pl.DataFrame:
    """The conflicting rows as line, reason, raw, with their origin and delivery."""
    raw = pl.struct(list(FRAME_SCHEMA)).struct.json_encode()
    return conflicts.select(
        "origin", "delivery", pl.col(LINE).alias("line"), pl.lit(TAKEN_KEY).alias("reason"), raw.alias("raw")
    )


def _by_content(rows: pl.DataFrame) -> pl.DataFrame:
    number = pl.int_range(1, pl.len() + 1).over("source", "content", "origin", "delivery")
    same = ["source", "content", "number"]
    if rows["content"].n_unique() == rows.height:
        return rows.with_columns(key=content_keys(pl.col("content"), pl.lit(1)))
    distinct = rows.with_columns(number=number).unique(same, keep="first", maintain_order=True)
    return distinct.with_columns(key=content_keys(pl.col("content"), pl.col("number"))).drop("number")


def claims_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Which customers claim which mark, with what tells whose claim comes first."""
    return rows.filter(pl.col("mark").is_not_null()).select(CLAIM_SCHEMA.names())


def owners_of(claims: pl.DataFrame) -> pl.DataFrame:
    """mark and owner: the customer of the claim that comes first, for the marks of several customers."""
    contested = _contested(claims["mark"].to_numpy(), claims["customer"].to_numpy())
    own = claims.filter(pl.col("mark").is_in(pl.Series(contested).implode())) if len(contested) else claims.clear()
    first = own.sort(_PRECEDENCE).unique("mark", keep="first", maintain_order=True)
    return first.select("mark", owner="customer")


def _contested(marks: Hashes, customers: Hashes) -> Hashes:
    ascending = np.sort(marks)
    repeated = np.isin(marks, ascending[1:][ascending[1:] == ascending[:-1]])
    marks, customers = marks[repeated], customers[repeated]
    order = np.lexsort((customers, marks))
    marks, customers = marks[order], customers[order]
    differs = (marks[1:] == marks[:-1]) & (customers[1:] != customers[:-1])
    return np.unique(marks[1:][differs])
