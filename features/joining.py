"""Parquet files of one schema become one, to the byte the file that one writer would have written.

Pages do not know where in a file they stand; only the footer does. It is a Thrift struct in the compact protocol
(https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md), with the fields of
https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift. So pages are copied as they are,
and places in footers moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

MAGIC = b"PAR1"
AT_ONCE = 1 << 20
TAIL = 4 + len(MAGIC)
STOP, TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, STRUCT = 0, 1, 2, 3, 7, 8, 9, 12
INTEGERS = (4, 5, 6)
LONG_LIST = 15

Field = tuple[int, int, Any]
"""Its number, its type, and its value; structs are lists of fields, and lists are (type, values)."""

ROWS, GROUPS = 3, 4  # of a file
CHUNKS, GROUP_PLACE, ORDINAL = 1, 5, 7  # of a row group
PLACES, META = (2, 4, 6), 3  # of a column chunk
META_PLACES = (9, 10, 11, 14)  # of its metadata: pages, index, dictionary, filter


def join_parquet(files: Iterable[Path], stream: IO[bytes]) -> None:
    """Writes the row groups of the files, one file after the other; empty files are nothing. Nothing is written
    where all are. One footer is in memory at a time, and what becomes of all."""
    place, rows, groups = 0, 0, list[bytes]()
    first: list[Field] = []
    for file in files:
        with file.open("rb") as part:
            end = part.seek(0, 2)
            if not end:
                continue
            footer, length = _footer(part, end)
            if not first:
                first = [field for field in footer if field[0] != GROUPS]
                place = stream.write(MAGIC)
            for group in _value(footer, GROUPS)[1]:
                groups.append(_encoded(_moved(group, place - len(MAGIC), len(groups))))
            rows += _value(footer, ROWS)
            part.seek(len(MAGIC))
            place += _copied(part, length, stream)
    if first:
        footer_bytes = b"".join(_file_fields(first, rows, groups))
        stream.write(footer_bytes + len(footer_bytes).to_bytes(4, "little") + MAGIC)


def _footer(part: IO[bytes], end: int) -> tuple[list[Field], int]:
    """The footer, and the number of bytes of the pages before it."""
    part.seek(end - TAIL)
    size = int.from_bytes(part.read(4), "little")
    part.seek(end - TAIL - size)
    return _Reader(part.read(size)).struct(), end - TAIL - size - len(MAGIC)


def _copied(part: IO[bytes], length: int, stream: IO[bytes]) -> int:
    left = length
    while left:
        left -= stream.write(part.read(min(left, AT_ONCE)))
    return length


def _moved(group: list[Field], by: int, ordinal: int) -> list[Field]:
    """The row group so much further on in a file."""
    type_, chunks = _value(group, CHUNKS)
    told = {CHUNKS: (type_, [_moved_chunk(chunk, by) for chunk in chunks]), ORDINAL: ordinal}
    return _shifted([(number, kind, told.get(number, value)) for number, kind, value in group], (GROUP_PLACE,), by)


def _moved_chunk(chunk: list[Field], by: int) -> list[Field]:
    fields = [
        (number, kind, _shifted(value, META_PLACES, by) if number == META else value) for number, kind, value in chunk
    ]
    return _shifted(fields, PLACES, by)


def _shifted(fields: list[Field], places: tuple[int, ...], by: int) -> list[Field]:
    """Places that are zero are not told, and stay so."""
    return [(number, kind, value + by if number in places and value else value) for number, kind, value in fields]


def _value(fields: list[Field], number: int) -> Any:
    return next(value for each, _, value in fields if each == number)


def _file_fields(first: list[Field], rows: int, groups: list[bytes]) -> Iterator[bytes]:
    """The first file's footer with the rows and the row groups of all."""
    last = 0
    for number, kind, value in sorted([*first, (GROUPS, LIST, None)], key=lambda field: field[0]):
        yield _head(number - last, kind, number)
        last = number
        if number == GROUPS:
            yield _list_head(STRUCT, len(groups))
            yield from groups
        else:
            yield _encoded_value(kind, rows if number == ROWS else value)
    yield bytes([STOP])


class _Reader:
    """Reads the compact protocol."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 0

    def struct(self) -> list[Field]:
        fields: list[Field] = []
        number = 0
        while (head := self._byte()) != STOP:
            kind, step = head & 15, head >> 4
            number = number + step if step else self._integer()
            fields.append((number, kind, None if kind in (TRUE, FALSE) else self._value(kind)))
        return fields

    def _value(self, kind: int) -> Any:
        if kind in INTEGERS:
            return self._integer()
        if kind == BINARY:
            return self._bytes(self._varint())
        if kind == STRUCT:
            return self.struct()
        if kind == LIST:
            head = self._byte()
            size = head >> 4
            size = self._varint() if size == LONG_LIST else size
            return head & 15, [self._value(head & 15) for _ in range(size)]
        if kind == DOUBLE:
            return self._bytes(8)
        if kind in (TRUE, FALSE, BYTE):  # a byte in a list too
            return self._bytes(1)
        raise ValueError(f"Parquet footers have no fields of type {kind}")

    def _bytes(self, size: int) -> bytes:
        self._place += size
        return self._content[self._place - size : self._place]

    def _byte(self) -> int:
        self._place += 1
        return self._content[self._place - 1]

    def _varint(self) -> int:
        value, shift = 0, 0
        while (byte := self._byte()) & 128:
            value |= (byte & 127) << shift
            shift += 7
        return value | byte << shift

    def _integer(self) -> int:
        zigzag = self._varint()
        return zigzag >> 1 ^ -(zigzag & 1)


def _encoded(fields: list[Field]) -> bytes:
    parts, last = list[bytes](), 0
    for number, kind, value in fields:
        parts += (_head(number - last, kind, number), _encoded_value(kind, value))
        last = number
    return b"".join([*parts, bytes([STOP])])


def _encoded_value(kind: int, value: Any) -> bytes:
    if value is None:
        return b""
    if kind in INTEGERS:
        return _varint(value << 1 if value >= 0 else (-value << 1) - 1)
    if kind == BINARY:
        return b"".join((_varint(len(value)), value))
    if kind == STRUCT:
        return _encoded(value)
    if kind == LIST:
        return _list_head(value[0], len(value[1])) + b"".join(_encoded_value(value[0], each) for each in value[1])
    encoded: bytes = value
    return encoded


def _head(step: int, kind: int, number: int) -> bytes:
    return bytes([step << 4 | kind]) if 0 < step <= 15 else bytes([kind]) + _varint(number << 1)


def _list_head(kind: int, size: int) -> bytes:
    return bytes([size << 4 | kind]) if size < LONG_LIST else bytes([LONG_LIST << 4 | kind]) + _varint(size)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)
