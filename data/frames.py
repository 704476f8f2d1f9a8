"""Events as Polars frames: their schema, hashes, keys and order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]

from data.contact import CONTACT
from data.errors import SourceError, listed
from data.events import EVENT_SCHEMA, INLINE, TEXT_FIELDS, Event, to_minor
from data.hashing import Hashes, hash_spans
from data.histories.histories import Histories
from data.identity import Content, attributes_text
from data.settings.book import Book

FRAME_SCHEMA: pl.Schema = cast(pl.DataFrame, pl.from_arrow(EVENT_SCHEMA.empty_table())).schema
ORDER_WITHIN_CUSTOMER = ("time", "role", "order_id", "key", "source")


def conform(events: pl.DataFrame) -> pl.DataFrame:
    """The frame with exactly the columns of EVENT_SCHEMA; absent optional columns are filled with null."""
    missing = [name for name in ("customer_id", "time", "type") if name not in events.columns]
    if missing:
        raise SourceError(f"events: expected the columns customer_id, time, type; missing {listed(missing)}")
    absent = [pl.lit(None, FRAME_SCHEMA[name]).alias(name) for name in FRAME_SCHEMA if name not in events.columns]
    frame = events.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in FRAME_SCHEMA.items())
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


def distinct(frame: pl.DataFrame, minor_digits: int) -> pl.DataFrame:
    """One row for each identity of a customer, with its key: the row known first, then the least content."""
    hashed = frame.with_columns(content=content_hashes(frame, minor_digits))
    number = pl.int_range(1, pl.len() + 1).over("source", "content")
    keyed = hashed.with_columns(pl.coalesce("key", content_keys(pl.col("content"), number)))
    if frame["key"].null_count() < frame.height:
        keyed = keyed.sort("known_time", "content").unique(["customer_id", "source", "key"], keep="first")
    return keyed.drop("content")


def content_keys(content: pl.Expr, number: pl.Expr) -> pl.Expr:
    """`content_key` of whole columns."""
    return pl.concat_str(content.map_batches(_hex, return_dtype=pl.String), number.cast(pl.String), separator="-")


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Sorted by customer and, within one, by time, role, order_id and key (no order_id comes first)."""
    return frame.sort("customer_id", *ORDER_WITHIN_CUSTOMER, nulls_last=False)


def content_hashes(frame: pl.DataFrame, minor_digits: int) -> Hashes:
    """uint64[m]: the hash of every row's content."""
    amount, priced = minor_units(frame["amount"], minor_digits)
    margin, margined = minor_units(frame["margin"], minor_digits)
    return Content(
        customer_id=hash_column(frame["customer_id"]),
        time=instants(frame["time"]),
        known_time=instants(frame["known_time"]),
        amount=amount,
        priced=priced,
        margin=margin,
        margined=margined,
        quantity=floats(frame["quantity"]),
        **{name: hash_column(frame[name]) for name in TEXT_FIELDS},
    ).hashes()


def hash_column(texts: pl.Series) -> Hashes:
    """uint64[m]: the stable hashes of a column, 0 for null."""
    column = texts.to_arrow()
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int64)[column.offset : column.offset + len(column) + 1]
    hashes = hash_spans(np.frombuffer(data or b"", np.uint8), ends)
    return np.where(texts.is_null().to_numpy(), np.uint64(0), hashes) if texts.has_nulls() else hashes


def contact_column(attributes: pl.Series) -> Hashes:
    """uint64[m]: the stable hashes of the contacts in a column of attributes, 0 for none.

    Each different text is read once.
    """
    texts = attributes.alias("text").to_frame().with_row_index("row")
    naming = texts.filter(pl.col("text").str.contains(f'"{CONTACT}"', literal=True))
    distinct = naming.select("text").unique()
    hashes = hash_column(distinct["text"].str.json_path_match(f"$.{CONTACT}"))
    found = naming.join(distinct.with_columns(contact=pl.Series(hashes)), on="text", how="left")
    contacts = np.zeros(len(attributes), np.uint64)
    contacts[found["row"].to_numpy()] = found["contact"].to_numpy()
    return contacts


def instants(times: pl.Series) -> npt.NDArray[np.int64]:
    """int64[m]: a column of times as microseconds UTC."""
    return times.to_physical().to_numpy()


def floats(numbers: pl.Series) -> npt.NDArray[np.float64]:
    """float64[m]: a column of numbers, nan for null."""
    return numbers.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def minor_units(money: pl.Series, minor_digits: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """A column of money in minor units, and whether each was given."""
    return to_minor(floats(money), minor_digits)


def spoken_frame(histories: Histories, words: pa.Table, minor_digits: int) -> pl.DataFrame:
    """The events of a stored bucket in words, with the columns of EVENT_SCHEMA."""
    said = cast(pl.DataFrame, pl.from_arrow(words.select([name for name in words.column_names if "word." in name])))
    said = said.rename(lambda name: name.removeprefix("word."))
    customers = pl.Series(list(histories.customer_ids), dtype=pl.String)
    owner = np.repeat(np.arange(len(histories)), np.diff(histories.offsets))
    unit = 10.0**minor_digits
    frame = said.with_columns(
        customer_id=customers.gather(owner),
        time=pl.Series(histories.time).cast(FRAME_SCHEMA["time"]),
        known_time=pl.Series(histories.known_time).cast(FRAME_SCHEMA["known_time"]),
        amount=pl.when(pl.Series(histories.priced)).then(pl.Series(histories.amount) / unit),
        margin=pl.when(pl.Series(histories.margined)).then(pl.Series(histories.margin) / unit),
        quantity=pl.Series(histories.quantity).fill_nan(None),
    )
    return frame.select(pl.col(name).cast(dtype) for name, dtype in FRAME_SCHEMA.items())


def frame_of(events: Sequence[Event]) -> pl.DataFrame:
    """Events as a frame with the columns of EVENT_SCHEMA; a key stays null where there is none."""
    plain = ("customer_id", "type", "quantity", "product", "category", "channel", "order_id", "source", "key")
    columns: dict[str, list[Any]] = {name: [getattr(event, name) for event in events] for name in plain}
    columns["time"] = [event.time.astimezone(UTC) for event in events]
    columns["known_time"] = [(event.known_time or event.time).astimezone(UTC) for event in events]
    for name in ("amount", "margin"):
        money = [getattr(event, name) for event in events]
        columns[name] = [None if each is None else float(each) for each in money]
    columns["attributes"] = [attributes_text(event.attributes) for event in events]
    return pl.DataFrame({name: pl.Series(columns[name], dtype=dtype) for name, dtype in FRAME_SCHEMA.items()})


def _hex(hashes: pl.Series) -> pl.Series:
    raw = pa.py_buffer(hashes.to_numpy().astype(">u8").tobytes())
    binary = pa.FixedSizeBinaryArray.from_buffers(pa.binary(8), len(hashes), [None, raw])
    return cast(pl.Series, pl.from_arrow(binary.cast(pa.large_binary()))).bin.encode("hex")
