"""Histories of a frame of events."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from data.book import Book
from data.errors import SourceError
from data.frames import conform, floats, hash_column, in_order, instants, minor_units, with_keys, with_roles
from data.histories import Histories, assemble
from data.profiles import ALWAYS_KNOWN, NEVER_KNOWN, PROFILE_DTYPES, declared, missing, profile_array


def encode_frame(events: pl.DataFrame, profile: pl.DataFrame | None, book: Book) -> Histories:
    """`data.histories.encode`."""
    frame = in_order(with_keys(with_roles(conform(events), book), book.minor_digits))
    people = _customers(frame, profile)
    return encode_sorted(frame, people, profile, book)


def encode_sorted(
    frame: pl.DataFrame, people: pl.DataFrame, profile: pl.DataFrame | None, book: Book
) -> Histories:
    """Histories of sorted rows with roles and keys; `people` has customer_id and number of events, by id."""
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
    values, known = profile_arrays(people["customer_id"], profile, book)
    return assemble(
        customer_ids=people["customer_id"].to_list(),
        lengths=people["events"].to_numpy().astype(np.int64),
        columns=columns,
        order_id=hash_column(frame["order_id"]),
        profile=values,
        profile_known=known,
        book=book,
    )


def profile_arrays(
    customers: pl.Series, profile: pl.DataFrame | None, book: Book
) -> tuple[dict[str, npt.NDArray[Any]], dict[str, npt.NDArray[np.int64]]]:
    """The declared columns, and when they became known, aligned with the customers."""
    given = customers.to_frame("customer_id")
    if profile is not None:
        _require_declared(profile, book)
        given = given.join(profile, on="customer_id", how="left", maintain_order="left")
    values: dict[str, npt.NDArray[Any]] = {}
    known: dict[str, npt.NDArray[np.int64]] = {}
    for name, kind in book.profile_kinds.items():
        values[name] = _column(given, name, kind, book.time_zone)
        since = _known_since(given, name)
        known[name] = np.where(missing(values[name], kind), NEVER_KNOWN, since)
    return values, known


def _customers(frame: pl.DataFrame, profile: pl.DataFrame | None) -> pl.DataFrame:
    people = frame.group_by("customer_id").agg(events=pl.len())
    if profile is not None:
        silent = profile.select("customer_id").join(people, on="customer_id", how="anti")
        people = pl.concat([people, silent.with_columns(events=pl.lit(0, people.schema["events"]))])
    return people.sort("customer_id")


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
            since = (
                given[column].cast(pl.Datetime("us")) if given[column].dtype.is_temporal() else given[column]
            )
            return since.to_physical().fill_null(ALWAYS_KNOWN).to_numpy()
    return np.full(given.height, ALWAYS_KNOWN, np.int64)
