"""Who was forgotten in a book: keyed hashes of ids, with when, by whom and why."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

FORGOTTEN = "forgotten"
"""What row accounts call the rows of forgotten customers."""

_BLOCK = 64  # bytes that SHA-256 takes in at once
_APART = re.compile(r'[,;|\t"]')
"""What parts the fields of a line that could not be split into columns."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One forgotten customer: the keyed hash of the id in hex, when (ISO 8601, UTC), by whom and why."""

    customer: str
    recorded: str
    by: str
    reason: str


class Tombstones:
    """The tombstones of one book as they stand; without the key, nobody can tell whose they are."""

    def __init__(self, stones: tuple[Tombstone, ...], key: bytes) -> None:
        self._stones = {stone.customer: stone for stone in stones}
        self._hash = KeyedHash(key)

    def __len__(self) -> int:
        return len(self._stones)

    def __iter__(self) -> Iterator[Tombstone]:
        return iter(self._stones.values())

    @cached_property
    def version(self) -> str:
        """The same for the same forgotten customers, another one for others; empty while nobody was forgotten."""
        return hashlib.sha256("".join(sorted(self._stones)).encode()).hexdigest()[:16] if self._stones else ""

    def of(self, customer_id: str) -> Tombstone | None:
        """The tombstone of a customer; None for somebody who was not forgotten. Blanks around an id do not count."""
        return self._stones.get(self._hash.of(customer_id)) if self._stones else None

    def among(self, customer_ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids whose customers were forgotten."""
        return frozenset(filter(self.of, customer_ids)) if self._stones else frozenset()

    def names(self, line: str) -> bool:
        """Whether a field of a line that could not be split into columns is the id of a forgotten customer."""
        return any(map(self.of, fields_of(line)))


class KeyedHash:
    """HMAC-SHA-256 (RFC 2104) of ids under a key of at most 64 bytes.

    The two blocks of the key are hashed once, which leaves half of the time for each id.
    """

    def __init__(self, key: bytes) -> None:
        block = key.ljust(_BLOCK, b"\0")
        self._inner, self._outer = (hashlib.sha256(bytes(byte ^ pad for byte in block)) for pad in (0x36, 0x5C))

    def of(self, customer_id: str) -> str:
        """The hash in hex of an id without outer blanks."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(customer_id.strip().encode("utf-8", "surrogatepass"))
        outer.update(inner.digest())
        return outer.hexdigest()


NO_TOMBSTONES = Tombstones((), b"")


def fields_of(line: str) -> list[str]:
    """What may be fields of a line that could not be split into columns, without outer blanks."""
    return [field for field in map(str.strip, _APART.split(line)) if field]
