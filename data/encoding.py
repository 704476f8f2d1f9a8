"""Histories of a frame of events."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from data.book import Book
from data.errors import SourceError
from data.frames import conform, distinct, floats, hash_column, in_order, instants, minor_units, with_roles
from data.histories import Histories, assemble
from data.profiles import ALWAYS_KNOWN, NEVER_KNOWN, PROFILE_DTYPES, declared, missing, profile_array


def encode(events: pl.DataFrame, profile: pl.DataFrame | None, book: Book) -> Histories:
    """Histories of a frame of events with the columns of EVENT_SCHEMA, in any order.

    Rows without a key get one from their content. `profile` has one row per customer: customer_id, declared
    columns, and for when they became known `<column>.known_time` or `known_time` (without either, always).
    SourceError for a type without a role.
    """
    frame = in_order(distinct(with_roles(conform(events), book), book.minor_digits))
    if profile is not None:
        _require_declared(profile, book)
    return encode_sorted(frame, people_of(frame, profile), book)


def people_of(frame: pl.DataFrame, profile: pl.DataFrame | None) -> pl.DataFrame:
    """One row a customer with events or a profile, by id: customer_id, number of events, profile."""
    people = frame.group_by("customer_id").agg(events=pl.len().cast(pl.Int64))
    if profile is not None:
        people = people.join(profile, on="customer_id", how="full", coalesce=True)
    return people.sort("customer_id").with_columns(pl.col("events").fill_null(0))


def encode_sorted(frame: pl.DataFrame, people: pl.DataFrame, book: Book) -> Histories:
    """Histories of sorted rows that have roles and keys, and of their people."""
    amount, priced = minor_units(frame, book.minor_digits)
    columns: dict[str, npt.NDArray[Any]] = {
        "time": instants(frame["time"]),
        "known_time": instants(frame["known_time"]),
        "role": frame["role"].to_numpy(),
        "amount": amount,
        "priced": priced,
        "quantity": floats(frame["quantity"]),
        **{name: hash_column(frame[name]) for name in ("type", "product", "category", "channel")},
    }
    profile, known = _profile_arrays(people, book)
    return assemble(
        customer_ids=people["customer_id"].to_list(),
        lengths=people["events"].to_numpy(),
        columns=columns,
        order_id=hash_column(frame["order_id"]),
        profile=profile,
        profile_known=known,
        book=book,
    )


def _profile_arrays(
    people: pl.DataFrame, book: Book
) -> tuple[dict[str, npt.NDArray[Any]], dict[str, npt.NDArray[np.int64]]]:
    """The declared columns, and when they became known."""
    values: dict[str, npt.NDArray[Any]] = {}
    known: dict[str, npt.NDArray[np.int64]] = {}
    for name, kind in book.profile_kinds.items():
        values[name] = _column(people, name, kind, book.time_zone)
        known[name] = np.where(missing(values[name], kind), NEVER_KNOWN, _known_since(people, name))
    return values, known


def _require_declared(profile: pl.DataFrame, book: Book) -> None:
    names = [name for name in profile.columns if name not in ("customer_id", "known_time")]
    declared(book, [name for name in names if not name.endswith(".known_time")])
    if profile["customer_id"].is_duplicated().any():
        raise SourceError("profile: expected one row a customer, got two of the same customer_id")


def _column(given: pl.DataFrame, name: str, kind: str, time_zone: str) -> npt.NDArray[Any]:
    if name not in given.columns:
        return profile_array([None] * given.height, kind, time_zone, given.height)
    column = given[name]
    if kind in ("category", "text") and column.dtype == pl.String:
        return hash_column(column)
    if kind == "number" and column.dtype.is_numeric():
        return floats(column)
    if kind == "date" and column.dtype == pl.Int64:
        return column.fill_null(ALWAYS_KNOWN).to_numpy()
    return profile_array(column, kind, time_zone, given.height).astype(PROFILE_DTYPES[kind], copy=False)


def _known_since(given: pl.DataFrame, name: str) -> npt.NDArray[np.int64]:
    for column in (f"{name}.known_time", "known_time"):
        if column in given.columns:
            since = given[column].cast(pl.Datetime("us")) if given[column].dtype.is_temporal() else given[column]
            return since.to_physical().fill_null(ALWAYS_KNOWN).to_numpy()
    return np.full(given.height, ALWAYS_KNOWN, np.int64)
