"""Histories of a frame of events."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from data.frames import (
    conform,
    contact_column,
    distinct,
    floats,
    hash_column,
    in_order,
    instants,
    minor_units,
    with_roles,
)
from data.histories.dated import Dated, ends_of
from data.histories.histories import Histories, assemble
from data.histories.profiles import PROFILE_DTYPES
from data.ingest.facts import NO_FACTS, settled
from data.ingest.profile_table import facts_in
from data.settings.book import Book


def encode(events: pl.DataFrame, profile: pl.DataFrame | None, book: Book) -> Histories:
    """Histories of a frame of events with the columns of EVENT_SCHEMA, in any order.

    Rows without a key get one from their content. `profile` has any number of rows a customer: customer_id,
    declared columns, and for when they became known `<column>.known_time` or `known_time` (without either,
    always). SourceError for a type without a role.
    """
    frame = in_order(distinct(with_roles(conform(events), book), book.minor_digits))
    facts = NO_FACTS if profile is None else settled(facts_in(profile, book), book)
    return encode_sorted(frame, people_of(frame, facts), facts, book)


def people_of(frame: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """One row a customer with events or facts, by id: customer_id, number of events."""
    people = frame.group_by("customer_id").agg(events=pl.len().cast(pl.Int64))
    described = facts.select("customer_id").unique()
    both = people.join(described, on="customer_id", how="full", coalesce=True)
    return both.sort("customer_id").with_columns(pl.col("events").fill_null(0))


def encode_sorted(frame: pl.DataFrame, people: pl.DataFrame, facts: pl.DataFrame, book: Book) -> Histories:
    """Histories of sorted rows that have roles and keys, of their people, and of settled facts on them."""
    amount, priced = minor_units(frame["amount"], book.minor_digits)
    margin, margined = minor_units(frame["margin"], book.minor_digits)
    columns: dict[str, npt.NDArray[Any]] = {
        "time": instants(frame["time"]),
        "known_time": instants(frame["known_time"]),
        "role": frame["role"].to_numpy(),
        "amount": amount,
        "priced": priced,
        "margin": margin,
        "margined": margined,
        "quantity": floats(frame["quantity"]),
        **{name: hash_column(frame[name]) for name in ("type", "product", "category", "channel")},
        "contact": contact_column(frame["attributes"]),
    }
    return assemble(
        customer_ids=people["customer_id"].to_list(),
        lengths=people["events"].to_numpy(),
        columns=columns,
        order_id=hash_column(frame["order_id"]),
        profile={name: _dated(facts, name, kind, people) for name, kind in book.profile_kinds.items()},
        book=book,
    )


def _dated(facts: pl.DataFrame, name: str, kind: str, people: pl.DataFrame) -> Dated:
    """The statements on one column, in the order of the people."""
    own = facts.filter(pl.col("column") == name)
    places = people.select("customer_id").with_row_index("place")
    owner = own.select("customer_id").join(places, on="customer_id", how="left", maintain_order="left")["place"]
    return Dated(
        ends_of(np.bincount(owner.to_numpy(), minlength=people.height)),
        _numbers(own["value"], kind),
        own["known_time"].to_numpy(),
        own["expires"].to_numpy(),
    )


def _numbers(values: pl.Series, kind: str) -> npt.NDArray[Any]:
    if kind in ("category", "text"):
        return hash_column(values)
    return values.cast(pl.Float64 if kind == "number" else pl.Int64).to_numpy().astype(PROFILE_DTYPES[kind], copy=False)
