"""The store: a history is a slice, and appended events are there at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clock import start_of_day
from data.errors import SourceError, StoreError
from data.events import EVENT_SCHEMA, Event
from data.histories.encoding import encode
from data.histories.histories import EVENT_ARRAYS, Histories
from data.histories.profiles import NEVER_KNOWN
from data.ingest import spill
from data.ingest.opening import compact, open_store
from data.settings.book import Book, load_book
from data.store.inbox import Appended, Inbox

Shop = Callable[..., Book]
HEADER = "customer,at,type,amount,quantity,product,order\n"
PROFILES = """
[[profiles]]
name = "people"
path = "people.csv"
customer_id = "id"
known_time = "seen"

[profiles.columns]
industry = "category"
staff = { kind = "number", column = "employees" }
since = "date"
"""
PEOPLE = "id,seen,industry,employees,since\nc1,2021-01-05,steel,12,2019-04-01\nquiet,2021-01-01,tea,,\n"


def rows(customers: int, events: int) -> str:
    lines = [
        f"c{number % customers},2021-03-{1 + number % 28:02},order,{number},1,p,o{number // 3}\n"
        for number in range(events)
    ]
    return HEADER + "".join(lines)


def same(left: Histories, right: Histories) -> None:
    assert list(left.customer_ids) == list(right.customer_ids)
    assert left.offsets.tobytes() == right.offsets.tobytes()
    for name in EVENT_ARRAYS:
        assert getattr(left, name).tobytes() == getattr(right, name).tobytes(), name
    for name, dated in left.profile.items():
        for part in ("offsets", "values", "known", "expires"):
            assert getattr(dated, part).tobytes() == getattr(right.profile[name], part).tobytes(), (name, part)


def instant(year: int, month: int, day: int) -> int:
    """Midnight in Berlin."""
    return start_of_day(date(year, month, day), "Europe/Berlin")


def visit(customer: str, day: int, **more: object) -> Event:
    return Event(customer, datetime(2021, 4, day, tzinfo=UTC), "visit", **more)  # type: ignore[arg-type]


@pytest.fixture(params=[1, 8], ids=["one bucket", "eight buckets"])
def book(request: pytest.FixtureRequest, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Book:
    if request.param > 1:
        monkeypatch.setattr(spill, "MOST_EVENTS", 70)
    return shop(orders=rows(20, 300), people=PEOPLE, more=PROFILES)


def test_a_history_is_a_slice_of_the_mapped_file(book: Book, home: Path) -> None:
    store = open_store(book, home)
    history = store.histories(["c7"])
    assert list(history.customer_ids) == ["c7"]
    assert history.events == 15
    assert not history.amount.flags.owndata
    assert not history.amount.flags.writeable


def test_known_customers_come_in_the_order_asked_for(book: Book, home: Path) -> None:
    store = open_store(book, home)
    everyone = store.read_all()
    asked = ["c9", "nobody", "c1", "quiet", "c19"]
    found = store.histories(asked)
    assert list(found.customer_ids) == ["c9", "c1", "quiet", "c19"]
    ids = list(everyone.customer_ids)
    same(found, everyone.select([ids.index(name) for name in found.customer_ids]))
    assert len(store.histories(["nobody"])) == 0
    assert len(store.histories([])) == 0


def test_reading_every_bucket_reads_everybody_once(book: Book, home: Path) -> None:
    store = open_store(book, home)
    apart = Histories.concatenate(store.read(number) for number in range(store.buckets))
    same(apart, store.read_all())
    assert list(apart.customer_ids) == store.customers() == sorted(store.customers())
    assert apart.events == store.manifest.totals.events == 300


def test_the_store_says_when_its_events_began_and_ended(book: Book, home: Path) -> None:
    store = open_store(book, home)
    history = store.read_all()
    assert (store.first_time, store.last_time) == (history.time.min(), history.time.max())


def test_a_customer_with_only_a_profile_is_there_without_events(book: Book, home: Path) -> None:
    history = open_store(book, home).histories(["quiet"])
    assert (len(history), history.events) == (1, 0)
    assert history.profile["industry"].values[0] != 0
    staff, known = history.profile["staff"].as_known(history.profile["industry"].known[0], 0)
    assert np.isnan(staff[0])
    assert known[0] == NEVER_KNOWN


def test_words_tell_what_hashes_stand_for(book: Book, home: Path) -> None:
    store = open_store(book, home)
    history = store.histories(["c1"])
    assert store.words("industry")[int(history.profile["industry"].values[0])] == "steel"
    assert store.words("type")[int(history.type[0])] == "order"
    assert store.words("staff") == {}


def test_events_in_words_encode_to_the_same_histories(book: Book, home: Path) -> None:
    store = open_store(book, home)
    words = pl.concat([store.frame(number) for number in range(store.buckets)])
    assert words.columns == EVENT_SCHEMA.names
    encoded, stored = encode(words, None, book), store.histories([f"c{number}" for number in range(20)])
    stored = stored.select(np.argsort(np.array(stored.customer_ids)))
    for name in EVENT_ARRAYS:
        assert getattr(encoded, name).tobytes() == getattr(stored, name).tobytes(), name


def test_every_value_is_kept_with_its_time(shop: Shop, home: Path) -> None:
    later = "c1,2021-02-01,tea,15,2019-04-01\n,2021-02-01,tea,1,\n"
    later += "c2,,tea,1,\nc2,2021-01-01,tea,many,\nc2,2021-01-01,tea,1,soon\nc1,2021-03-01,tea,15,\n"
    book = shop(orders=rows(2, 4), people=PEOPLE + later, more=PROFILES)
    store = open_store(book, home)
    history = store.histories(["c1"])
    words = store.words("industry")
    assert [words[each] for each in history.profile["industry"].values.tolist()] == ["steel", "tea"]
    assert history.profile["staff"].values.tolist() == [12.0, 15.0]
    assert history.profile["staff"].known.tolist() == [instant(2021, 1, 5), instant(2021, 2, 1)]
    assert len(history.profile["since"].values) == 1
    found = next(account for account in store.manifest.accounts if account.source == "people")
    assert (found.rows, found.kept, found.known) == (8, 3, 1)
    assert found.quarantined == {
        "customer_id is missing": 1,
        "known_time is missing": 1,
        "since is not a date": 1,
        "staff is not a number": 1,
    }


def test_profiles_read_in_many_blocks_have_the_account_of_one(
    shop: Shop, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = "".join(f"c{n % 7},2021-01-{1 + n:02},steel,{'many' if n % 3 else n},\n" for n in range(25))
    book = shop(orders=rows(2, 4), people=PEOPLE + people, more=PROFILES)
    one = open_store(book, home)
    monkeypatch.setattr("data.reading.text_file.BLOCK_BYTES", 64)
    many = open_store(book, tmp_path / "other")
    assert many.manifest.accounts == one.manifest.accounts
    same(many.read_all(), one.read_all())


def test_rows_of_a_source_may_describe_its_customers(shop: Shop, home: Path) -> None:
    profile = """
[[profiles]]
name = "favourites"
source = "orders"
customer_id = "customer"
known_time = "at"
columns = { first = { kind = "category", column = "product" } }
"""
    text = "c1,2021-03-02,order,1,1,b,\nc1,2021-03-01,order,1,1,a,\nc1,2021-03-03,order,1,1,a,\nc2,never,order,1,1,a,\n"
    store = open_store(shop(orders=HEADER + text, more=profile), home)
    history = store.histories(["c1"])
    words = store.words("first")
    assert [words[each] for each in history.profile["first"].values.tolist()] == ["a", "b", "a"]
    assert history.profile["first"].known.tolist() == history.time.tolist()
    orders, favourites = store.manifest.accounts
    assert (favourites.rows, favourites.kept, favourites.known) == (4, 3, 0)
    assert (orders.quarantined, favourites.quarantined) == (
        {"time is not a date; set time_format": 1},
        {"known_time is not a date": 1},
    )


def test_appended_events_are_there_at_once_and_the_same_after_compaction(book: Book, home: Path) -> None:
    store = open_store(book, home)
    events = [
        visit("c3", 3, product="page", attributes={"b": "2", "a": "1"}),
        visit("c3", 1, known_time=datetime(2021, 5, 1, tzinfo=UTC)),
        Event("c3", datetime(2021, 3, 4, 12, tzinfo=UTC), "order", amount=9.99, margin=3.1, quantity=2, order_id="o1"),
        visit("newcomer", 2),
        visit("quiet", 9),
    ]
    assert store.inbox.append(events) == Appended(5, 0)
    merged, words = store.read_all(), store.events("c3")
    frames = [store.frame(number) for number in range(store.buckets)]
    assert merged.events == 305
    assert {"newcomer", "quiet"} <= set(store.customers())
    assert store.last_time == merged.time.max()
    same(store.histories(["newcomer", "c3", "c4"]), merged.select(positions(merged, ["newcomer", "c3", "c4"])))

    after = compact(book, home)
    assert after.inbox.customers(after.manifest.appended_through) == []
    same(after.read_all(), merged)
    assert after.events("c3") == words
    for before, now in zip(frames, [after.frame(number) for number in range(after.buckets)], strict=True):
        assert before.drop("key").equals(now.drop("key"))
    same(store.read_all(), merged)


def positions(histories: Histories, ids: list[str]) -> list[int]:
    return [list(histories.customer_ids).index(name) for name in ids]


def test_compacting_with_nothing_new_changes_nothing(book: Book, home: Path) -> None:
    open_store(book, home).inbox.append([visit("c3", 3)])
    first = compact(book, home)
    current = home / "shop" / "store" / "current"
    generation = current.read_text()
    compact(book, home)
    assert current.read_text() == generation
    assert [account.source for account in first.manifest.accounts] == ["orders", "people", "appended"]


def test_appended_events_survive_a_change_of_the_sources(shop: Shop, home: Path) -> None:
    open_store(shop(orders=rows(3, 9)), home).inbox.append([visit("c1", 3)])
    compact(shop(), home)
    store = open_store(shop(orders=rows(3, 12)), home)
    assert [event.type for event in store.events("c1")].count("visit") == 1
    assert next(a for a in store.manifest.accounts if a.source == "appended").kept == 1


def test_an_appended_event_with_a_source_and_key_is_the_row_that_comes_later(shop: Shop, home: Path) -> None:
    keys = 'keys = ["order"]'
    store = open_store(shop(keys=keys, orders=HEADER + "c1,2021-03-01,order,5,,,o1\n"), home)
    live = Event(
        "c1", datetime(2021, 3, 1, 23, tzinfo=UTC), "order", amount=7.0, order_id="o2", source="orders", key="o2"
    )
    store.inbox.append([live])
    both = HEADER + "c1,2021-03-01,order,5,,,o1\nc1,2021-03-02,order,7,,,o2\n"
    again = open_store(shop(keys=keys, orders=both), home)
    assert [event.amount for event in again.events("c1")] == [5.0, 7.0]
    assert again.read_all().events == 2


def test_appending_the_same_batch_again_adds_nothing(shop: Shop, home: Path) -> None:
    inbox = open_store(shop(orders=rows(3, 9)), home).inbox
    batch = [visit("c1", 3), visit("c1", 3), visit("c1", 4)]
    assert inbox.append(batch) == Appended(3, 0)
    assert inbox.append(batch) == Appended(0, 3)
    assert inbox.append(list(reversed(batch))) == Appended(0, 3)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Event("", datetime(2021, 1, 1, tzinfo=UTC), "visit"), "event 2: customer_id is missing"),
        (Event("c", datetime(2021, 1, 1, tzinfo=UTC), "visti"), "event 2: type has no role in the book"),
        (Event("c", datetime(1021, 1, 1, tzinfo=UTC), "visit"), "event 2: time is not a date"),
        (Event("c", datetime(2021, 1, 1), "visit"), "event 2: time is not a date"),  # noqa: DTZ001
        (Event("c", datetime(2021, 1, 1, tzinfo=UTC), "order", amount=float("nan")), "event 2: amount is not finite"),
        (Event("c", datetime(2021, 1, 1, tzinfo=UTC), "order", quantity=-1.0), "event 2: quantity is negative"),
        (
            Event("c", datetime(2021, 1, 1, tzinfo=UTC), "refund", amount=1.0),
            "event 2: a return with a positive amount",
        ),
    ],
)
def test_an_unusable_event_is_refused_and_nothing_is_appended(shop: Shop, home: Path, event: Event, said: str) -> None:
    inbox = open_store(shop(orders=rows(3, 9)), home).inbox
    with pytest.raises(SourceError, match=f"{said}; nothing was appended"):
        inbox.append([visit("c1", 3), event])
    assert inbox.last() == 0


def test_an_inbox_of_another_format_is_refused_in_words(shop: Shop, home: Path) -> None:
    import sqlite3

    store = open_store(shop(orders=rows(3, 9)), home)
    store.inbox.append([visit("c1", 3)])
    with sqlite3.connect(home / "shop" / "inbox.sqlite") as database:
        database.execute("pragma user_version = 7")
    database.close()
    with pytest.raises(StoreError, match="expected inbox format 1, found 7"):
        open_store(shop(), home).read_all()


events = st.builds(
    visit,
    st.sampled_from(["c0", "c1", "new"]),
    st.integers(1, 5),
    product=st.sampled_from([None, "a", "b"]),
    order_id=st.sampled_from([None, "o1"]),
    amount=st.sampled_from([None, 1.25]),
    key=st.sampled_from([None, "k1", "k2"]),
)


@settings(max_examples=15)
@given(st.lists(st.lists(events, max_size=4), max_size=3), st.randoms(use_true_random=False))
def test_batches_in_any_order_and_repeated_make_the_same_histories(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[Event]], chance: object
) -> None:
    folder = tmp_path_factory.mktemp("book")
    (folder / "shop.toml").write_text(BOOK)
    (folder / "orders.csv").write_text(rows(2, 4))
    book = load_book(str(folder / "shop.toml"))
    found = []
    for name, order in (("one", batches), ("two", [*chance.sample(batches, len(batches)), *batches])):  # type: ignore[attr-defined]
        store = open_store(book, folder / name)
        for batch in order:
            Inbox(book, folder / name).append(batch)
        found.append(store.read_all())
    same(*found)
    if any(batches):
        ids = {event.key: event.customer_id for batch in batches for event in batch if event.key}
        claimed = {(event.key, event.customer_id) for batch in batches for event in batch if event.key}
        if len(claimed) == len(ids):
            same(compact(book, folder / "two").read_all(), found[0])


BOOK = """
name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"
roles = { order = "purchase", visit = "visit" }
[[sources]]
name = "orders"
path = "orders.csv"
columns = { customer_id = "customer", time = "at", type = "type", amount = "amount", order_id = "order" }
"""
