"""A store under a URL is the store, bucket by bucket, until something else is published there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec
import pytest

from data.errors import RemoteError, StoreError
from data.events import Event
from data.histories.histories import Histories
from data.ingest import spill
from data.ingest.opening import compact, open_store
from data.remote.folder import RemoteFolder
from data.settings.book import Book
from data.store.published import PublishedAt
from data.store.publishing import publish, published_at, require_place
from data.store.store import Store, opened
from data.store.tombstone_file import bury

Shop = Callable[..., Book]
HEADER = "customer,at,type,amount,quantity,product,order\n"
PEOPLE = """
[[profiles]]
name = "people"
path = "people.csv"
customer_id = "customer"
known_from = 2021-01-01
columns = { country = "category" }
"""
URL = "memory://bucket/shop"


@pytest.fixture(autouse=True)
def memory() -> Iterator[Any]:
    """An object store of this process."""
    system = fsspec.filesystem("memory")
    yield system
    system.store.clear()
    system.pseudo_dirs[:] = [""]


@pytest.fixture
def book(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Book:
    """Of twenty customers in several buckets."""
    monkeypatch.setattr(spill, "MOST_EVENTS", 70)
    rows = [f"c{n % 20},2021-03-{1 + n % 28:02},order,{n},1,p{n % 3},o{n // 3}\n" for n in range(300)]
    people = "customer,country\nc1,steel land\nc2,tea land\n"
    return shop(orders=HEADER + "".join(rows), people=people, more=PEOPLE)


def published(store: Store, url: str = URL) -> PublishedAt:
    return publish(store, url, lambda _: None)


def told(histories: Histories) -> object:
    profile = {name: dated.values.tobytes() for name, dated in histories.profile.items()}
    return list(histories.customer_ids), histories.time.tobytes(), histories.amount.tobytes(), profile


def told_by(store: Store) -> object:
    return [told(each) for each in store.each()], [store.words(column) for column in ("type", "product", "country")]


def test_what_was_published_is_the_store(book: Book, home: Path, tmp_path: Path) -> None:
    store = open_store(book, home)
    published(store)
    there = open_store(book, tmp_path / "elsewhere", published=URL)
    assert there.buckets == store.buckets > 1
    for number in range(store.buckets):
        assert told(there.read(number)) == told(store.read(number))
        assert there.frame(number).equals(store.frame(number))
    assert [told(each) for each in there.each([2, 0])] == [told(each) for each in store.each([2, 0])]
    assert there.customers() == store.customers()
    assert told(there.histories(["c7", "c3", "nobody"])) == told(store.histories(["c7", "c3", "nobody"]))
    assert there.events("c7") == store.events("c7")
    for column in ("type", "product", "country"):
        assert there.words(column) == store.words(column)
    assert (there.first_time, there.last_time) == (store.first_time, store.last_time)
    assert not (tmp_path / "elsewhere").exists()


def test_a_histories_pages_outlive_their_bucket(book: Book, home: Path) -> None:
    store = open_store(book, home)
    there = opened(published(store))
    kept = [there.read(number) for number in range(there.buckets)]
    assert [told(each) for each in kept] == [told(store.read(number)) for number in range(store.buckets)]


def test_who_the_customers_are_and_what_was_stated_of_them_is_known_without_their_events(
    book: Book, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(book, home)
    there, copy, fetched = opened(published(store)), RemoteFolder.copy, list[str]()

    def note(self: RemoteFolder, name: str, stream: Any) -> int:
        fetched.append(name)
        return copy(self, name, stream)

    monkeypatch.setattr(RemoteFolder, "copy", note)
    assert there.customers() == store.customers()
    assert [there.customers_in(number) for number in range(there.buckets)] == [
        list(each.customer_ids) for each in store.each()
    ]
    for told_there, each in zip(there.profiles(), store.each(), strict=True):
        assert told_there["country"].values.tolist() == each.profile["country"].values.tolist()
    assert {name.partition("-")[0] for name in fetched} == {"customers"}


def test_what_was_stated_of_somebody_forgotten_is_in_no_profile(book: Book, home: Path) -> None:
    store = open_store(book, home)
    assert sum(len(part["country"].values) for part in store.profiles()) == 2
    bury("c1", "shop", home, recorded="2022-01-01T00:00:00+00:00", by="Li Wei", reason="asked for it")
    assert "c1" not in store.customers()
    assert sum(len(part["country"].values) for part in store.profiles()) == 1


def test_a_publication_that_was_cut_off_goes_on_and_shows_nothing_before(
    book: Book, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(book, home)
    sent: list[str] = []
    whole = RemoteFolder.put

    def put(self: RemoteFolder, file: Path, name: str) -> None:
        if len(sent) == 4:
            raise RemoteError("the network is gone")
        if name.endswith(".arrow"):
            sent.append(name)
        whole(self, file, name)

    monkeypatch.setattr(RemoteFolder, "put", put)
    with pytest.raises(RemoteError, match="the network is gone"):
        published(store)
    with pytest.raises(
        StoreError,
        match=r"no store was published there; publish it with .* publish \S+/shop\.toml memory://",
    ):
        open_store(book, home, published=URL)
    first, sent[:] = set(sent), ["", ""]
    monkeypatch.setattr(RemoteFolder, "put", lambda self, file, name: (sent.append(name), whole(self, file, name)))
    published(store)
    assert not first & set(sent)
    assert first | {name for name in sent if name.endswith(".arrow")} == set(store.manifest.sizes)
    assert open_store(book, home, published=URL).customers() == store.customers()


def test_the_latest_takes_the_place_of_what_was_there(book: Book, home: Path, memory: Any) -> None:
    older = published(open_store(book, home))
    reading = opened(older)
    reading.read(0)
    open_store(book, home).inbox.append([Event("c7", datetime(2021, 5, 1, tzinfo=UTC), "visit")])
    assert len(open_store(book, home, published=URL).events("c7")) == 15
    with pytest.raises(StoreError, match="events were appended meanwhile; run the command again"):
        published(open_store(book, home))
    newer = published(compact(book, home))
    assert len(open_store(book, home, published=URL).events("c7")) == 16
    assert older.name != newer.name
    assert not memory.exists(f"/bucket/shop/{older.name}")
    for read in (lambda: reading.read(1), lambda: reading.words("type"), lambda: Store(older)):
        with pytest.raises(StoreError, match="a later store was published there meanwhile; run the command again"):
            read()


def test_whoever_was_forgotten_is_gone_once_it_is_published_again(book: Book, home: Path, tmp_path: Path) -> None:
    published(open_store(book, home))
    store = open_store(book, home, published=URL)
    bury("c7", "shop", home, recorded="2022-01-01T00:00:00+00:00", by="Li Wei", reason="asked for it")
    with pytest.raises(StoreError, match="somebody was forgotten meanwhile"):
        store.require_as_opened()
    with pytest.raises(StoreError, match="somebody was forgotten since it was published; publish it with"):
        open_store(book, home, published=URL)
    published(open_store(book, home))
    for folder in (home, tmp_path / "elsewhere"):
        again = open_store(book, folder, published=URL)
        again.require_as_opened()
        assert "c7" not in again.customers()


@pytest.mark.parametrize(
    ("pointer", "message"),
    [
        ("hello", "not a pointer to a published store; choose another place"),
        ({"format": 9}, "expected format 2 of published stores, found 9"),
        ({"format": 1}, "published by an earlier version of Tierwise; publish it with"),
        ({"book": "market"}, 'holds the store of book "market"'),
        ({"settings": "other"}, "published from other settings of book shop; publish it with"),
        (
            {"generation": "0" * 16},
            r"contents\.json: .*: it is not there; publish it with",
        ),
    ],
)
def test_what_is_not_ours_is_told(
    book: Book, home: Path, memory: Any, pointer: dict[str, Any] | str, message: str
) -> None:
    published(open_store(book, home))
    place = "/bucket/shop/current.json"
    changed = pointer if isinstance(pointer, str) else json.dumps(json.loads(memory.cat(place)) | pointer)
    memory.pipe_file(place, changed.encode())
    with pytest.raises(StoreError, match=message):
        open_store(book, home, published=URL)
    if isinstance(pointer, str) or pointer in ({"format": 9}, {"book": "market"}):
        with pytest.raises(StoreError):
            published(open_store(book, home))
    else:
        published(open_store(book, home))
        assert open_store(book, home, published=URL).customers()


@pytest.mark.parametrize("damage", ["missing", "shorter", "other"])
@pytest.mark.parametrize("name", ["events-0001.arrow", "words-country.json", "contents.json"])
def test_what_is_not_as_it_was_sent_is_told_and_mended(
    book: Book, home: Path, memory: Any, damage: str, name: str
) -> None:
    store = open_store(book, home)
    file = f"/bucket/shop/{published(store).name}/{name}"
    content = memory.cat(file)
    if damage == "missing":
        memory.rm_file(file)
    else:
        memory.pipe_file(file, content[:-9] if damage == "shorter" else content.replace(b"e", b"E"))
    with pytest.raises(StoreError, match=rf"{name}: .*; publish it with"):
        told_by(open_store(book, home, published=URL))
    published(store)
    assert told_by(open_store(book, home, published=URL)) == told_by(store)


def test_a_store_of_another_version_is_told(book: Book, home: Path) -> None:
    store = open_store(book, home)
    store.manifest = replace(store.manifest, format=5)
    published(store)
    with pytest.raises(StoreError, match="expected store format 4, found 5; publish it with"):
        open_store(book, home, published=URL)


def test_two_working_folders_that_publish_at_once_leave_each_other_whole(
    book: Book, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = open_store(book, home), open_store(book, tmp_path / "other")
    other.inbox.append([Event("c7", datetime(2021, 5, 1, tzinfo=UTC), "visit")])
    other, whole = compact(book, tmp_path / "other"), RemoteFolder.put

    def put(self: RemoteFolder, file: Path, name: str) -> None:
        """The other one publishes while this one is half-way."""
        if name == "events-0001.arrow":
            monkeypatch.setattr(RemoteFolder, "put", whole)
            published(other)
            assert told_by(open_store(book, tmp_path / "reader", published=URL)) == told_by(other)
        whole(self, file, name)

    monkeypatch.setattr(RemoteFolder, "put", put)
    at = published(one)
    assert told_by(open_store(book, tmp_path / "reader", published=URL)) == told_by(one)
    assert RemoteFolder(URL).folders() == [at.name]
    assert RemoteFolder(URL).sizes().keys() == {"current.json"}
    assert "another working folder publishes there too, or was cut off while it did" in capsys.readouterr().err


def test_folders_that_are_none_of_ours_stay(book: Book, home: Path, tmp_path: Path) -> None:
    place = tmp_path / "mount"
    (place / "0123456789abcdef").mkdir(parents=True)
    (place / "0123456789abcdef" / "MANIFEST.json").write_text("somebody's")
    published(open_store(book, home), str(place))
    open_store(book, home).inbox.append([Event("c7", datetime(2021, 5, 1, tzinfo=UTC), "visit")])
    at = published(compact(book, home), str(place))
    assert {path.name for path in place.iterdir()} == {"0123456789abcdef", at.name, "current.json"}


def test_whoever_was_forgotten_elsewhere_does_not_come_back(book: Book, home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    published(open_store(book, home))
    bury("c7", "shop", other, recorded="2022-01-01T00:00:00+00:00", by="Li Wei", reason="asked for it")
    published(open_store(book, other))
    with pytest.raises(StoreError, match="1 customers were forgotten in the store that stands there, here 0; bring"):
        published(open_store(book, home))
    assert "c7" not in open_store(book, other, published=URL).customers()


def test_a_copied_working_folder_claims_for_itself(book: Book, home: Path, tmp_path: Path) -> None:
    published(open_store(book, home))
    shutil.copytree(home, tmp_path / "copy")
    open_store(book, tmp_path / "copy").inbox.append([Event("c7", datetime(2021, 5, 1, tzinfo=UTC), "visit")])
    one, other = open_store(book, home), compact(book, tmp_path / "copy")
    claims = set[str]()

    def note(_: int) -> None:
        claims.update(name for name in RemoteFolder(URL).sizes() if name.startswith("publishing-"))

    for store in (one, other):
        publish(store, URL, note)
    assert len(claims) == 2


def test_what_was_sent_and_is_gone_before_the_end_is_not_made_current(
    book: Book, home: Path, memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = RemoteFolder.put

    def put(self: RemoteFolder, file: Path, name: str) -> None:
        whole(self, file, name)
        if name == "words-type.json":
            memory.rm_file(f"/{self.url.removeprefix('memory://')}/events-0001.arrow")

    monkeypatch.setattr(RemoteFolder, "put", put)
    with pytest.raises(StoreError, match=r"events-0001\.arrow: was sent and is not there; run the command again"):
        published(open_store(book, home))
    with pytest.raises(StoreError, match="no store was published there"):
        open_store(book, home, published=URL)


def test_a_place_is_tried_before_any_work_and_remembered_once_something_lies_there(
    book: Book, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_place(book, home, URL)
    assert RemoteFolder(URL).sizes() == {}
    store = open_store(book, home)
    with monkeypatch.context() as refusing:
        refusing.setattr(RemoteFolder, "put", lambda self, file, name: (_ for _ in ()).throw(RemoteError("refused")))
        for attempt in (lambda: require_place(book, home, URL), lambda: published(store)):
            with pytest.raises(RemoteError, match="refused"):
                attempt()
    with pytest.raises(StoreError, match=r"lies in the working folder .*; publish to another place"):
        published(store, str(home / "shop"))
    assert published_at("shop", home) == []
    for url in (URL, f"{URL}/", str(tmp_path / "mount"), f"{tmp_path}/work/../mount/"):
        published(store, url)
    assert published_at("shop", home) == [str(tmp_path / "mount"), URL]


def test_a_folder_of_a_disk_is_a_place_as_well(book: Book, home: Path, tmp_path: Path) -> None:
    store = open_store(book, home)
    for url in (str(tmp_path / "mount"), (tmp_path / "other mount").as_uri()):
        published(store, url)
        assert open_store(book, home, published=url).customers() == store.customers()
    assert not list((tmp_path / "mount").rglob(".*"))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("gopher://host/x", "gopher://host/x: .*expected a path, or the URL of an object store"),
        ("", "expected the URL or path of a folder, got nothing"),
    ],
)
def test_a_place_that_cannot_be_reached_is_told(book: Book, home: Path, url: str, message: str) -> None:
    with pytest.raises(RemoteError, match=message):
        open_store(book, home, published=url)
