"""What makes two rows the same event, and which lines belong to one order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from data.events import PURCHASE, RETURN
from data.hashing import Hashes, combine, mix_one

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
    margin: npt.NDArray[np.int64]
    margined: npt.NDArray[np.bool_]
    quantity: npt.NDArray[np.float64]
    product: Hashes
    category: Hashes
    channel: Hashes
    order_id: Hashes
    attributes: Hashes

    def hashes(self) -> Hashes:
        """uint64[m]: equal for equal content, the same on every machine.

        Without a margin it is the same whether or not others have one.
        """
        plain = combine(
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
        return np.where(self.margined, combine([plain, self.margin.view(np.uint64)]), plain)


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
    is_line = (role == PURCHASE) | (role == RETURN)
    return _numbered(owner, order_id, day, is_line, 2 << int(is_line.sum()).bit_length())


@njit(cache=True)
def _numbered(
    owner: npt.NDArray[np.int64],
    order_id: Hashes,
    day: npt.NDArray[np.int32],
    is_line: npt.NDArray[np.bool_],
    size: int,
) -> npt.NDArray[np.int32]:
    """The numbers, by a hash table of the first line of every order; its size is a power of two."""
    numbers = np.full(len(owner), -1, np.int32)
    marks = np.zeros(len(owner), np.uint64)
    first_lines = np.full(size, -1, np.int64)
    count = 0
    for row in range(len(owner)):
        if row > 0 and owner[row] != owner[row - 1]:
            count = 0
        if not is_line[row]:
            continue
        marks[row] = order_id[row] if order_id[row] != 0 else mix_one(np.uint64(day[row]) ^ _DAY_TAG)
        place = np.int64(mix_one(marks[row] + np.uint64(owner[row])) & np.uint64(size - 1))
        first = first_lines[place]
        while first >= 0 and (owner[first] != owner[row] or marks[first] != marks[row]):
            place = (place + 1) & (size - 1)
            first = first_lines[place]
        if first >= 0:
            numbers[row] = numbers[first]
        else:
            first_lines[place] = row
            numbers[row] = count
            count += 1
    return numbers


def _bits(values: npt.NDArray[Any]) -> Hashes:
    """The bits of floats, with one nan and one zero."""
    bits = (values + 0.0).view(np.uint64)
    return np.where(np.isnan(values), _NO_QUANTITY, bits)
