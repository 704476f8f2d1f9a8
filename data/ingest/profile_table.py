"""A table that describes customers, as facts."""

from __future__ import annotations

import polars as pl

from data.events import INLINE
from data.histories.profiles import ALWAYS_KNOWN, NO_DATE, declared, profile_array, profile_text
from data.ingest.facts import FACT_SCHEMA, PRESENCE
from data.reading.texts import texts
from data.settings.book import Book

_KNOWN = ".known_time"


def facts_in(profile: pl.DataFrame, book: Book) -> pl.DataFrame:
    """The facts of a table with customer_id, declared columns, and `<column>.known_time` or `known_time`.

    SourceError for a column that the book does not declare, or a value that does not fit its kind.
    """
    columns = [name for name in profile.columns if name not in ("customer_id", "known_time")]
    declared(book, [name for name in columns if not name.endswith(_KNOWN)])
    present = pl.repeat("", profile.height, dtype=pl.String, eager=True)
    given = {name: _as_texts(profile[name], kind, book) for name, kind in book.profile_kinds.items() if name in columns}
    found = [_facts(profile, name, values) for name, values in {PRESENCE: present, **given}.items()]
    return pl.concat(found).filter(pl.col("value").is_not_null())


def _facts(profile: pl.DataFrame, name: str, values: pl.Series) -> pl.DataFrame:
    facts = profile.select("customer_id").with_row_index("row")
    stated = facts.with_columns(
        column=pl.lit(name),
        known_time=_known_since(profile, name).fill_null(ALWAYS_KNOWN),
        expires=pl.lit(None),
        value=values,
        source=pl.lit(INLINE),
    )
    return stated.select(FACT_SCHEMA.names()).cast(dict(FACT_SCHEMA.items()))


def _as_texts(column: pl.Series, kind: str, book: Book) -> pl.Series:
    """The values of a column as facts hold them."""
    if kind in ("category", "text"):
        return pl.Series([profile_text(value) for value in column], dtype=pl.String)
    if kind == "date" and column.dtype == pl.Int64:
        return column.cast(pl.String)
    numbers = profile_array(column, kind, book.time_zone, len(column))
    return texts(pl.Series(numbers)) if kind == "number" else pl.Series(numbers).replace(NO_DATE, None).cast(pl.String)


def _known_since(profile: pl.DataFrame, name: str) -> pl.Series:
    for column in (f"{name}{_KNOWN}", "known_time"):
        if column in profile.columns:
            since = profile[column]
            return (since.cast(pl.Datetime("us")) if since.dtype.is_temporal() else since).to_physical()
    return pl.repeat(None, profile.height, dtype=pl.Int64, eager=True)
