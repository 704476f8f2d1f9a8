"""Events as Polars frames: their schema, hashes, keys and order."""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]

from data.book import Book
from data.errors import SourceError, listed
from data.events import EVENT_SCHEMA, INLINE, TEXT_FIELDS, to_minor
from data.hashing import Hashes, stable_hash
from data.identity import Content

FRAME_SCHEMA: pl.Schema = cast(pl.DataFrame, pl.from_arrow(EVENT_SCHEMA.empty_table())).schema
ORDER_WITHIN_CUSTOMER = ("time", "role", "order_id", "key", "source")


def conform(events: pl.DataFrame) -> pl.DataFrame:
    """The frame with exactly the columns of EVENT_SCHEMA; absent optional columns are filled with null."""
    missing = [name for name in ("customer_id", "time", "type") if name not in events.columns]
    if missing:
        raise SourceError(f"events: expected the columns customer_id, time, type; missing {listed(missing)}")
    absent = [
        pl.lit(None, FRAME_SCHEMA[name]).alias(name) for name in FRAME_SCHEMA if name not in events.columns
    ]
    frame = events.with_columns(absent).select(
        pl.col(name).cast(dtype) for name, dtype in FRAME_SCHEMA.items()
    )
    return frame.with_columns(
        pl.coalesce("known_time", "time"),
        pl.col("source").fill_null(INLINE),
        *(pl.col(name).replace("", None) for name in TEXT_FIELDS),
    )


def with_roles(frame: pl.DataFrame, book: Book) -> pl.DataFrame:
    """The frame with `role`, the int8 code of each event's type; SourceError for a type without one."""
    codes = pl.col("type").replace_strict(book.role_codes, default=None, return_dtype=pl.Int8)
    coded = frame.with_columns(role=codes)
    if coded["role"].has_nulls():
        unknown = coded.filter(pl.col("role").is_null())["type"].unique().sort()
        raise SourceError(f"events: types without a role in book {book.name}: {listed(map(str, unknown))}")
    return coded


def with_keys(frame: pl.DataFrame, minor_digits: int) -> pl.DataFrame:
    """The frame with a key in every row: its own, or its content and occurrence number in this frame."""
    if not frame["key"].has_nulls():
        return frame
    hashed = frame.with_columns(content=content_hashes(frame, minor_digits))
    number = pl.int_range(1, pl.len() + 1).over("source", "content")
    return hashed.with_columns(pl.coalesce("key", content_keys(pl.col("content"), number))).drop("content")


def content_keys(content: pl.Expr, number: pl.Expr) -> pl.Expr:
    """`content_key` of whole columns."""
    return pl.concat_str(
        content.map_batches(_hex, return_dtype=pl.String), number.cast(pl.String), separator="-"
    )


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Sorted by customer and, within one, by time, role, order_id and key (no order_id comes first)."""
    return frame.sort("customer_id", *ORDER_WITHIN_CUSTOMER, nulls_last=False)


def content_hashes(frame: pl.DataFrame, minor_digits: int) -> Hashes:
    """uint64[m]: the hash of every row's content."""
    amount, priced = minor_units(frame, minor_digits)
    return Content(
        customer_id=hash_column(frame["customer_id"]),
        time=instants(frame["time"]),
        known_time=instants(frame["known_time"]),
        amount=amount,
        priced=priced,
        quantity=floats(frame["quantity"]),
        **{name: hash_column(frame[name]) for name in TEXT_FIELDS},
    ).hashes()


def hash_column(texts: pl.Series) -> Hashes:
    """uint64[m]: stable hashes of a column; each distinct text is hashed once."""
    column = texts.to_arrow().dictionary_encode()
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    hashes = np.append(stable_hash(column.dictionary.to_pylist()), np.uint64(0))
    codes = column.indices.fill_null(len(hashes) - 1).to_numpy(zero_copy_only=False)
    return cast(Hashes, hashes[codes])


def instants(times: pl.Series) -> npt.NDArray[np.int64]:
    """int64[m]: a column of times as microseconds UTC."""
    return times.to_physical().to_numpy()


def floats(numbers: pl.Series) -> npt.NDArray[np.float64]:
    """float64[m]: a column of numbers, nan for null."""
    return numbers.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def minor_units(
    frame: pl.DataFrame, minor_digits: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The amounts in minor units, and whether each was given."""
    return to_minor(floats(frame["amount"]), minor_digits)


def _hex(hashes: pl.Series) -> pl.Series:
    raw = pa.py_buffer(hashes.to_numpy().astype(">u8").tobytes())
    binary = pa.FixedSizeBinaryArray.from_buffers(pa.binary(8), len(hashes), [None, raw])
    return cast(pl.Series, pl.from_arrow(binary.cast(pa.large_binary()))).bin.encode("hex")
