"""What makes two rows the same event, and which lines belong to one order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.events import PURCHASE, RETURN
from data.hashing import Hashes, combine, mix

_NO_QUANTITY = np.uint64(0x7FF8_0000_0000_0001)
_DAY_TAG = np.uint64(0xDA1_0000_0000_0000)
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Content:
    """The fields that make up an event, one array each (texts as hashes, instants and money as int64)."""

    customer_id: Hashes
    time: npt.NDArray[np.int64]
    known_time: npt.NDArray[np.int64]
    type: Hashes
    amount: npt.NDArray[np.int64]
    priced: npt.NDArray[np.bool_]
    quantity: npt.NDArray[np.float64]
    product: Hashes
    category: Hashes
    channel: Hashes
    order_id: Hashes
    attributes: Hashes

    def hashes(self) -> Hashes:
        """uint64[m]: equal for equal content, the same on every machine."""
        return combine(
            [
                self.customer_id,
                self.time.view(np.uint64),
                self.known_time.view(np.uint64),
                self.type,
                self.amount.view(np.uint64),
                self.priced.astype(np.uint64),
                _bits(self.quantity),
                self.product,
                self.category,
                self.channel,
                self.order_id,
                self.attributes,
            ]
        )


def content_key(content_hash: int, occurrence: int) -> str:
    """The key of a row without key columns; occurrences of equal content count from 1."""
    return f"{content_hash:016x}-{occurrence}"


def joined_key(values: Sequence[str]) -> str:
    """The key of a row with several key columns."""
    return _SEPARATOR.join(values)


def attributes_text(attributes: Mapping[str, str] | None) -> str | None:
    """Attributes as they are stored: one JSON object, its keys sorted; None when there are none."""
    if not attributes:
        return None
    return json.dumps(dict(attributes), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def number_orders(
    owner: npt.NDArray[np.int64],
    order_id: Hashes,
    day: npt.NDArray[np.int32],
    role: npt.NDArray[np.int8],
) -> npt.NDArray[np.int32]:
    """int32[m]: the number of each line's order within its customer, in order of first appearance.

    Rows are sorted by owner. Without an order_id, one customer's lines of one local day are one order.
    Lines that are neither purchase nor return have −1.
    """
    numbers = np.full(len(owner), -1, np.int32)
    lines = np.flatnonzero((role == PURCHASE) | (role == RETURN))
    if len(lines) == 0:
        return numbers
    mark = np.where(order_id != 0, order_id, mix(day.astype(np.uint64) ^ _DAY_TAG))[lines]
    starts = _starts(owner[lines], mark)
    run = np.cumsum(starts) - 1
    numbers[lines] = _first_appearance(owner[lines][starts], mark[starts])[run]
    return numbers


def _first_appearance(owner: npt.NDArray[np.int64], mark: Hashes) -> npt.NDArray[np.int32]:
    """The rank of each (owner, mark) among its owner's marks, by first appearance."""
    sorted_ = np.lexsort((mark, owner))
    group = np.cumsum(_starts(owner[sorted_], mark[sorted_])) - 1
    first = sorted_[_starts(owner[sorted_], mark[sorted_])]
    by_appearance = np.argsort(first, kind="stable")
    rank = np.empty(len(first), np.int64)
    rank[by_appearance] = np.arange(len(first))
    ranks = np.empty(len(owner), np.int64)
    ranks[sorted_] = rank[group]
    owner_starts = np.flatnonzero(np.diff(owner, prepend=-1) != 0)
    base = np.repeat(ranks[owner_starts], np.diff(np.append(owner_starts, len(owner))))
    return (ranks - base).astype(np.int32)


def _starts(owner: npt.NDArray[np.int64], mark: Hashes) -> npt.NDArray[np.bool_]:
    starts = np.ones(len(owner), np.bool_)
    starts[1:] = (owner[1:] != owner[:-1]) | (mark[1:] != mark[:-1])
    return starts


def _bits(values: npt.NDArray[Any]) -> Hashes:
    """The bits of floats, with one nan and one zero."""
    bits = (values + 0.0).view(np.uint64)
    return np.where(np.isnan(values), _NO_QUANTITY, bits)
