"""Forgotten customers: their tombstones, and that nothing takes them in or shows them again."""

from __future__ import annotations

import hmac
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import SourceError, StoreError
from data.events import Event
from data.ingest.opening import compact, open_store, without_forgotten
from data.ingest.quarantine import read_quarantine
from data.reading.holders import Holder, holders
from data.settings.book import Book, load_book
from data.store.inbox import Inbox
from data.store.store import Store
from data.store.tombstone_file import Watch, bury, read_tombstones
from data.store.tombstones import NO_TOMBSTONES, KeyedHash, Tombstone

Shop = Callable[..., Book]
HEADER = "customer,at,type,amount,quantity,product,order\n"
ROWS = "anna,2021-03-01,order,5,1,p,o1\nbert,2021-03-02,order,7,1,p,o2\ncleo,2021-03-03,visit,,,,\n"
PEOPLE = """
[[profiles]]
name = "people"
path = "people.csv"
customer_id = "customer"
known_from = 2021-01-01
columns = { country = "category" }
"""
SEVEN = Event("anna", datetime(2021, 3, 7, tzinfo=UTC), "order", amount=3.0)


def forget(customer: str, home: Path, book: str = "shop") -> Tombstone:
    return bury(customer, book, home, recorded="2022-01-01T00:00:00+00:00", by="Li Wei", reason="asked for it")


def arrows(store: Store, home: Path) -> dict[str, bytes]:
    stores = home / store.book.name / "store"
    folder = stores / (stores / "current").read_text()
    return {file.name: file.read_bytes() for file in folder.glob("*.arrow")}


def test_a_tombstone_tells_when_who_and_why_but_not_whose_it_is(home: Path) -> None:
    stone = forget("anna", home)
    text = (home / "shop" / "forgotten.json").read_text()
    assert "anna" not in text
    assert (stone.recorded, stone.by, stone.reason) == ("2022-01-01T00:00:00+00:00", "Li Wei", "asked for it")
    assert list(read_tombstones("shop", home)) == [stone]
    assert read_tombstones("shop", home).of("anna") == stone
    assert read_tombstones("shop", home).of("bert") is None


def test_the_key_is_random_and_for_its_owner_alone(home: Path) -> None:
    assert forget("anna", home).customer != forget("anna", home, "other").customer
    assert stat.S_IMODE((home / "shop" / "forgotten.key").stat().st_mode) == 0o600


@given(st.text(), st.binary(min_size=32, max_size=32))
def test_the_hash_is_hmac_sha_256(customer: str, key: bytes) -> None:
    expected = hmac.new(key, customer.strip().encode("utf-8", "surrogatepass"), "sha256").hexdigest()
    assert KeyedHash(key).of(customer) == expected


def test_a_tombstone_that_stands_is_kept(home: Path) -> None:
    first = forget("anna", home)
    assert bury(" anna ", "shop", home, recorded="later", by="B", reason="again") == first
    assert list(read_tombstones("shop", home)) == [first]


def test_the_version_names_the_forgotten_whatever_their_order(home: Path) -> None:
    assert NO_TOMBSTONES.version == ""
    forget("anna", home)
    one = read_tombstones("shop", home).version
    forget("bert", home)
    assert "" != one != read_tombstones("shop", home).version


def test_a_watch_sees_what_another_process_wrote(home: Path) -> None:
    watch = Watch("shop", home)
    assert watch.now() is NO_TOMBSTONES
    forget("anna", home)
    seen = watch.now()
    assert seen.among(["anna", "bert"]) == {"anna"}
    assert watch.now() is seen
    forget("bert", home)
    assert watch.now().among(["anna", "bert"]) == {"anna", "bert"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 2, "forgotten": []}'])
def test_damaged_tombstones_are_refused_and_not_taken_for_none(home: Path, text: str) -> None:
    forget("anna", home)
    (home / "shop" / "forgotten.json").write_text(text)
    with pytest.raises(StoreError, match=r"forgotten\.json"):
        read_tombstones("shop", home)


def test_tombstones_without_their_key_are_refused(shop: Shop, home: Path) -> None:
    book = shop(orders=HEADER + ROWS)
    store = open_store(book, home)
    forget("anna", home)
    (home / "shop" / "forgotten.key").unlink()
    for _ in range(2):
        with pytest.raises(StoreError, match=r"forgotten\.key"):
            forget("bert", home)
    for read in (lambda: open_store(book, home), store.customers, lambda: store.inbox.append([SEVEN])):
        with pytest.raises(StoreError, match=r"forgotten\.key"):
            read()


def test_a_key_that_was_never_used_may_be_half_written(home: Path) -> None:
    (home / "shop").mkdir(parents=True)
    (home / "shop" / "forgotten.key").write_bytes(b"half")
    assert forget("anna", home) == read_tombstones("shop", home).of("anna")


def test_readers_leave_out_the_forgotten_before_the_store_was_made_anew(shop: Shop, home: Path) -> None:
    more = "anna,2021-03-09,visit,,,,\n"
    store = open_store(shop(orders=HEADER + ROWS + more), home)
    store.inbox.append([SEVEN, Event("dora", datetime(2021, 3, 8, tzinfo=UTC), "visit")])
    forget("anna", home)
    forget("dora", home)
    assert store.customers() == ["bert", "cleo"]
    assert list(store.histories(["cleo", "anna", "dora", "bert"]).customer_ids) == ["cleo", "bert"]
    assert [list(part.customer_ids) for part in store.each()] == [["bert", "cleo"]]
    assert list(store.read_all().customer_ids) == ["bert", "cleo"]
    assert store.events("anna") == store.events("dora") == []
    assert [event.customer_id for event in store.events("bert")] == ["bert"]
    assert store.frame(0)["customer_id"].to_list() == ["bert", "cleo"]
    assert store.tombstones.version != store.manifest.forgotten


def test_a_store_made_anew_holds_nothing_of_the_forgotten_and_accounts_for_their_rows(shop: Shop, home: Path) -> None:
    people = "customer,country\nanna,DE\nbert,FR\n"
    book = shop(orders=HEADER + ROWS + "anna,2021-03-04,order,ten,1,p,o9\n", people=people, more=PEOPLE)
    open_store(book, home).inbox.append([SEVEN])
    forget("anna", home)
    store = without_forgotten(book, home)
    orders, profile, appended = store.manifest.accounts
    assert orders.line() == ("orders: 4 rows in = 2 kept + 0 already known + 2 filtered (forgotten 2) + 0 quarantined")
    assert profile.filtered == appended.filtered == {"forgotten": 1}
    assert store.manifest.forgotten == store.tombstones.version
    assert Inbox(book, home).forget("anna") == 1
    found = [file for file in home.rglob("*") if file.is_file() and b"anna" in file.read_bytes()]
    assert found == []
    assert len([folder for folder in (home / "shop" / "store").iterdir() if folder.is_dir()]) == 1


def test_a_book_that_forgets_nobody_is_made_as_before(shop: Shop, home: Path) -> None:
    store = open_store(shop(orders=HEADER + ROWS), home)
    assert store.manifest.forgotten == ""
    assert [account.filtered for account in store.manifest.accounts] == [{}]


def test_a_later_delivery_brings_nobody_back_in_whatever_spelling(tmp_path: Path, home: Path, shop: Shop) -> None:
    book = shop(orders=HEADER + "7,2021-03-01,order,5,1,p,o1\n8,2021-03-01,order,5,1,p,o2\n")
    open_store(book, home)
    forget("7", home)
    (tmp_path / "orders2.csv").write_text(HEADER + ' 7 ,2021-04-01,order,5,1,p,o3\n"7",2021-04-02,order,5,1,p,o4\n')
    (tmp_path / "orders3.csv").write_text(HEADER + "7.0,2021-04-01,order,5,1,p,o5\n07,2021-04-01,order,5,1,p,o6\n")
    store = open_store(book, home)
    assert "7" not in store.customers()
    assert {"07", "8"} <= set(store.customers())
    assert store.manifest.accounts[0].balanced


def test_a_broken_line_that_names_the_forgotten_leaves_the_quarantine(shop: Shop, home: Path) -> None:
    book = shop(orders=HEADER + ROWS + "anna,too,few\nbert,too,few\nannabel,too,few\n")
    open_store(book, home)
    assert read_quarantine("orders", home / "shop" / "quarantine").height == 3
    forget("anna", home)
    store = open_store(book, home)
    assert store.manifest.accounts[0].filtered == {"forgotten": 2}
    assert store.manifest.accounts[0].balanced
    raw = read_quarantine("orders", home / "shop" / "quarantine")["raw"].to_list()
    assert raw == ["bert,too,few", "annabel,too,few"]


def test_events_of_the_forgotten_are_refused_whole(shop: Shop, home: Path) -> None:
    store = open_store(shop(orders=HEADER + ROWS), home)
    forget("anna", home)
    other = Event("bert", datetime(2021, 3, 8, tzinfo=UTC), "visit")
    with pytest.raises(SourceError, match="event 2: its customer was forgotten") as told:
        store.inbox.append([other, SEVEN])
    assert "anna" not in str(told.value)
    assert store.inbox.last() == 0
    assert store.inbox.append([other]).kept == 1


def test_the_inbox_keeps_no_byte_of_whom_it_forgot_and_numbers_go_on(shop: Shop, home: Path) -> None:
    book = shop(orders=HEADER + ROWS)
    inbox = open_store(book, home).inbox
    inbox.append([Event("bert", datetime(2021, 3, 8, tzinfo=UTC), "visit"), SEVEN])
    folded = compact(book, home).manifest.appended_through
    assert inbox.forget("anna") == 1
    assert inbox.forget("anna") == 0
    files = list((home / "shop").glob("inbox.sqlite*"))
    assert files
    assert all(b"anna" not in file.read_bytes() for file in files)
    inbox.append([Event("cleo", datetime(2021, 3, 9, tzinfo=UTC), "visit")])
    assert inbox.last() > folded
    assert inbox.customers(folded) == ["cleo"]


def test_the_sources_that_still_name_a_customer_are_told(shop: Shop, home: Path) -> None:
    people = "customer,country\nanna,DE\nbert,FR\n"
    book = shop(orders=HEADER + ROWS + "anna,too,few\n", orders2=HEADER + ROWS, people=people, more=PEOPLE)
    assert list(holders("anna", book, home)) == [
        Holder("orders", "orders.csv", 2),
        Holder("orders", "orders2.csv", 1),
        Holder("people", "people.csv", 1),
    ]
    assert list(holders("nobody", book, home)) == []


BOOK = """
name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"
roles = { order = "purchase", refund = "return", visit = "visit" }

[[sources]]
name = "orders"
path = "orders*.csv"
keys = ["product"]

[sources.columns]
customer_id = "customer"
time = "at"
type = "type"
amount = "amount"
product = "product"

[[profiles]]
name = "rows"
source = "orders"
customer_id = "customer"
known_time = "at"
columns = { quantity = "number" }
"""
row = st.tuples(
    st.sampled_from(["c1", "c2", "c3", " c1", ""]),
    st.sampled_from(["2021-03-01", "2021-03-01 10:00:00", "never"]),
    st.sampled_from(["order", "visit", "ordr"]),
    st.sampled_from(["", "0", "3", "ten"]),
    st.sampled_from(["", "1", "x"]),
    st.sampled_from(["", "p1", "p2", "p3"]),
    st.just(""),
).map(",".join)
rows = st.lists(row | st.sampled_from(["too,few", "c1,few", "c2,few"]), max_size=20)
LAST = "zoe,2021-03-05,order,1,1,last,"


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows, min_size=1, max_size=3), st.lists(rows, max_size=1), st.sets(st.sampled_from(["c1", "c2"])))
def test_the_store_without_the_forgotten_is_that_of_sources_that_never_named_them(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[str]], later: list[list[str]], gone: set[str]
) -> None:
    folder = tmp_path_factory.mktemp("book")
    first = written(folder / "first", [[LAST], *files])
    open_store(first, folder / "work")
    for customer in gone:
        forget(customer, folder / "work")
    store = open_store(written(folder / "first", [[LAST], *files, *later]), folder / "work")
    bare = [[line for line in lines if line.split(",")[0].strip() not in gone] for lines in [[LAST], *files, *later]]
    never = open_store(written(folder / "second", bare), folder / "other")
    assert arrows(store, folder / "work") == arrows(never, folder / "other")
    for account, other in zip(store.manifest.accounts, never.manifest.accounts, strict=True):
        assert account.balanced
        assert account.rows - account.filtered.get("forgotten", 0) == other.rows
        assert (account.kept, account.known) == (other.kept, other.known)
        assert account.quarantined == other.quarantined


def written(folder: Path, files: list[list[str]]) -> Book:
    folder.mkdir(exist_ok=True)
    for number, lines in enumerate(files):
        (folder / f"orders{number}.csv").write_text(HEADER + "".join(f"{line}\n" for line in lines))
    (folder / "shop.toml").write_text(BOOK)
    return load_book(str(folder / "shop.toml"))
