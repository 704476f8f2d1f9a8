"""Delimited text: nothing is lost, every broken row keeps its line and its text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import SourceError
from data.events import WRONG_BYTES, WRONG_FIELDS, WRONG_QUOTES
from data.reading import text_file
from data.reading.rows import BROKEN_SCHEMA, LINE, RAW, Chunk
from data.reading.text_file import read_text
from data.settings.source import Place


def read(file: Path, *, spaced: bool = False, **settings: object) -> tuple[pl.DataFrame, pl.DataFrame]:
    place = Place(path=(file.name,), **settings)  # type: ignore[arg-type]
    delivery = read_text(file, place, spaced=spaced)
    nothing = pl.DataFrame(schema=dict.fromkeys(delivery.columns, pl.String) | {LINE: pl.Int64, RAW: pl.String})
    chunks = [Chunk(nothing, pl.DataFrame(schema=BROKEN_SCHEMA)), *delivery.chunks]
    frames = [chunk.frame.select(nothing.columns) for chunk in chunks]
    return pl.concat(frames), pl.concat([chunk.broken for chunk in chunks])


def written(folder: Path, data: str | bytes) -> Path:
    file = folder / "rows.csv"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


@pytest.fixture(params=["whole file", "tiny blocks"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param == "tiny blocks":
        monkeypatch.setattr(text_file, "BLOCK_BYTES", 7)
    return tmp_path


def test_rows_keep_their_line_numbers_past_blank_and_broken_ones(folder: Path) -> None:
    good, broken = read(written(folder, "a,b\n1,2\n\n3\n4,5,6\n7,8"))
    assert good.select("a", "b", LINE).rows() == [("1", "2", 2), ("7", "8", 6)]
    assert broken.rows() == [(4, WRONG_FIELDS, "3"), (5, WRONG_FIELDS, "4,5,6")]


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(folder: Path) -> None:
    plain = read(written(folder, "a,b\nä,2\n"))[0]
    marked = read(written(folder, b"\xef\xbb\xbf" + "a,b\r\nä,2\r\n".encode()))[0]
    assert marked.equals(plain)


def test_quoted_fields_hold_separators_quotes_and_line_ends(folder: Path) -> None:
    good, broken = read(written(folder, 'a,b\n"x,1","say ""hi"""\n"two\nlines",3\n4,5\n'))
    assert good.select("a", "b", LINE).rows() == [
        ("x,1", 'say "hi"', 2),
        ("two\nlines", "3", 3),
        ("4", "5", 5),
    ]
    assert good[RAW].to_list() == ['"x,1","say ""hi"""', '"two\nlines",3', "4,5"]
    assert broken.height == 0


def test_a_quote_inside_a_field_is_a_letter(folder: Path) -> None:
    good, _ = read(written(folder, 'a,b\n12" ruler,1\n7" tape,2\n'))
    assert good["a"].to_list() == ['12" ruler', '7" tape']


def test_a_quote_that_never_closes_costs_only_its_own_line(folder: Path) -> None:
    rows = "".join(f"{number},x\n" for number in range(500))
    good, broken = read(written(folder, f'a,b\n"open,1\n{rows}"also open,2\n'))
    assert good.height == 500
    assert broken.rows() == [(2, WRONG_QUOTES, '"open,1'), (503, WRONG_QUOTES, '"also open,2')]


def test_bytes_outside_the_encoding_cost_only_their_row(folder: Path) -> None:
    good, broken = read(written(folder, b"a,b\n\xffx,1\n2,\xc3\xa4\n"))
    assert good.select("a", "b").rows() == [("2", "ä")]
    assert broken.rows() == [(2, WRONG_BYTES, "\\xffx,1")]


def test_quoted_rows_with_wrong_bytes_are_told_too(folder: Path) -> None:
    good, broken = read(written(folder, b'a,b\n"\xff\nx",1\n"2",3\n'))
    assert good.select("a", "b").rows() == [("2", "3")]
    assert broken.rows() == [(2, WRONG_BYTES, '"\\xff\nx",1')]


@pytest.mark.parametrize(
    ("encoding", "text"), [("gb18030", "客户,金额\n阿里,1\n"), ("latin-1", "Käufer,b\nMüller,1\n")]
)
def test_other_encodings_are_read(folder: Path, encoding: str, text: str) -> None:
    expected = read(written(folder, text))[0]
    assert read(written(folder, text.encode(encoding)), encoding=encoding)[0].equals(expected)


def test_columns_may_be_separated_by_any_run_of_blanks(folder: Path) -> None:
    good, broken = read(written(folder, "  id   day  \n 1\t19970101\n 2   19970102  \n\n 3\n"), spaced=True)
    assert good.select("id", "day", LINE).rows() == [("1", "19970101", 2), ("2", "19970102", 3)]
    assert broken.rows() == [(5, WRONG_FIELDS, " 3")]


def test_names_stand_in_for_a_header_or_replace_it(folder: Path) -> None:
    without = read(written(folder, "1,2\n"), header=False, names=("a", "b"))[0]
    instead = read(written(folder, "x,y\n1,2\n"), names=("a", "b"))[0]
    assert without.select("a", "b").rows() == instead.select("a", "b").rows() == [("1", "2")]
    assert (without[LINE][0], instead[LINE][0]) == (1, 2)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "expected a header in the first line"),
        (b"\n1,2\n", "expected a header in the first line"),
        (b"a,b,a\n", 'the column "a" is there twice'),
        (b"\xff,b\n", "the header is not utf-8; set encoding to one of utf-8, gb18030, latin-1, cp1252"),
    ],
)
def test_a_header_that_cannot_be_used_is_told(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read(written(tmp_path, data))


cells = st.text(st.sampled_from('ab,"\n \r客'), max_size=6)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=12))
def test_whatever_a_writer_of_csv_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    good, broken = read(written(tmp_path_factory.mktemp("csv"), buffer.getvalue()))
    expected = [tuple(cell.replace("\r\n", "\n") for cell in row) for row in rows]
    assert broken.height == 0
    assert [tuple(cell.replace("\r", "") for cell in row) for row in good.select("a", "b", "c").rows()] == [
        tuple(cell.replace("\r", "") for cell in row) for row in expected
    ]


@given(st.lists(st.text(st.sampled_from('ab,"\n'), max_size=9), max_size=12).map("\n".join))
def test_every_line_that_is_not_blank_is_either_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    good, broken = read(written(tmp_path_factory.mktemp("csv"), "a,b\n" + text))
    told = "\n".join([*good[RAW], *broken["raw"]])
    assert sorted(told.replace("\n", "")) == sorted(text.replace("\n", ""))
