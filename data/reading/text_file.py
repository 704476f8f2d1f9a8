"""Rows of delimited and of whitespace separated text, with the line that each came from."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from data.errors import SourceError
from data.events import WRONG_BYTES, WRONG_FIELDS, WRONG_QUOTES
from data.reading.rows import BROKEN_SCHEMA, CHUNK_ROWS, LINE, RAW, Chunk, Delivery, require_distinct
from data.settings.source import SET_ENCODING, Place

BLOCK_BYTES = 32 * 1024 * 1024
MOST_LINES = 200  # of one quoted row; a quote that stays open for longer was never meant as one
_BOM = b"\xef\xbb\xbf"


def read_text(file: Path, place: Place, *, spaced: bool) -> Delivery:
    """The rows of a text file; `spaced` means that any run of whitespace separates columns."""
    names = place.names or _header(file, place, spaced)
    require_distinct(names, str(file))
    text = _Text(file, place.encoding, place.header, None if spaced else place.separator, names)
    chunks = text.quoted_chunks() if not spaced and _has_quotes(file) else text.plain_chunks()
    return Delivery(file.name, names, chunks)


def _header(file: Path, place: Place, spaced: bool) -> tuple[str, ...]:
    with file.open("rb") as stream:
        line = stream.readline().removeprefix(_BOM)
    try:
        text = line.decode(place.encoding).strip("\r\n")
    except UnicodeDecodeError as error:
        raise SourceError(f"{file}: the header is not {place.encoding}; {SET_ENCODING}") from error
    if not text.strip():
        raise SourceError(f"{file}: expected a header in the first line, found nothing")
    fields = text.split() if spaced else next(csv.reader([text], delimiter=place.separator))
    return tuple(name.strip() for name in fields)


def _has_quotes(file: Path) -> bool:
    with file.open("rb") as stream:
        return any(b'"' in block for block in iter(lambda: stream.read(BLOCK_BYTES), b""))


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    decoded: bool


@dataclass(frozen=True, slots=True)
class _Text:
    file: Path
    encoding: str
    header: bool
    separator: str | None
    names: tuple[str, ...]

    def plain_chunks(self) -> Iterator[Chunk]:
        """Rows of one line each, split at every separator."""
        first = 1
        for lines, undecoded in self._blocks():
            rows = pl.DataFrame({RAW: pl.Series(lines, dtype=pl.String)}).with_row_index(LINE, first)
            bad = pl.col(LINE).is_in([first + index for index in undecoded])
            yield self._split(rows.with_columns(pl.col(LINE).cast(pl.Int64)), bad)
            first += len(lines)

    def quoted_chunks(self) -> Iterator[Chunk]:
        """Rows whose quoted fields may hold separators and line ends."""
        records = self._records(self._lines())
        while rows := list(islice(records, CHUNK_ROWS)):
            good = [(line.number, raw, *fields) for line, raw, fields, reason in rows if reason is None]
            broken = [(line.number, reason, raw) for line, raw, _, reason in rows if reason is not None]
            schema = {LINE: pl.Int64, RAW: pl.String} | dict.fromkeys(self.names, pl.String)
            yield Chunk(_table(good, schema), _table(broken, dict(BROKEN_SCHEMA)))

    def _split(self, rows: pl.DataFrame, bad: pl.Expr) -> Chunk:
        if self.header:
            rows = rows.filter(pl.col(LINE) > 1)
        text, separator = pl.col(RAW), self.separator or " "
        if self.separator is None:
            text = text.str.strip_chars().str.replace_all(r"\s+", " ")
        fields = pl.col("text").str.count_matches(separator, literal=True) + 1
        reason = pl.when(bad).then(pl.lit(WRONG_BYTES)).when(fields != len(self.names)).then(pl.lit(WRONG_FIELDS))
        told = rows.with_columns(text=text).filter(pl.col("text") != "").with_columns(reason=reason)
        good = told.filter(pl.col("reason").is_null())
        split = good["text"].str.split_exact(separator, len(self.names) - 1)
        frame = split.struct.rename_fields(self.names).struct.unnest()
        broken = told.filter(pl.col("reason").is_not_null())
        return Chunk(
            frame.with_columns(good[LINE], good[RAW]),
            broken.select(pl.col(LINE).alias("line"), "reason", pl.col(RAW).alias("raw")),
        )

    def _records(self, lines: Iterator[_Line]) -> Iterator[tuple[_Line, str, Sequence[str], str | None]]:
        """First line, raw text, fields, and what is wrong, of every row that is not blank."""
        waiting: deque[_Line] = deque()
        while (line := _next(waiting, lines)) is not None:
            if not line.text:
                continue
            taken, reason = [line], None
            if '"' in line.text:
                taken, fields, reason = self._quoted(line, waiting, lines)
            else:
                fields = line.text.split(self.separator)
            if reason is None and len(fields) != len(self.names):
                reason = WRONG_FIELDS
            if not all(each.decoded for each in taken):
                reason = WRONG_BYTES
            yield line, "\n".join(each.text for each in taken), fields, reason

    def _quoted(
        self, first: _Line, waiting: deque[_Line], lines: Iterator[_Line]
    ) -> tuple[list[_Line], list[str], str | None]:
        """The lines and fields of a row with quotes; of one that never closes, only its first line."""
        taken: list[_Line] = []
        closed = True

        def feed() -> Iterator[str]:
            nonlocal closed
            line: _Line | None = first
            while line is not None and len(taken) < MOST_LINES:
                taken.append(line)
                yield line.text + "\n"
                line = _next(waiting, lines)
            if line is not None:
                waiting.appendleft(line)
            closed = False

        try:
            fields = next(csv.reader(feed(), delimiter=str(self.separator)))
        except csv.Error:
            closed = False
        if closed:
            return taken, fields, None
        waiting.extendleft(reversed(taken[1:]))
        return [first], [], WRONG_QUOTES

    def _lines(self) -> Iterator[_Line]:
        number = 0
        for lines, undecoded in self._blocks():
            for index, text in enumerate(lines):
                number += 1
                if number > 1 or not self.header:
                    yield _Line(number, text, index not in undecoded)

    def _blocks(self) -> Iterator[tuple[list[str], Collection[int]]]:
        """Whole lines of up to 32 MB, and the indices of those that do not decode."""
        with self.file.open("rb") as stream:
            rest = stream.read(len(_BOM)).removeprefix(_BOM)
            while block := stream.read(BLOCK_BYTES):
                head, newline, tail = block.rpartition(b"\n")
                if newline:
                    yield _decoded(rest + head, self.encoding)
                rest = tail if newline else rest + block
        if rest:
            yield _decoded(rest.removesuffix(b"\n"), self.encoding)


def _next(waiting: deque[_Line], lines: Iterator[_Line]) -> _Line | None:
    return waiting.popleft() if waiting else next(lines, None)


def _table(rows: Sequence[Sequence[object]], schema: Mapping[str, type[pl.DataType] | pl.DataType]) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    return pl.DataFrame(dict(zip(schema, columns, strict=True)), schema=dict(schema))


def _decoded(block: bytes, encoding: str) -> tuple[list[str], Collection[int]]:
    try:
        return [line.removesuffix("\r") for line in block.decode(encoding).split("\n")], ()
    except UnicodeDecodeError:
        lines = [_line(line.removesuffix(b"\r"), encoding) for line in block.split(b"\n")]
        return [text for text, _ in lines], {index for index, (_, whole) in enumerate(lines) if not whole}


def _line(line: bytes, encoding: str) -> tuple[str, bool]:
    try:
        return line.decode(encoding), True
    except UnicodeDecodeError:
        return line.decode(encoding, errors="backslashreplace"), False
