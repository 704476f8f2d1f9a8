"""Raw columns of every type as texts, numbers and times."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.clock import isoformat
from data.reading.rows import cell_text, cells_frame
from data.reading.texts import holds, numbers, texts
from data.reading.times import parse_times
from data.settings.condition import Condition

ZONE = "America/New_York"


def told(column: pl.Series, time_format: str | None = None) -> list[str | None]:
    return [each and isoformat(each, "UTC") for each in parse_times(column, time_format, ZONE).to_list()]


NAIVE = datetime(2021, 7, 1, 12, 30, 15)  # noqa: DTZ001
NOON = "2021-07-01T16:30:15+00:00"


@pytest.mark.parametrize(
    "column",
    [
        pl.Series([NAIVE]),
        pl.Series([NAIVE]).cast(pl.Datetime("ns")),
        pl.Series([NAIVE]).dt.replace_time_zone("America/New_York"),
        pl.Series([NAIVE]).dt.replace_time_zone("America/New_York").dt.convert_time_zone("Asia/Tokyo"),
        pl.Series(["2021-07-01 12:30:15"]),
        pl.Series([" 2021-07-01T12:30:15 "]),
        pl.Series(["2021-07-01T12:30:15.000"]),
        pl.Series(["2021-07-01T16:30:15Z"]),
        pl.Series(["2021-07-01 18:30:15+02:00"]),
        pl.Series(["2021-07-01 18:30:15+02"]),
        pl.Series(["2021-07-01 18:30:15.0+0200"]),
        pl.Series(["2021-07-01 12:30:15,0 -0400"]),
    ],
)
def test_a_time_is_the_same_instant_in_every_form(column: pl.Series) -> None:
    assert told(column) == [NOON]


def test_a_date_is_the_first_moment_of_the_local_day() -> None:
    for column in (pl.Series([date(2021, 7, 1)]), pl.Series(["2021-07-01"])):
        assert told(column) == ["2021-07-01T04:00:00+00:00"]


def test_a_format_of_the_book_reads_texts_and_numbers() -> None:
    assert told(pl.Series([20210701]), "%Y%m%d") == ["2021-07-01T04:00:00+00:00"]
    assert told(pl.Series(["01/07/2021 12:30:15", "2021-07-01"]), "%d/%m/%Y %H:%M:%S") == [NOON, None]
    assert told(pl.Series(["2021-07-01 18:30:15 +0200"]), "%Y-%m-%d %H:%M:%S %z") == [NOON]


def test_forms_may_be_mixed_and_what_is_no_time_is_null() -> None:
    column = pl.Series(["2021-07-01T16:30:15Z", "2021-07-01 12:30:15", None, "", "soon", "2021-13-01", "1-7-21", "Z"])
    assert told(column) == [NOON, NOON, None, None, None, None, None, None]
    assert told(pl.Series([], dtype=pl.String)) == []


def test_times_out_of_all_reason_are_null() -> None:
    column = pl.Series(["1899-12-31", "2200-01-02", "0001-01-01", "9999-12-31", "2199-12-31T12:00:00Z"])
    assert told(column) == [None, None, None, None, "2199-12-31T12:00:00+00:00"]


def test_texts_are_trimmed_whole_numbers_have_no_point_and_nothing_is_null() -> None:
    assert texts(pl.Series([13085.0, 1.5, None, float("nan"), float("inf")])).to_list() == [
        "13085",
        "1.5",
        None,
        None,
        "inf",
    ]
    assert texts(pl.Series([" a ", "", "  ", None])).to_list() == ["a", None, None, None]
    assert texts(pl.Series([7, None])).to_list() == ["7", None]
    assert texts(pl.Series([b"abc"])).to_list() == ["abc"]
    assert texts(pl.Series([True])).to_list() == ["true"]


@pytest.mark.parametrize(
    ("decimal", "text", "number"),
    [
        (".", "1,234", 1234.0),
        (".", "-1,234,567.89", -1234567.89),
        (".", "1'234.50", 1234.5),
        (".", "1\u202f234.5", 1234.5),
        (".", "1.234", 1.234),
        (".", "1,23", None),
        (".", "12,34,567", None),
        (".", "1,234 567", None),
        (".", "1.234,56", None),
        (".", "1e3", 1000.0),
        (",", "1.234", 1234.0),
        (",", "1.234.567,8", 1234567.8),
        (",", "-1 234,56", -1234.56),
        (",", "1’234,5", 1234.5),
        (",", "1,234", 1.234),
        (",", "0,5", 0.5),
        (",", "1.23", None),
        (",", "1,234.56", None),
        (",", "1,2,3", None),
        (",", "17", 17.0),
        (".", "0,125", None),
        (",", "0.125", None),
    ],
)
def test_marks_of_thousands_are_read_over_only_where_they_part_groups_of_three(
    decimal: str, text: str, number: float | None
) -> None:
    value, bad = numbers(pl.Series([text, "1"]), decimal)
    assert value.to_list() == [number, 1.0]
    assert bad.to_list() == [number is None, False]


@given(st.integers(-(10**12), 10**12), st.sampled_from([".", ","]))
def test_a_grouped_number_is_the_number(hundredths: int, decimal: str) -> None:
    text = f"{hundredths / 100:,.2f}"
    written = text if decimal == "." else text.translate(str.maketrans(".,", ",."))
    assert numbers(pl.Series([written]), decimal)[0].to_list() == [float(f"{hundredths / 100:.2f}")]


def test_numbers_that_are_no_text_have_no_mark() -> None:
    assert numbers(pl.Series([1.234]), ",")[0].to_list() == [1.234]
    cells = cells_frame([(1.234,), ("1.234,5",), (Decimal("2.5"),)], ["a"], ",")
    assert numbers(cells["a"], ",")[0].to_list() == [1.234, 1234.5, 2.5]


def test_numbers_tell_what_is_none() -> None:
    value, bad = numbers(pl.Series(["1.5", " 2 ", "", None, "ten", "1,5", "nan"]))
    assert value.to_list()[:4] == [1.5, 2.0, None, None]
    assert bad.to_list() == [False, False, False, False, True, True, False]


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("is_missing", None, [False, False, True]),
        ("is_present", None, [True, True, False]),
        ("equals", "10", [True, False, False]),
        ("equals", 10, [True, False, False]),
        ("not_equals", "10", [False, True, True]),
        ("not_equals", 10, [False, True, True]),
        ("in", ("10", "x"), [True, False, False]),
        ("not_in", (9, 10), [False, True, True]),
        ("starts_with", "C", [False, True, False]),
        ("not_starts_with", "C", [True, False, True]),
        ("<", 11, [True, False, False]),
        ("<=", 10, [True, False, False]),
        (">", 9.5, [True, False, False]),
        (">=", 11, [False, False, False]),
    ],
)
def test_conditions_hold_or_not_and_never_for_want_of_a_value(op: str, value: object, expected: list[bool]) -> None:
    frame = pl.DataFrame({"a": ["10", "C7", None]})
    condition = Condition(column="a", op=op, value=value)  # type: ignore[arg-type]
    assert holds((condition,), frame).to_list() == expected
    assert holds((), frame).to_list() == [True, True, True]


def test_cells_of_workbooks_and_databases_are_texts_as_people_write_them() -> None:
    cells = [None, "x", True, 3.0, 2.5, 7, Decimal("10.50"), date(2021, 7, 1), NAIVE, ["a"]]
    expected = [None, "x", "true", "3", "2.5", "7", "10.50", "2021-07-01", "2021-07-01T12:30:15", '["a"]']
    assert [cell_text(cell) for cell in cells] == expected
