"""Rows of delimited and of whitespace separated text, with the line that each came from."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import polars as pl

from data.errors import SourceError
from data.events import WRONG_BYTES, WRONG_FIELDS, WRONG_QUOTES
from data.rows import BROKEN_SCHEMA, LINE, RAW, Chunk, Delivery, require_distinct
from data.source import Place

BLOCK_BYTES = 32 * 1024 * 1024
MOST_LINES = 200  # of one quoted row; a quote that stays open for longer was never meant as one
_BOM = b"\xef\xbb\xbf"


def read_text(file: Path, place: Place, *, spaced: bool) -> Delivery:
    """The rows of a text file; `spaced` means that any run of whitespace separates columns."""
    names = place.names or _header(file, place, spaced)
    require_distinct(names, str(file))
    return Delivery(file.name, names, _chunks(file, place, spaced, names))


def _header(file: Path, place: Place, spaced: bool) -> tuple[str, ...]:
    with file.open("rb") as stream:
        line = stream.readline().removeprefix(_BOM)
    try:
        text = line.decode(place.encoding).strip("\r\n")
    except UnicodeDecodeError as error:
        raise SourceError(f"{file}: the header is not {place.encoding}; set encoding") from error
    if not text.strip():
        raise SourceError(f"{file}: expected a header in the first line, found nothing")
    fields = text.split() if spaced else next(csv.reader([text], delimiter=place.separator))
    return tuple(name.strip() for name in fields)


def _chunks(file: Path, place: Place, spaced: bool, names: Sequence[str]) -> Iterator[Chunk]:
    first_line, open_row = 1, list[str]()
    for lines, undecoded, at_end in _blocks(file, place.encoding):
        skipped = 1 if first_line == 1 and place.header else 0
        rows = open_row + lines[skipped:]
        bad = {len(open_row) + index - skipped for index in undecoded}
        start = first_line + skipped
        if spaced or '"' not in "\n".join(rows):
            separator = None if spaced else place.separator
            yield _plain(rows, start, bad, names, separator)
            open_row = []
        else:
            chunk, open_row = _quoted(rows, start, bad, names, place.separator, at_end)
            yield chunk
        first_line = start + len(rows) - len(open_row)


def _blocks(file: Path, encoding: str) -> Iterator[tuple[list[str], set[int], bool]]:
    """Whole lines of up to 32 MB, the indices of lines that do not decode, and whether they are the last."""
    with file.open("rb") as stream:
        rest = b""
        first = True
        while block := stream.read(BLOCK_BYTES):
            head, newline, tail = (rest + block).rpartition(b"\n")
            rest = tail
            if newline:
                yield *_decoded(head.removeprefix(_BOM) if first else head, encoding), False
                first = False
        yield *_decoded(rest.removeprefix(_BOM) if first else rest, encoding), True


def _decoded(block: bytes, encoding: str) -> tuple[list[str], set[int]]:
    try:
        return [line.removesuffix("\r") for line in block.decode(encoding).split("\n")], set()
    except UnicodeDecodeError:
        lines = [_line(line.removesuffix(b"\r"), encoding) for line in block.split(b"\n")]
        return [text for text, _ in lines], {index for index, (_, whole) in enumerate(lines) if not whole}


def _line(line: bytes, encoding: str) -> tuple[str, bool]:
    try:
        return line.decode(encoding), True
    except UnicodeDecodeError:
        return line.decode(encoding, errors="backslashreplace"), False


def _plain(
    rows: Sequence[str], start: int, bad: Collection[int], names: Sequence[str], separator: str | None
) -> Chunk:
    """Rows of one line each, split at every separator (None: at any run of whitespace)."""
    frame = pl.DataFrame({LINE: pl.int_range(start, start + len(rows), eager=True), RAW: pl.Series(rows, dtype=pl.String)})
    whole = pl.col(RAW).str.strip_chars().str.replace_all(r"\s+", " ") if separator is None else pl.col(RAW)
    undecoded = pl.col(LINE).is_in([start + index for index in bad])
    fields = pl.col("text").str.count_matches(separator or " ", literal=True) + 1
    reason = pl.when(undecoded).then(pl.lit(WRONG_BYTES)).when(fields != len(names)).then(pl.lit(WRONG_FIELDS))
    told = frame.with_columns(text=whole).filter(pl.col("text") != "").with_columns(reason=reason)
    good = told.filter(pl.col("reason").is_null())
    split = good["text"].str.split_exact(separator or " ", len(names) - 1).struct.rename_fields(names)
    broken = told.filter(pl.col("reason").is_not_null()).select(pl.col(LINE).alias("line"), "reason", pl.col(RAW).alias("raw"))
    return Chunk(split.struct.unnest().with_columns(good[LINE], good[RAW]), broken)


def _quoted(
    rows: Sequence[str], start: int, bad: Collection[int], names: Sequence[str], separator: str, at_end: bool
) -> tuple[Chunk, list[str]]:
    """Rows that may hold quoted fields over several lines, and the lines of a row that is still open."""
    good: list[list[str]] = []
    places: list[tuple[int, str]] = []
    broken: list[tuple[int, str, str]] = []
    index = 0
    while index < len(rows):
        fields, taken, ran_out = _record(rows, index, separator)
        if ran_out and not at_end and index + taken == len(rows) and taken < MOST_LINES:
            return _chunk(good, places, broken, names), list(rows[index:])
        raw = "\n".join(rows[index : index + taken])
        reason = _complaint(fields, len(names), any(line in bad for line in range(index, index + taken)))
        ...
    return _chunk(good, places, broken, names), []
