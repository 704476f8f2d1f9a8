"""Dated values: the latest known counts, nothing that comes later changes the past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clock import end_of_day, start_of_day
from data.errors import BookError
from data.frames import FRAME_SCHEMA
from data.histories.dated import Dated
from data.histories.encoding import encode_sorted
from data.histories.histories import Histories
from data.histories.profiles import FOR_EVER, NEVER_KNOWN, NO_DATE
from data.ingest.facts import FACT_SCHEMA, facts_of, once, settled
from data.ingest.opening import open_store
from data.settings.book import Book, load_book

Shop = Callable[..., Book]
Row = tuple[str, int, int | None, str | None, str | None]  # customer, day known, last day, fit, owner
ZONE = "Europe/Berlin"
START = date(2021, 3, 20)
RATINGS = """
[[profiles]]
name = "ratings"
path = "ratings*.csv"
customer_id = "id"
known_time = "on"
expires = "until"
columns = { fit = { kind = "number", valid_days = 10 }, owner = "text" }
"""
HEADER = "id,on,until,fit,owner\n"
ORDER = "customer,at,type,amount,quantity,product,order\nc1,2021-03-20,order,1,1,p,o1\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    file = tmp_path_factory.mktemp("book") / "shop.toml"
    source = 'name = "orders"\npath = "o.csv"\ntype = "order"\ncolumns = { customer_id = "c", time = "at" }\n'
    head = f'name = "shop"\ncurrency = "EUR"\ntime_zone = "{ZONE}"\nroles = {{ order = "purchase" }}\n'
    file.write_text(f"{head}[[sources]]\n{source}{RATINGS}")
    return load_book(str(file))


def day(number: int) -> date:
    return START + timedelta(days=number)


def morning(number: int) -> int:
    return start_of_day(day(number), ZONE)


def evening(number: int) -> int:
    return end_of_day(day(number), ZONE)


def written(number: int | None) -> str | None:
    return None if number is None else day(number).isoformat()


def stated(book: Book, *deliveries: Sequence[Row]) -> pl.DataFrame:
    """The settled facts of rows that come in several deliveries."""
    facts, first = [pl.DataFrame(schema=FACT_SCHEMA)], 0
    for rows in deliveries:
        texts = [(who, written(known), written(until), fit, owner) for who, known, until, fit, owner in rows]
        frame = pl.DataFrame(texts, schema=dict.fromkeys(HEADER.strip().split(","), pl.String), orient="row")
        lines = pl.int_range(2, frame.height + 2, eager=True)
        frame = frame.with_columns(__line=lines, __raw=pl.lit(None, pl.String))
        found, rejected = facts_of(frame, book.profiles[0], book, first)
        assert rejected.height == 0
        facts.append(once(found))
        first += len(rows)
    return settled(pl.concat(facts), book)


def fits(facts: pl.DataFrame) -> list[tuple[str, int, str, int]]:
    """What the facts say of the column fit: customer, known, value, expires."""
    own = facts.filter(pl.col("column") == "fit")
    return own.select("customer_id", "known_time", "value", "expires").rows()


def dated(book: Book, *deliveries: Sequence[Row]) -> dict[str, Dated]:
    """The columns of customers a, b and c."""
    facts = stated(book, *deliveries)
    everybody = pl.DataFrame({"customer_id": ["a", "b", "c"], "events": pl.Series([0, 0, 0], dtype=pl.Int64)})
    events = pl.DataFrame(schema={**FRAME_SCHEMA, "role": pl.Int8})
    return dict(encode_sorted(events, everybody, facts, book).profile)


def held(columns: dict[str, Dated], cutoff: int, known_at: int) -> list[list[float]]:
    """Every column of every customer at a cutoff."""
    return [column.as_known(known_at, cutoff)[0].tolist() for column in columns.values()]


rows = st.tuples(
    st.sampled_from(["a", "b"]),
    st.integers(0, 12),
    st.none() | st.integers(0, 20),
    st.none() | st.sampled_from(["1", "2", "10"]),
    st.none() | st.sampled_from(["ann", "王芳"]),
)
some = st.lists(rows, max_size=12)


@settings(max_examples=30)
@given(some, rows, st.integers(0, 11), st.integers(0, 11))
def test_a_later_value_changes_nothing_at_an_earlier_cutoff(
    book: Book, drawn: list[Row], late: Row, before: int, at: int
) -> None:
    late = (late[0], max(late[1], before + 1), *late[2:])
    known_at, cutoff = evening(before), evening(at)
    np.testing.assert_equal(
        held(dated(book, [*drawn, late]), cutoff, known_at), held(dated(book, drawn), cutoff, known_at)
    )


@settings(max_examples=30)
@given(some, st.randoms(use_true_random=False), st.integers(0, 12))
def test_order_repetition_and_parts_of_a_delivery_change_nothing(
    book: Book, drawn: list[Row], chance, cut: int
) -> None:
    plain = stated(book, drawn).drop("row")
    shuffled = chance.sample(drawn, len(drawn))
    assert stated(book, shuffled).drop("row").equals(plain)
    assert stated(book, drawn, shuffled[:cut]).drop("row").equals(plain)
    assert stated(book, shuffled[:cut], shuffled[cut:], drawn).drop("row").equals(plain)


@settings(max_examples=20)
@given(some, st.permutations(range(3)), st.integers(0, 25))
def test_customers_alone_selected_and_joined_again_are_the_same(book: Book, drawn: list[Row], order, at: int) -> None:
    for column in dated(book, drawn).values():
        chosen = column.select(np.array(order))
        again = Dated.concatenate([chosen.select(slice(order.index(i), order.index(i) + 1)) for i in range(3)])
        for name in ("offsets", "values", "known", "expires"):
            assert getattr(again, name).tobytes() == getattr(column, name).tobytes()
        values, since = column.as_known(evening(at), evening(at))
        one = column.select(slice(1, 2)).as_known(evening(at), evening(at))
        assert one[0].tobytes() == values[1:2].tobytes()
        assert one[1].tobytes() == since[1:2].tobytes()
        assert len(column.select(slice(0, 0))) == 0


@settings(max_examples=40)
@given(some, st.integers(0, 25), st.integers(0, 25))
def test_the_value_is_that_of_the_latest_row_known(book: Book, drawn: list[Row], known: int, cutoff: int) -> None:
    found, since = dated(book, drawn)["fit"].as_known(evening(known), evening(cutoff))
    for place, who in enumerate("abc"):
        own = [row for row in drawn if row[0] == who and row[1] <= known and row[3] is not None]
        last = max((row[1] for row in own), default=None)
        least = min((float(row[3]) for row in own if row[1] == last), default=np.nan)  # type: ignore[arg-type]
        ends = [row[2] for row in own if row[1] == last and float(row[3]) == least]  # type: ignore[arg-type]
        until = max((evening(n) if n is not None else morning(last) + 10 * 86_400_000_000 for n in ends), default=-1)
        expected = least if until >= evening(cutoff) else np.nan
        np.testing.assert_equal(found[place], expected)
        assert (since[place] == NEVER_KNOWN) == bool(np.isnan(expected))


@settings(max_examples=30)
@given(some, st.integers(0, 12), st.integers(0, 12), st.integers(0, 25))
def test_until_an_instant_nothing_later_is_known(
    book: Book, drawn: list[Row], last: int, known: int, cutoff: int
) -> None:
    columns = dated(book, drawn)
    until = {name: column.known_by(evening(last)) for name, column in columns.items()}
    known_at, at = evening(known), evening(cutoff)
    np.testing.assert_equal(held(until, at, known_at), held(columns, at, min(known_at, evening(last))))


def test_a_statement_repeated_counts_once_unless_it_renews_its_validity(book: Book) -> None:
    said: list[Row] = [("a", 0, None, None, "ann"), ("a", 3, None, None, "ann"), ("a", 5, None, None, "bob")]
    assert stated(book, said).filter(pl.col("column") == "owner")["value"].to_list() == ["ann", "bob"]
    renewed = fits(stated(book, [("a", 0, None, "3", None), ("a", 8, None, "3", None)]))
    assert [(known, value) for _, known, value, _ in renewed] == [(morning(0), "3"), (morning(8), "3")]
    same = fits(stated(book, [("a", 0, 30, "3", None), ("a", 8, 30, "3", None)]))
    assert same == [("a", morning(0), "3", evening(30))]


def test_a_row_s_own_date_goes_before_the_days_of_its_column(book: Book) -> None:
    found = dated(book, [("a", 0, 2, "3", "ann"), ("b", 0, None, "4", "ann")])
    nan = np.nan
    for at, fit in ((0, [3, 4, nan]), (2, [3, 4, nan]), (3, [nan, 4, nan]), (9, [nan, 4, nan]), (11, [nan] * 3)):
        np.testing.assert_equal(found["fit"].as_known(evening(at), evening(at))[0].tolist(), fit)
    assert found["owner"].expires.tolist() == [evening(2), FOR_EVER]


def test_an_earlier_value_does_not_come_back_when_the_latest_has_lapsed(book: Book) -> None:
    found = dated(book, [("a", 0, 50, "3", None), ("a", 5, 7, "5", None)])["fit"]
    values = [found.as_known(evening(at), evening(at))[0][0] for at in (4, 5, 7, 8)]
    np.testing.assert_equal(values, [3, 5, 5, np.nan])


def test_what_is_missing_depends_on_the_kind() -> None:
    for dtype, expected in ((np.uint64, 0), (np.int64, NO_DATE)):
        values, since = Dated.nothing(2, np.dtype(dtype)).as_known(0, 0)
        assert values.tolist() == [expected] * 2
        assert since.tolist() == [NEVER_KNOWN] * 2


def history_of(book: Book, home: Path) -> Histories:
    return open_store(book, home).histories(["c1"])


def test_a_store_keeps_every_rating_with_its_owner_and_its_end(shop: Shop, home: Path) -> None:
    first = HEADER + "c1,2021-03-20,2021-04-20,3,ann\nc1,2021-03-25,soon,3,ann\nc1,2021-03-26,,many,ann\n"
    book = shop(orders=ORDER, ratings=first, more=RATINGS)
    one = history_of(book, home)
    store = open_store(book, home)
    account = store.manifest.accounts[1]
    assert account.quarantined == {"expires is not a date": 1, "fit is not a number": 1}
    assert one.profile["fit"].expires.tolist() == [end_of_day(date(2021, 4, 20), ZONE)]
    assert store.words("owner") == {int(one.profile["owner"].values[0]): "ann"}

    more = HEADER + "c1,2021-03-20,2021-04-20,3,ann\nc1,2021-05-01,2021-06-01,5,bob\n"
    both = shop(ratings2=more, more=RATINGS)
    two = history_of(both, home)
    assert two.profile["fit"].values.tolist() == [3.0, 5.0]
    account = open_store(both, home).manifest.accounts[1]
    assert (account.rows, account.kept, account.known) == (5, 2, 1)
    assert set(open_store(both, home).words("owner").values()) == {"ann", "bob"}
    for moment in (one.profile["fit"].known[0], two.profile["fit"].known[1] - 1):
        was, now = (each.profile["fit"].as_known(int(moment), int(moment)) for each in (one, two))
        np.testing.assert_equal(was, now)


def test_expires_is_one_of_the_columns_of_the_rows(shop: Shop, home: Path) -> None:
    with pytest.raises(BookError, match=r"profiles\[0\].expired"):
        shop(more=RATINGS.replace("expires =", "expired ="))
