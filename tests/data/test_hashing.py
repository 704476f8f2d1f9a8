"""Hashes that never change."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from data.frames import hash_column
from data.hashing import bucket_of, combine, hash_text, mix, stable_hash

texts = st.lists(st.none() | st.text(max_size=8), max_size=100)


def test_known_texts_keep_their_hashes_forever() -> None:
    assert [hash_text(text) for text in ("a", "foobar", "客户")] == [
        0xAF63DC4C8601EC8C,
        0x85944171F73967E8,
        hash_of("客户".encode()),
    ]
    assert stable_hash(["order", "return"]).tolist() == [0x6BE60D7281A829F7, 0xC5C7B983377CAD5F]
    assert bucket_of(stable_hash(["1", "2", "3", "13085"]), 8).tolist() == [7, 2, 5, 2]
    joined = combine([stable_hash(["a", "b"]), stable_hash(["c", None])])
    assert joined.tolist() == [15031949298062459273, 1714232612766455802]


def hash_of(data: bytes) -> int:
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) % 2**64
    return value


def test_no_text_hashes_to_zero_and_no_other_does() -> None:
    assert stable_hash([None, "", "x"]).tolist()[:2] == [0, 0]
    assert hash_text("x") != 0


@given(texts)
def test_one_by_one_in_a_list_and_in_a_column_are_the_same(chosen: list[str | None]) -> None:
    expected = [hash_text(text) for text in chosen]
    assert stable_hash(chosen).tolist() == expected
    assert stable_hash(chosen * 70).tolist() == expected * 70
    column = pl.Series(["before", *chosen], dtype=pl.String)
    assert hash_column(column).tolist()[1:] == expected
    assert hash_column(column.slice(1)).tolist() == expected


def test_a_smaller_power_of_two_only_joins_buckets() -> None:
    hashes = stable_hash([str(number) for number in range(1000)])
    assert (bucket_of(hashes, 64) % 8 == bucket_of(hashes, 8)).all()


def test_buckets_fill_evenly() -> None:
    counts = np.bincount(bucket_of(stable_hash([str(number) for number in range(16_000)]), 16))
    assert counts.min() > 850
    assert counts.max() < 1150


def test_mixing_loses_nothing() -> None:
    values = np.arange(10_000, dtype=np.uint64)
    assert len(np.unique(mix(values))) == len(values)
