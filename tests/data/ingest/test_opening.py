"""Ingest: every row accounted for, the same store from the same events, nothing half-written."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import events as why
from data.account import Account
from data.errors import SourceError, StoreError
from data.events import problem
from data.ingest import spill
from data.ingest.opening import open_store
from data.settings.book import Book, load_book
from data.store.manifest import FORMAT
from data.store.store import Store

Shop = Callable[..., Book]
HEADER = "customer,at,type,amount,quantity,product,order\n"
DAY = "c1,2021-03-01,order,10.50,1,p1,o1\n"
FAST = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def bytes_of(store: Store, home: Path) -> dict[str, bytes]:
    """The bucket files of the current generation."""
    stores = home / store.book.name / "store"
    folder = stores / (stores / "current").read_text()
    return {file.name: file.read_bytes() for file in folder.glob("*.arrow")}


def account(store: Store, source: str = "orders") -> Account:
    return next(each for each in store.manifest.accounts if each.source == source)


def quarantined(home: Path, source: str = "orders") -> pl.DataFrame:
    file = home / "shop" / "quarantine" / f"{source}.parquet"
    return pl.read_parquet(file) if file.is_file() else pl.DataFrame(schema={"reason": pl.String})


def test_a_row_becomes_an_event_in_words_and_in_numbers(shop: Shop, home: Path) -> None:
    store = open_store(shop(orders=HEADER + DAY), home)
    (event,) = store.events("c1")
    assert (event.type, event.amount, event.quantity, event.product, event.order_id) == (
        "order",
        10.5,
        1.0,
        "p1",
        "o1",
    )
    assert event.time.isoformat() == "2021-02-28T23:00:00+00:00"
    history = store.read_all()
    assert history.amount.tolist() == [1050]
    assert account(store) == Account("orders", rows=1, kept=1, known=0, filtered={}, quarantined={})


BROKEN = {
    ",2021-03-01,order,1,1,p,o": why.NO_CUSTOMER,
    "   ,2021-03-01,order,1,1,p,o": why.NO_CUSTOMER,
    "c,,order,1,1,p,o": why.NO_TIME,
    "c,yesterday,order,1,1,p,o": why.UNREAD_TIME,
    "c,2021-02-30,order,1,1,p,o": why.UNREAD_TIME,
    "c,1745-01-01,order,1,1,p,o": why.UNREAD_TIME,
    "c,2021-03-01,,1,1,p,o": why.NO_TYPE,
    "c,2021-03-01,ordr,1,1,p,o": why.UNKNOWN_TYPE,
    "c,2021-03-01,order,ten,1,p,o": why.BAD_AMOUNT,
    "c,2021-03-01,order,NaN,1,p,o": why.INFINITE_AMOUNT,
    "c,2021-03-01,order,inf,1,p,o": why.INFINITE_AMOUNT,
    "c,2021-03-01,order,1e400,1,p,o": why.INFINITE_AMOUNT,
    "c,2021-03-01,order,1e15,1,p,o": why.HUGE_AMOUNT,
    "c,2021-03-01,refund,5,1,p,o": why.POSITIVE_RETURN,
    "c,2021-03-01,order,1,two,p,o": why.BAD_QUANTITY,
    "c,2021-03-01,order,1,nan,p,o": why.INFINITE_QUANTITY,
    "c,2021-03-01,order,1,-inf,p,o": why.INFINITE_QUANTITY,
    "c,2021-03-01,order,1,-2,p,o": why.NEGATIVE_QUANTITY,
    "c,2021-03-01,order,1,1,p": why.WRONG_FIELDS,
    "c,2021-03-01,order,1,1,p,o,extra": why.WRONG_FIELDS,
}
USABLE = [
    "c,2021-03-01T10:00:00Z,order,1,1,p,o",
    "c,2021-03-01 10:00:00.25+05:30,order,,,,",
    "c,2021-03-01 10:00,order,0,0,,",
    "c,2021-03-01,refund,-5,-2,p,o",
    "c,2021-03-01,order,-5,1,discount,o",
    "客户,2021-03-28 02:30:00,visit,,,,",
]


def test_ten_thousand_broken_rows_among_a_hundred_thousand_are_told_and_a_replay_adds_none(
    shop: Shop, home: Path
) -> None:
    broken = [row for row in BROKEN for _ in range(10_000 // len(BROKEN))]
    good = [f"c{number},2021-03-01,order,1,1,p,o{number}" for number in range(90_000)]
    rows = broken + good
    random.Random(1).shuffle(rows)
    text = HEADER + "\n".join(rows) + "\n"
    store = open_store(shop(orders=text), home)
    counts = {reason: 500 * list(BROKEN.values()).count(reason) for reason in BROKEN.values()}
    assert account(store) == Account("orders", 100_000, 90_000, 0, {}, counts)
    held = quarantined(home)
    assert held.height == 10_000
    lines = text.splitlines()
    assert held["raw"].to_list() == [lines[line - 1] for line in held["line"]]
    assert all(BROKEN[raw] == reason for raw, reason in held.select("raw", "reason").iter_rows())

    before = bytes_of(store, home)
    again = open_store(shop(orders_again=text), home)
    assert bytes_of(again, home) == before
    assert quarantined(home).height == 10_000
    assert account(again) == Account("orders", 200_000, 90_000, 100_000, {}, counts)


def test_what_is_unusual_but_usable_is_kept(shop: Shop, home: Path) -> None:
    store = open_store(shop(orders=HEADER + "\n".join(USABLE)), home)
    assert account(store).kept == len(USABLE)
    times = [event.time.isoformat() for event in store.events("c")]
    assert times == [
        "2021-02-28T23:00:00+00:00",
        "2021-02-28T23:00:00+00:00",
        "2021-03-01T04:30:00.250000+00:00",
        "2021-03-01T09:00:00+00:00",
        "2021-03-01T10:00:00+00:00",
    ]
    assert store.events("客户")[0].time.isoformat() == "2021-03-28T01:30:00+00:00"


row = st.tuples(
    st.sampled_from(["c1", "c2", ""]),
    st.sampled_from(["2021-03-01", "2021-03-01 10:00:00", "never"]),
    st.sampled_from(["order", "refund", "visit", "ordr"]),
    st.sampled_from(["", "-1.25", "0", "3", "ten"]),
    st.sampled_from(["", "1", "-1"]),
    st.sampled_from(["", "p1", "Ünder", '"a,b"']),
    st.sampled_from(["", "o1", "o2"]),
).map(",".join)
rows = st.lists(row | st.just("too,few"), max_size=25)


@FAST
@given(st.lists(rows, min_size=1, max_size=3))
def test_every_row_is_in_the_account_and_accounts_balance(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("book")
    book = shop_in(folder, [*files, [DAY.strip()]])
    store = open_store(book, folder / "work")
    found = account(store)
    assert found.balanced
    assert found.rows == sum(map(len, files)) + 1
    assert found.kept == store.manifest.totals.events
    assert sum(found.quarantined.values()) == quarantined(folder / "work").height


@FAST
@given(rows, st.randoms(use_true_random=False))
def test_order_and_repeated_delivery_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, given_rows: list[str], chance: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("book")
    once = [*given_rows, DAY.strip()]
    shuffled = chance.sample(once, len(once))
    part = chance.sample(once, chance.randint(0, len(once)))
    first = open_store(shop_in(folder, [once]), folder / "first")
    second = open_store(shop_in(folder, [part, shuffled, part]), folder / "second")
    assert bytes_of(second, folder / "second") == bytes_of(first, folder / "first")
    assert quarantined(folder / "second").height == quarantined(folder / "first").height


def shop_in(folder: Path, files: list[list[str]]) -> Book:
    for file in folder.glob("*.csv"):
        file.unlink()
    for number, lines in enumerate(files):
        (folder / f"orders{number}.csv").write_text(HEADER + "".join(f"{line}\n" for line in lines))
    (folder / "shop.toml").write_text(BOOK)
    return load_book(str(folder / "shop.toml"))


BOOK = """
name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"
roles = { order = "purchase", refund = "return", visit = "visit" }

[[sources]]
name = "orders"
path = "orders*.csv"

[sources.columns]
customer_id = "customer"
time = "at"
type = "type"
amount = "amount"
quantity = "quantity"
product = "product"
order_id = "order"
"""


def test_two_equal_lines_are_two_events_and_an_overlapping_file_adds_only_what_is_new(shop: Shop, home: Path) -> None:
    one = open_store(shop(orders=HEADER + DAY * 2), home)
    assert account(one).kept == 2
    both = open_store(shop(orders_more=HEADER + DAY * 3 + DAY.replace("p1", "p2")), home)
    assert account(both) == Account("orders", 6, kept=4, known=2, filtered={}, quarantined={})
    assert len({event.key for event in both.events("c1")}) == 4


KEYED = 'keys = ["order", "product"]'


def test_key_columns_make_a_row_the_same_event_wherever_it_comes_from(shop: Shop, home: Path) -> None:
    store = open_store(shop(keys=KEYED, orders=HEADER + DAY, orders_more=HEADER + DAY + DAY.replace("p1", "p2")), home)
    assert account(store) == Account("orders", 3, kept=2, known=1, filtered={}, quarantined={})


@pytest.mark.parametrize("other", [DAY.replace("10.50", "9.00"), DAY.replace("c1", "c2")])
def test_a_different_row_with_a_taken_key_is_told_whatever_the_order(shop: Shop, home: Path, other: str) -> None:
    one = open_store(shop(keys=KEYED, orders=HEADER + DAY + other), home)
    assert account(one).quarantined == {why.TAKEN_KEY: 1}
    assert account(one).kept == 1
    before = bytes_of(one, home)
    two = open_store(shop(keys=KEYED, orders=HEADER + other + DAY), home)
    assert bytes_of(two, home) == before
    assert account(two).balanced


def test_one_key_claimed_by_customers_of_several_buckets_goes_to_one(
    shop: Shop, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill, "MOST_EVENTS", 5)
    others = "".join(f"x{number},2021-03-02,order,1,1,p,{number}\n" for number in range(60))
    claims = [f"c{number},2021-03-0{1 + number % 3},order,1,1,p1,o1\n" for number in range(9)]
    one = open_store(shop(keys=KEYED, orders=HEADER + others + "".join(claims)), home)
    before = bytes_of(one, home)
    assert one.buckets > 4
    assert account(one).quarantined == {why.TAKEN_KEY: 8}
    two = open_store(shop(keys=KEYED, orders=HEADER + "".join(reversed(claims)) + others), home)
    assert bytes_of(two, home) == before


def test_processes_that_open_a_new_book_at_once_build_it_once(
    shop: Shop, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = shop(orders=HEADER + DAY)
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: open_store(book, home), range(4)))
    assert [store.read_all().events for store in stores] == [1, 1, 1, 1]
    assert capsys.readouterr().err.count("1 rows in") == 1


def test_a_missing_key_is_told(shop: Shop, home: Path) -> None:
    store = open_store(shop(keys=KEYED, orders=HEADER + DAY + "c1,2021-03-01,order,1,1,,o2\n"), home)
    assert account(store).quarantined == {why.NO_KEY: 1}


def test_filters_are_counted_apart_and_the_first_one_counts(shop: Shop, home: Path) -> None:
    filters = """
[[sources.filters]]
name = "test accounts"
where = { column = "customer", op = "starts_with", value = "test" }

[[sources.filters]]
name = "free of charge"
where = [
    { column = "amount", op = "<=", value = 0 },
    { column = "type", op = "not_equals", value = "refund" },
]
"""
    text = HEADER + DAY + "test1,2021-03-01,order,0,1,p,o\nc2,2021-03-01,order,0,1,p,o\nc2,never,refund,-1,1,p,o\n"
    store = open_store(shop(more=filters, orders=text), home)
    found = account(store)
    assert found.filtered == {"test accounts": 1, "free of charge": 1}
    assert found.quarantined == {why.UNREAD_TIME: 1}
    assert found.balanced
    assert "2 filtered (test accounts 1, free of charge 1)" in found.line()


def test_types_follow_rules_and_joined_columns_amounts_are_products(tmp_path: Path, home: Path) -> None:
    (tmp_path / "lines.csv").write_text("who,day,doc,item,n,price\nc,05.03.2021,C1,1,-2,1.5\nc,04.03.2021,7,2,3,1.5\n")
    (tmp_path / "items.csv").write_text("item,group\n1,tea\n3,cups\n")
    (tmp_path / "b.toml").write_text("""
name = "b"
currency = "EUR"
time_zone = "UTC"
roles = { order = "purchase", credit = "return" }
[[sources]]
name = "lines"
path = "lines.csv"
channel = "web"
time_format = "%d.%m.%Y"
types = [{ type = "credit", where = { column = "doc", op = "starts_with", value = "C" } }, { type = "order" }]
[sources.columns]
customer_id = "who"
time = "day"
amount = { multiply = ["n", "price"] }
quantity = "n"
category = "group"
attributes = { Beleg = "doc", menge = "n" }
[[sources.joins]]
path = "items.csv"
on = "item"
columns = ["group"]
""")
    store = open_store(load_book(str(tmp_path / "b.toml")), home)
    order, credit = store.events("c")
    assert (order.type, order.amount, order.category, order.channel) == ("order", 4.5, None, "web")
    assert (credit.type, credit.amount, credit.category) == ("credit", -3.0, "tea")
    assert credit.attributes == {"Beleg": "C1", "menge": "-2"}


def test_a_negative_purchase_is_a_line_of_an_order_or_no_purchase(shop: Shop, home: Path) -> None:
    rows = ["c,2021-03-01,order,-5,1,discount,o", "c,2021-03-01,order,-5,1,p,", "c,2021-03-01,order,0,1,p,"]
    store = open_store(shop(orders=HEADER + "\n".join(rows)), home)
    assert [event.amount for event in store.events("c")] == [0.0, -5.0]
    assert account(store).quarantined == {why.NEGATIVE_PURCHASE: 1}
    assert [problem(event, store.book.roles, 2) for event in store.events("c")] == [None, None]
    alone = replace(store.events("c")[1], order_id=None)
    assert problem(alone, store.book.roles, 2) == why.NEGATIVE_PURCHASE


def test_amounts_can_be_turned_around(shop: Shop, home: Path) -> None:
    book = shop(orders=HEADER + "c,2021-03-01,refund,5,1,p,o\n")
    file = book.file
    file.write_text(file.read_text().replace('amount = "amount"', 'amount = { column = "amount", negate = true }'))
    assert open_store(load_book(str(file)), home).events("c")[0].amount == -5.0


EUROPEAN = """type;at;customer;amount;quantity
order;2021-03-01;a;1.234,56;2
order;2021-03-02;a;1.234;1,5
order;2021-03-03;a;99,50;1
order;2021-03-04;a;1 234,5;1
order;2021-03-05;a;12.50;1
"""
COMMA_BOOK = """
name = "comma"
currency = "EUR"
time_zone = "Europe/Berlin"
roles = { order = "purchase" }

[[sources]]
name = "orders"
path = "comma.csv"
separator = ";"
DECIMAL
columns = { customer_id = "customer", time = "at", type = "type", amount = "amount", quantity = "quantity" }
filters = [{ name = "large", where = { column = "amount", op = ">", value = 1234.5 } }]
"""


def comma(folder: Path, decimal: str) -> Book:
    (folder / "comma.csv").write_text(EUROPEAN, encoding="utf-8")
    (folder / "comma.toml").write_text(COMMA_BOOK.replace("DECIMAL", decimal), encoding="utf-8")
    return load_book(str(folder / "comma.toml"))


def test_a_source_may_write_its_decimals_with_a_comma(tmp_path: Path, home: Path) -> None:
    store = open_store(comma(tmp_path, 'decimal = ","'), home)
    assert [event.amount for event in store.events("a")] == [1234.0, 99.5, 1234.5]
    assert store.events("a")[0].quantity == 1.5
    assert account(store) == Account("orders", 5, 3, 0, {"large": 1}, {why.POINT_AMOUNT: 1})


def test_decimals_written_with_a_comma_are_told_with_the_setting_that_reads_them(tmp_path: Path, home: Path) -> None:
    store = open_store(comma(tmp_path, ""), home)
    assert account(store).quarantined[why.COMMA_AMOUNT] == 3
    assert 'set decimal = ","' in why.COMMA_AMOUNT


def test_an_unchanged_book_is_only_opened_and_a_changed_file_is_read(
    shop: Shop, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_store(shop(orders=HEADER + DAY), home)
    assert "orders: 1 rows in = 1 kept + 0 already known + 0 filtered + 0 quarantined" in capsys.readouterr().err
    open_store(shop(), home)
    assert capsys.readouterr().err == ""
    changed = open_store(shop(orders=HEADER + DAY.replace("10.50", "10.51")), home)
    assert changed.events("c1")[0].amount == 10.51


def test_settings_that_do_not_touch_the_events_read_nothing_again(
    shop: Shop, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_store(shop(orders=HEADER + DAY), home)
    capsys.readouterr()
    open_store(shop(more="[targets]\nchurn = { horizons = [14] }\n"), home)
    assert capsys.readouterr().err == ""


def test_a_book_without_a_usable_row_is_refused_with_its_account(shop: Shop, home: Path) -> None:
    with pytest.raises(SourceError, match="expected at least one event, kept none") as caught:
        open_store(shop(orders=HEADER + "c,never,order,1,1,p,o\n"), home)
    assert "1 quarantined (time is not a date; set time_format 1)" in str(caught.value)
    assert "has the form aaaaa." in str(caught.value)
    assert "never" not in str(caught.value)
    assert quarantined(home).height == 1
    assert not (home / "shop" / "store" / "current").exists()
    assert list((home / "shop" / "store").iterdir()) == []


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, r"orders\*.csv: no such file"),
        (
            {"orders": "customer,at,typ,amount,quantity,product,order\n"},
            'expected a column "type".*did you mean "typ"',
        ),
    ],
)
def test_a_source_that_does_not_fit_the_book_is_told(shop: Shop, home: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        open_store(shop(**files), home)


def test_a_missing_file_is_told_with_one_of_a_similar_name(shop: Shop, home: Path, tmp_path: Path) -> None:
    book = shop(order=HEADER + DAY)
    book.file.write_text(book.file.read_text().replace("orders*.csv", "orders.csv"))
    with pytest.raises(SourceError, match=r'orders\.csv: no such file; did you mean "order\.csv"'):
        open_store(load_book(str(book.file)), home)


def test_a_join_on_a_value_with_two_rows_is_refused(shop: Shop, home: Path, tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("product,group\np1,tea\np1,cups\n")
    join = '[[sources.joins]]\npath = "items.csv"\non = "product"\ncolumns = ["group"]\n'
    with pytest.raises(SourceError, match='expected one row for each "product"'):
        open_store(shop(more=join, orders=HEADER + DAY), home)


def test_a_store_of_another_format_is_refused_in_words(shop: Shop, home: Path) -> None:
    open_store(shop(orders=HEADER + DAY), home)
    stores = home / "shop" / "store"
    manifest = stores / (stores / "current").read_text() / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"format": {FORMAT}', '"format": 99'))
    with pytest.raises(StoreError, match=rf"expected store format {FORMAT}, found 99; remove the folder .*store"):
        open_store(shop(), home)


def test_a_store_of_an_earlier_format_is_made_anew(shop: Shop, home: Path) -> None:
    before = bytes_of(open_store(shop(orders=HEADER + DAY), home), home)
    stores = home / "shop" / "store"
    manifest = stores / (stores / "current").read_text() / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"format": {FORMAT}', '"format": 1').replace("events", "rows"))
    assert bytes_of(open_store(shop(), home), home) == before


def test_a_damaged_store_is_made_anew(shop: Shop, home: Path) -> None:
    store = open_store(shop(orders=HEADER + DAY), home)
    before = bytes_of(store, home)
    stores = home / "shop" / "store"
    bucket = stores / (stores / "current").read_text() / "events-0000.arrow"
    bucket.write_bytes(bucket.read_bytes()[:100])
    assert bytes_of(open_store(shop(), home), home) == before


def test_a_killed_ingest_leaves_the_old_store_or_the_new_one(shop: Shop, home: Path, tmp_path: Path) -> None:
    rows = "".join(f"c{number % 50},2021-03-01,order,1,1,p,o{number}\n" for number in range(20_000))
    old = bytes_of(open_store(shop(orders=HEADER + DAY), home), home)
    new = bytes_of(open_store(shop(orders=HEADER + rows), tmp_path / "other"), tmp_path / "other")
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from data.settings.book import load_book
        from data.ingest.opening import open_store
        book = load_book(sys.argv[1])
        print("ready", flush=True)
        open_store(book, Path(sys.argv[2]))
    """)
    for delay in (0.0, 0.05, 0.15):
        child = subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "shop.toml"), str(home)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        stores = home / "shop" / "store"
        folder = stores / (stores / "current").read_text()
        assert {file.name: file.read_bytes() for file in folder.glob("*.arrow")} in (old, new)
    store = open_store(shop(), home)
    assert bytes_of(store, home) == new
    assert [file.name for file in (home / "shop" / "store").iterdir() if file.name.startswith("building")] == []


def test_many_buckets_hold_what_one_holds(
    shop: Shop, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(
        f"c{number % 97},2021-03-{1 + number % 28:02},order,{number},1,p{number % 7},\n" for number in range(3000)
    )
    one = open_store(shop(orders=HEADER + rows), home)
    monkeypatch.setattr(spill, "MOST_EVENTS", 300)
    monkeypatch.setattr(spill, "_HELD", 1000)
    many = open_store(shop(), tmp_path / "many")
    assert one.buckets == 1
    assert many.buckets == 32
    assert many.customers() == one.customers()
    left, right = one.read_all(), many.read_all()
    assert list(left.customer_ids) == list(right.customer_ids)
    for name in ("offsets", "time", "order", "amount", "product", "quantity"):
        assert getattr(left, name).tobytes() == getattr(right, name).tobytes(), name
    assert all(many.read(number).events <= 300 for number in range(many.buckets))
