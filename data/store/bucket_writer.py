"""Writing a bucket: the numbers that are read, and the words for what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]

from data.drafts import drafted
from data.hashing import stable_hash
from data.histories.dated import Dated
from data.histories.histories import EVENT_ARRAYS, Histories
from data.store.layout import MARGINS, STATEMENT, WORDS, customers_file, events_file, profile_column, word_column

if TYPE_CHECKING:
    import polars as pl

Array = npt.NDArray[Any]


def write_bucket(histories: Histories, frame: pl.DataFrame, facts: pl.DataFrame, folder: Path, number: int) -> None:
    """Writes the bucket's files: `frame` holds the words of the events, `facts` those of the profile."""
    _write(_event_columns(histories, frame), folder / events_file(number))
    _write(_customer_columns(histories, facts), folder / customers_file(number))


def _event_columns(histories: Histories, frame: pl.DataFrame) -> dict[str, pa.Array]:
    left_out = () if histories.margined.any() else MARGINS
    numbers = {name: pa.array(_stored(getattr(histories, name))) for name in EVENT_ARRAYS if name not in left_out}
    words = {word_column(name): _dictionary(frame[name]) for name in WORDS}
    return {**numbers, **words, word_column("key"): _plain(frame["key"])}


def _customer_columns(histories: Histories, facts: pl.DataFrame) -> dict[str, pa.Array]:
    hashes = stable_hash(list(histories.customer_ids))
    order = np.argsort(hashes, kind="stable")
    return {
        "customer_id": pa.array(list(histories.customer_ids), pa.large_string()),
        "end": pa.array(histories.offsets[1:]),
        "hash": pa.array(hashes[order]),
        "position": pa.array(order.astype(np.int32)),
        **{profile_column(name): _stated(dated, _said(facts, name)) for name, dated in histories.profile.items()},
    }


def _said(facts: pl.DataFrame, name: str) -> pl.Series:
    """What the statements on one column say, in their order."""
    return facts.filter(facts["column"] == name)["value"]


def _stated(dated: Dated, words: pl.Series) -> pa.LargeListArray:
    """One list of statements a customer; texts with their words."""
    fields = {name: pa.array(getattr(dated, name)) for name in STATEMENT}
    if dated.values.dtype == np.uint64:
        fields["word"] = _dictionary(words)
    statements = pa.StructArray.from_arrays(list(fields.values()), names=list(fields))
    return pa.LargeListArray.from_arrays(pa.array(dated.offsets), statements)


def _stored(values: Array) -> Array:
    return values.view(np.uint8) if values.dtype == np.bool_ else values


def _plain(texts: pl.Series) -> pa.Array:
    column = texts.to_arrow()
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _dictionary(texts: pl.Series) -> pa.Array:
    return _plain(texts).dictionary_encode()


def _write(columns: Mapping[str, pa.Array], file: Path) -> None:
    """One record batch, so that every column is one piece of memory; the file is there whole or not at all."""
    batch = pa.record_batch(list(columns.values()), names=list(columns))
    with drafted(file) as draft, pa.OSFile(str(draft), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)
