"""The store, the accounts and the quarantine of a book are the same, wherever and however often it is ingested."""

from __future__ import annotations

import errno
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import IO

import polars as pl
import pytest
from typer.testing import CliRunner

from data.__main__ import app
from data.engines.engine import Engine
from data.engines.local import LocalEngine
from data.errors import EngineError, StoreError
from data.events import TAKEN_KEY
from data.ingest import spill
from data.ingest.intake import TakeIn
from data.ingest.opening import compact, open_store
from data.ingest.writing import WriteBucket
from data.settings.book import Book, load_book
from data.store.manifest import read_manifest
from data.store.store import Store
from data.store.tombstone_file import bury
from tests.data.ingest.killed import Killing, Stopped

BOOK = """
name = "chain"
currency = "EUR"
time_zone = "Europe/Berlin"

[roles]
order = "purchase"
refund = "return"
visit = "visit"

[[sources]]
name = "orders"
path = "orders-*.csv"
keys = ["order", "product"]
filters = [{ name = "tests", where = { column = "customer", op = "starts_with", value = "test" } }]
joins = [{ path = "items.csv", on = "product", columns = ["group"] }]
columns = { customer_id = "customer", time = "at", type = "type", amount = "amount", product = "product", order_id = "order", category = "group" }

[[sources]]
name = "visits"
path = "visits-*.parquet"
type = "visit"
columns = { customer_id = "who", time = "day" }

[[sources]]
name = "web"
url = "sqlite:///web.db"
query = "select * from seen"
type = "visit"
columns = { customer_id = "who", time = "day", channel = "page" }

[[profiles]]
name = "people"
path = "people-*.csv"
customer_id = "who"
known_time = "since"
columns = { size = "number", region = "category" }

[[profiles]]
name = "pages"
source = "web"
customer_id = "who"
known_time = "day"
columns = { page = "category" }
"""  # noqa: E501
ROWS = 900


@pytest.fixture
def chain(tmp_path: Path) -> Book:
    """Files that overlap, keys that several customers claim, broken lines, a table of a database, profiles."""
    chance = random.Random(3)
    lines = [_order(number, chance) for number in range(ROWS)]
    for month in range(4):
        own = lines[month * 200 : month * 200 + 300]
        text = "customer,at,type,amount,product,order\n" + "\n".join(own) + "\n"
        (tmp_path / f"orders-{month}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "items.csv").write_text("product,group\n" + "".join(f"p{n},g{n % 3}\n" for n in range(6)))
    for part in range(2):
        visits = [(f"c{chance.randrange(60)}", f"2021-05-{1 + number % 28:02}") for number in range(150)]
        pl.DataFrame(visits, schema=["who", "day"], orient="row").write_parquet(tmp_path / f"visits-{part}.parquet")
        people = "".join(f"c{chance.randrange(80)},2021-0{1 + n % 9}-01,{n % 7},r{n % 4}\n" for n in range(120))
        (tmp_path / f"people-{part}.csv").write_text(f"who,since,size,region\n{people},2021-01-01,1,r1\n")
    with closing(sqlite3.connect(tmp_path / "web.db")) as database, database:
        database.execute("create table seen (who text, day text, page text)")
        seen = [(f"c{chance.randrange(60)}", f"2021-06-{1 + n % 30:02}", f"/{n % 5}") for n in range(200)]
        database.executemany("insert into seen values (?, ?, ?)", seen)
    (tmp_path / "chain.toml").write_text(BOOK, encoding="utf-8")
    return load_book(str(tmp_path / "chain.toml"))


def _order(number: int, chance: random.Random) -> str:
    day = f"2021-0{1 + number // 200}-{1 + number % 28:02}"
    customer = "test1" if number % 50 == 9 else f"c{chance.randrange(60)}"
    if number % 40 == 7:
        return f"{customer},{day},order,ten,p1,o{number}"
    if number % 60 == 11:
        return f"{customer},{day},order"
    return f"{customer},{day},order,{number % 90}.50,p{number % 6},o{number % 600}"


@pytest.fixture(autouse=True)
def _small_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "MOST_EVENTS", 300)


@pytest.fixture
def forgetting(chain: Book, tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Working folders in which the same customers were forgotten."""
    first = tmp_path / "tombs"
    for customer in ("c5", "c17"):
        bury(customer, "chain", first, recorded="2022-01-01", by="me", reason="asked")

    def folder(name: str) -> Path:
        home = tmp_path / name
        (home / "chain").mkdir(parents=True)
        for file in ("forgotten.json", "forgotten.key"):
            (home / "chain" / file).write_bytes((first / "chain" / file).read_bytes())
        return home

    return folder


def everything(home: Path) -> dict[str, bytes]:
    """All files of the current generation and of the quarantine."""
    stores = home / "chain" / "store"
    folders = [stores / (stores / "current").read_text(), home / "chain" / "quarantine"]
    assert [file.name for file in stores.iterdir() if file.name not in ("current", folders[0].name)] == []
    return {file.name: file.read_bytes() for folder in folders for file in sorted(folder.iterdir())}


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Lets the next ingests run on an engine that stays open."""
    return lambda engine: monkeypatch.setattr("data.ingest.opening.engine_of", lambda _: nullcontext(engine))


def test_every_engine_makes_the_same_files_though_workers_are_killed(
    cluster: Engine, chain: Book, forgetting: Callable[[str], Path], on: Callable[[object], None], tmp_path: Path
) -> None:
    alone = open_store(chain, forgetting("alone"))
    orders, *_ = alone.manifest.accounts
    assert alone.buckets > 4
    assert orders.known > 100
    assert orders.quarantined[TAKEN_KEY] > 10
    assert len(orders.quarantined) > 2
    assert set(orders.filtered) == {"tests", "forgotten"}
    on(Killing(cluster, tmp_path))
    open_store(chain, forgetting("killed"))
    assert (tmp_path / "TakeIn").exists()
    assert (tmp_path / "WriteBucket").exists()
    assert everything(tmp_path / "killed") == everything(tmp_path / "alone")


def test_files_or_memory_make_the_same_store(
    chain: Book, forgetting: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(chain, forgetting("memory"))
    for name, held, turn in (("some", 500, 100), ("none", 0, 1)):
        monkeypatch.setattr(spill, "_HELD", held)
        monkeypatch.setattr(spill, "_TURN", turn)
        open_store(chain, forgetting(name))
        assert everything(tmp_path / name) == everything(tmp_path / "memory")


def test_an_ingest_that_was_cut_off_goes_on_where_it_was(
    chain: Book, home: Path, tmp_path: Path, on: Callable[[object], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(chain, tmp_path / "straight")
    monkeypatch.setattr(spill, "_HELD", 0)
    done: dict[Path, int] = {}
    for kind, after in ((TakeIn, 3), (WriteBucket, 2)):
        on(Stopped(LocalEngine(), kind, after))
        with pytest.raises(EngineError, match="gone"):
            open_store(chain, home)
        assert all(file.stat().st_mtime_ns == written for file, written in done.items())
        finished = [*home.rglob("harvest.json"), *home.rglob("*-buckets-*/*.json"), *home.rglob("events-*.arrow")]
        done = {file: file.stat().st_mtime_ns for file in finished}
        assert len(done) >= after
    written = {file.name: file.stat().st_mtime_ns for file in home.rglob("events-*.arrow")}
    on(LocalEngine())
    open_store(chain, home)
    now = {file.name: file.stat().st_mtime_ns for file in home.rglob("events-*.arrow")}
    assert now | written == now
    assert everything(home) == everything(tmp_path / "straight")


def test_what_was_begun_from_other_contents_is_dropped(
    chain: Book, home: Path, tmp_path: Path, on: Callable[[object], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill, "_HELD", 0)
    on(Stopped(LocalEngine(), WriteBucket, 2))
    with pytest.raises(EngineError, match="gone"):
        open_store(chain, home)
    orders = tmp_path / "orders-0.csv"
    orders.write_text(orders.read_text().replace("c1,", "c2,"))
    on(LocalEngine())
    open_store(chain, home)
    open_store(chain, tmp_path / "straight")
    assert everything(home) == everything(tmp_path / "straight")


def test_what_is_appended_after_an_ingest_was_cut_off_is_folded_in(
    chain: Book, home: Path, on: Callable[[object], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = open_store(chain, home).inbox
    event = Store.of(chain, home, _generation(home)).events("c1")[0]
    inbox.append([_again(event, "c1")])
    monkeypatch.setattr(spill, "_HELD", 0)
    on(Stopped(LocalEngine(), WriteBucket, 2))
    with pytest.raises(EngineError, match="gone"):
        compact(chain, home)
    inbox.append([_again(event, "c2"), _again(event, "new")])
    on(LocalEngine())
    store = compact(chain, home)
    assert store.manifest.appended_through == 3
    assert store.manifest.accounts[-1].kept == 3
    assert "new" in store.customers()


def _generation(home: Path) -> Path:
    stores = home / "chain" / "store"
    return stores / (stores / "current").read_text()


def _again(event: object, customer: str) -> object:
    from dataclasses import replace

    return replace(event, customer_id=customer, source="api", key=None)  # type: ignore[type-var]


def test_a_full_disk_is_told_and_what_is_finished_is_kept(
    chain: Book, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(chain, tmp_path / "straight")
    monkeypatch.setattr(spill, "_HELD", 0)
    write, times = spill.Spill._write, iter(range(100))

    def full(self: spill.Spill, file: IO[bytes]) -> None:
        if next(times) == 7:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, file)

    monkeypatch.setattr(spill.Spill, "_write", full)
    with pytest.raises(StoreError, match=r"building-\d+: the disk is full; make room and run the command again"):
        open_store(chain, home)
    assert len(list(home.rglob("harvest.json"))) == 1
    open_store(chain, home)
    assert everything(home) == everything(tmp_path / "straight")


def test_a_large_book_has_more_buckets_than_a_small_one_ever_has(
    chain: Book, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = open_store(chain, tmp_path / "few")
    monkeypatch.setattr(spill, "MOST_EVENTS", 20)
    monkeypatch.setattr(spill, "_HELD", 100)
    many = open_store(chain, home)
    assert many.buckets > spill.PARTS
    assert many.manifest.accounts == few.manifest.accounts
    assert many.customers() == few.customers()
    left, right = few.read_all(), many.read_all()
    assert [left.amount.tobytes(), left.time.tobytes()] == [right.amount.tobytes(), right.time.tobytes()]


def test_parts_grow_with_the_rows_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "MOST_EVENTS", 1_000_000)
    sizes = (0, 64_000_000, 64_000_001, 1_000_000_000, 10**12)
    assert [spill.parts_for(rows) for rows in sizes] == [64, 64, 128, 1024, 4096]


def test_the_doors_take_an_engine(chain: Book, home: Path) -> None:
    asked = [str(chain.file), "--home", str(home)]
    for command in ("check", "compact"):
        told = CliRunner().invoke(app, [command, *asked, "--on", "sparc"])
        assert 'did you mean "spark"' in str(told.exception)
    assert CliRunner().invoke(app, ["check", *asked, "--on", "local:1"]).exit_code == 0
    assert read_manifest(_generation(home)).totals.events > 0


def test_an_unknown_engine_is_refused_also_where_nothing_is_to_be_made(chain: Book, home: Path) -> None:
    open_store(chain, home)
    for door in (open_store, compact):
        with pytest.raises(EngineError, match='engine "ray": expected one of local'):
            door(chain, home, "ray")
