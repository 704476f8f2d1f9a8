"""From raw rows to events: what each column means, and what is wrong with a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from data import events as why
from data.frames import FRAME_SCHEMA, content_hashes, hash_column
from data.hashing import combine
from data.identity import attributes_text, joined_key
from data.nul import nul_reason
from data.reading.measures import amounts, never, nothing, other_mark, quantities
from data.reading.rows import LINE, RAW
from data.reading.texts import holds, texts
from data.reading.times import parse_times
from data.settings.book import Book
from data.settings.condition import Filter
from data.settings.source import Join, ProfileSource, Source

MAPPED_SCHEMA: dict[str, Any] = {
    **FRAME_SCHEMA,
    "role": pl.Int8,
    "content": pl.UInt64,
    "customer": pl.UInt64,
    "mark": pl.UInt64,
    "origin": pl.Int32,
    "delivery": pl.Int32,
    LINE: pl.Int64,
}
_INSTANT = pl.Datetime("us", "UTC")


def wanted_columns(source: Source, profiles: Sequence[ProfileSource] = ()) -> list[str]:
    """The raw columns that a source and the profiles of its rows name, without those that joins bring."""
    fields = source.columns
    named = [
        *(
            getattr(fields, name)
            for name in type(fields).model_fields
            if name not in ("amount", "margin", "quantity", "attributes")
        ),
        *fields.measures,
        *fields.attributes.values(),
        *(name for money in (fields.amount, fields.margin) if money for name in money.factors),
        *(condition.column for rule in source.types for condition in rule.where),
        *source.keys,
        *(name for profile in profiles for name in _profile_columns(profile)),
    ]
    return _without_joined(named, source.filters, source.joins)


def wanted_profile_columns(source: ProfileSource) -> list[str]:
    """The same for a profile source with a place of its own."""
    return _without_joined(_profile_columns(source), source.filters, source.joins)


def _profile_columns(source: ProfileSource) -> list[str | None]:
    own = [column.column or name for name, column in source.columns.items()]
    return [source.customer_id, source.known_time, source.expires, *own]


def _without_joined(named: Sequence[str | None], filters: Sequence[Filter], joins: Sequence[Join]) -> list[str]:
    joined = {column for join in joins for column in join.columns}
    conditions = [condition.column for filter_ in filters for condition in filter_.where]
    wanted = dict.fromkeys([*named, *conditions, *(join.on for join in joins)])
    return [name for name in wanted if name is not None and name not in joined]


def joined(frame: pl.DataFrame, joins: Sequence[Join], tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The rows with the columns of the joined tables; values of `on` meet as texts."""
    for join, table in zip(joins, tables, strict=True):
        left = frame.with_columns(texts(frame[join.on]).alias("__on"))
        right = table.select(texts(table[join.on]).alias("__on"), *join.columns)
        frame = left.join(right, on="__on", how="left", maintain_order="left").drop("__on")
    return frame


def unfiltered(
    frame: pl.DataFrame, filters: Sequence[Filter], decimal: str = "."
) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows that no filter drops, and how many each dropped; the first filter that fits counts."""
    dropped: dict[str, int] = {}
    for filter_ in filters:
        fits = holds(filter_.where, frame, decimal)
        dropped[filter_.name] = int(fits.sum())
        frame = frame.filter(~fits)
    return frame, dropped


def mapped(frame: pl.DataFrame, source: Source, book: Book) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Events of the raw rows, with role and line; and the rejected rows as line, reason, raw."""
    fields, reason = _fields(frame, source, book)
    return fields.filter(reason.is_null()), _with_time(rejected(frame, reason), frame, reason, source)


def _with_time(rejects: pl.DataFrame, frame: pl.DataFrame, reason: pl.Series, source: Source) -> pl.DataFrame:
    """The rejected rows with `value`, the text of a time that is no date."""
    value = texts(frame[source.columns.time]).filter(reason.is_not_null()).alias("value")
    return rejects.with_columns(value).with_columns(
        pl.when(pl.col("reason") == why.UNREAD_TIME).then("value").otherwise(None).alias("value")
    )


def marked(events: pl.DataFrame, origin: int, delivery: int, minor_digits: int) -> pl.DataFrame:
    """Events ready to be told apart: hashes of content, customer and (where there is a key) identity."""
    keyed = combine([hash_column(events["source"]), hash_column(events["key"])])
    return events.with_columns(
        content=content_hashes(events, minor_digits),
        customer=hash_column(events["customer_id"]),
        mark=pl.when(pl.col("key").is_not_null()).then(pl.Series(keyed)),
        origin=pl.lit(origin),
        delivery=pl.lit(delivery),
    ).select(pl.col(name).cast(dtype) for name, dtype in MAPPED_SCHEMA.items())


def rejected(frame: pl.DataFrame, reason: pl.Series) -> pl.DataFrame:
    """The rows that have a reason, as line, reason, raw (JSON where the source has no lines of text)."""
    columns = [name for name in frame.columns if name not in (LINE, RAW)]
    bad = frame.with_columns(reason=reason).filter(pl.col("reason").is_not_null())
    raw = pl.coalesce(RAW, pl.struct(columns).struct.json_encode())
    return bad.select(pl.col(LINE).alias("line"), "reason", raw.alias("raw"))


def _fields(frame: pl.DataFrame, source: Source, book: Book) -> tuple[pl.DataFrame, pl.Series]:
    """Every field of the events, and the first thing that is wrong with each row."""
    columns, zone = source.columns, source.time_zone or book.time_zone
    time = parse_times(frame[columns.time], source.time_format, zone)
    known, bad_known = _known_time(frame, columns.known_time, source.time_format, zone)
    type_ = _types(frame, source)
    amount, bad_amount = amounts(frame, columns.amount, source.decimal)
    margin, bad_margin = amounts(frame, columns.margin, source.decimal)
    quantity, bad_quantity = quantities(frame, source, zone)
    key = _key(frame, source.keys)
    fields = pl.DataFrame(
        {
            "customer_id": texts(frame[columns.customer_id]),
            "time": time.cast(_INSTANT),
            "known_time": known.zip_with(known.is_not_null(), time).cast(_INSTANT),
            "type": type_,
            "amount": amount,
            "margin": margin,
            "quantity": quantity,
            "product": _text(frame, columns.product, source.product),
            "category": _text(frame, columns.category, source.category),
            "channel": _text(frame, columns.channel, source.channel),
            "attributes": _attributes(frame, columns.attributes),
            "order_id": _text(frame, columns.order_id, None),
            "source": pl.repeat(source.name, frame.height, eager=True),
            "key": key,
            "role": type_.replace_strict(book.role_codes, default=None, return_dtype=pl.Int8),
            LINE: frame[LINE],
        }
    )
    told = fields.with_columns(
        no_time=texts(frame[columns.time]).is_null(),
        bad_known=bad_known,
        bad_amount=bad_amount,
        bad_margin=bad_margin,
        bad_quantity=bad_quantity,
        other_mark=other_mark(frame, columns.amount, source.decimal),
        other_margin_mark=other_mark(frame, columns.margin, source.decimal),
        no_key=key.is_null() if source.keys else pl.lit(value=False),
    )
    return fields, told.select(_reason(book.minor_digits, source.decimal)).to_series()


def _reason(minor_digits: int, decimal: str) -> pl.Expr:
    """The first reason that applies to a row, or null."""
    amount, margin, quantity = pl.col("amount"), pl.col("margin"), pl.col("quantity")
    otherwise = why.COMMA_AMOUNT if decimal == "." else why.POINT_AMOUNT
    otherwise_margin = why.COMMA_MARGIN if decimal == "." else why.POINT_MARGIN
    largest = why.LARGEST_MINOR / 10.0**minor_digits
    tests: list[tuple[str, pl.Expr]] = [
        (why.NO_CUSTOMER, pl.col("customer_id").is_null()),
        (why.NO_TIME, pl.col("no_time")),
        (why.UNREAD_TIME, pl.col("time").is_null()),
        (why.BAD_KNOWN_TIME, pl.col("bad_known")),
        (why.NO_TYPE, pl.col("type").is_null()),
        (why.UNKNOWN_TYPE, pl.col("role").is_null()),
        (otherwise, pl.col("bad_amount") & pl.col("other_mark")),
        (why.BAD_AMOUNT, pl.col("bad_amount")),
        (why.INFINITE_AMOUNT, ~amount.is_finite()),
        (why.HUGE_AMOUNT, amount.abs() >= largest),
        (why.POSITIVE_RETURN, (amount > 0) & (pl.col("role") == why.RETURN)),
        (why.NEGATIVE_PURCHASE, (amount < 0) & (pl.col("role") == why.PURCHASE) & pl.col("order_id").is_null()),
        (otherwise_margin, pl.col("bad_margin") & pl.col("other_margin_mark")),
        (why.BAD_MARGIN, pl.col("bad_margin")),
        (why.INFINITE_MARGIN, ~margin.is_finite()),
        (why.HUGE_MARGIN, margin.abs() >= largest),
        (why.BAD_QUANTITY, pl.col("bad_quantity")),
        (why.INFINITE_QUANTITY, ~quantity.is_finite()),
        (why.NEGATIVE_QUANTITY, (quantity < 0) & ~pl.col("role").is_in(why.SIGNED)),
        (why.NO_KEY, pl.col("no_key")),
    ]
    told = [pl.when(test).then(pl.lit(reason)) for reason, test in tests]
    return pl.coalesce(*told, nul_reason()).alias("reason")


def _known_time(
    frame: pl.DataFrame, column: str | None, time_format: str | None, zone: str
) -> tuple[pl.Series, pl.Series]:
    """When each row became known (null: not said), and whether it says so unreadably."""
    if column is None:
        return nothing(frame, pl.Int64), never(frame)
    known = parse_times(frame[column], time_format, zone)
    return known, known.is_null() & texts(frame[column]).is_not_null()


def _types(frame: pl.DataFrame, source: Source) -> pl.Series:
    if source.columns.type is not None:
        return texts(frame[source.columns.type])
    rules = [(source.type, ())] if source.type is not None else [(rule.type, rule.where) for rule in source.types]
    fits = pl.DataFrame({str(number): holds(where, frame, source.decimal) for number, (_, where) in enumerate(rules)})
    first = [pl.when(str(number)).then(pl.lit(type_)) for number, (type_, _) in enumerate(rules)]
    return fits.select(pl.coalesce(first)).to_series()


def _text(frame: pl.DataFrame, column: str | None, constant: str | None) -> pl.Series:
    if column is not None:
        return texts(frame[column])
    return pl.repeat(constant, frame.height, dtype=pl.String, eager=True)


def _key(frame: pl.DataFrame, keys: Sequence[str]) -> pl.Series:
    """The text of the key columns, null where one is missing (or where there are none)."""
    if not keys:
        return nothing(frame, pl.String)
    parts = pl.DataFrame({str(number): texts(frame[name]) for number, name in enumerate(keys)})
    return parts.select(pl.concat_str(pl.all(), separator=joined_key(["", ""]))).to_series()


def _attributes(frame: pl.DataFrame, attributes: dict[str, str]) -> pl.Series:
    """One JSON object a row; each distinct combination is written once."""
    if not attributes:
        return nothing(frame, pl.String)
    values = pl.DataFrame({name: texts(frame[column]) for name, column in attributes.items()})
    distinct = values.unique()
    written = [attributes_text({name: text for name, text in row.items() if text}) for row in distinct.to_dicts()]
    known = distinct.with_columns(pl.Series("__json", written, dtype=pl.String))
    return values.join(known, on=list(attributes), how="left", nulls_equal=True, maintain_order="left")["__json"]
