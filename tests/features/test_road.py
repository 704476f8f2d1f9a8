"""The laws of features over the whole road: files, ingest, store, appended events, compaction, feature table."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from data.clock import instant_of
from data.events import Event
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from data.ingest import spill
from data.ingest.opening import compact, open_store
from data.settings.book import Book, load_book
from data.store.store import Store
from features.build import build_features
from features.spec import FeatureSpec, fit_spec
from features.table import write_table
from tests.features.strategies import BOOK_TEXT, TYPES, at

COLUMNS = ("time", "known_time", "type", "amount", "quantity", "product", "category", "channel", "order_id")
FIELDS = ", ".join(f'{name} = "{name}"' for name in COLUMNS)
SOURCES = f"""
[[sources]]
name = "all"
path = "events*.csv"
columns = {{ customer_id = "customer_id", {FIELDS}, attributes = {{ contact = "who" }} }}

[[profiles]]
name = "people"
path = "people.csv"
customer_id = "customer_id"
known_from = 2020-01-01
columns = {{ industry = "category", size = "number" }}
"""
CUTOFFS = [instant_of(at(days)) for days in (90.5, 200, 400, 500)]
CROWD = 300
Crowd = dict[str, list[Event]]


def random_event(name: str, chance: random.Random) -> Event:
    """Often a purchase; many are late, without a price or an order, or simultaneous."""
    kind = chance.choice([*("order",) * 8, *TYPES])
    time = at(chance.choice([chance.randint(0, 420), chance.randint(398, 402) / 1.0, 400 * chance.random()]))
    amount = chance.choice([None, 0.0, 0.01, 12.34, 99.99])
    return Event(
        name,
        time,
        kind,
        known_time=chance.choice([None, None, time + timedelta(days=chance.randint(0, 60))]),
        amount=-amount if amount is not None and kind == "refund" else amount,
        quantity=chance.choice([None, 0.0, 1.0, 2.5]),
        product=chance.choice([None, "a", "b", "桌子"]),
        category=chance.choice([None, "a", "b"]),
        channel=chance.choice([None, "a", "b"]),
        order_id=chance.choice([None, "o1", "o2", "o10"]),
        attributes=chance.choice([None, {"contact": "ann"}, {"contact": "王芳"}]),
    )


def a_crowd() -> Crowd:
    """Customers with no, one or many events, in no order, and exact repetitions among them."""
    chance = random.Random(7)
    crowd: Crowd = {}
    for number in range(CROWD):
        name = f"c{number}"
        events = [random_event(name, chance) for _ in range(chance.choice([0, 1, 2, 10, 40]))]
        crowd[name] = [*events, *chance.choices(events, k=chance.randint(0, 3))] if events else []
    return crowd


def write_events(file: Path, events: Sequence[Event]) -> None:
    """A delivery."""
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["customer_id", *COLUMNS, "who"])
        for one in events:
            fields = [told(getattr(one, name)) for name in COLUMNS]
            writer.writerow([one.customer_id, *fields, (one.attributes or {}).get("contact")])


def told(value: object) -> object:
    """A field as a file has it."""
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.fixture
def crowd() -> Crowd:
    return a_crowd()


@pytest.fixture
def book(tmp_path: Path, crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> Book:
    """The book of the crowd, in several buckets; the whole of its one delivery is in no order."""
    monkeypatch.setattr(spill, "MOST_EVENTS", 1000)
    everything = [event for events in crowd.values() for event in events]
    random.Random(3).shuffle(everything)
    write_events(tmp_path / "events1.csv", everything)
    people = "".join(f"{name},{'steel' if number % 3 else ''},{number}\n" for number, name in enumerate(crowd))
    (tmp_path / "people.csv").write_text(f"customer_id,industry,size\n{people}")
    (tmp_path / "shop.toml").write_text(BOOK_TEXT.split("appended")[0] + roles() + SOURCES)
    return load_book(str(tmp_path / "shop.toml"))


def roles() -> str:
    """The types of the shop."""
    return "[roles]" + BOOK_TEXT.split("[roles]")[1].split("[[", maxsplit=1)[0]


def table_of(histories: Histories, spec: FeatureSpec) -> dict[str, bytes]:
    """The bytes of every customer at every cutoff."""
    table = build_features(histories, CUTOFFS, spec)
    return {name: table[:, place].tobytes() for place, name in enumerate(histories.customer_ids)}


def handed_over(crowd: Crowd, book: Book) -> Histories:
    """The crowd as a caller would hand it over."""
    given = [
        (name, events, {"industry": "steel" if number % 3 else None, "size": number})
        for number, (name, events) in enumerate(crowd.items())
    ]
    return encode_customers(given, book)


def test_a_customer_has_the_same_bytes_in_a_store_a_bucket_a_batch_and_a_request(
    book: Book, crowd: Crowd, tmp_path: Path
) -> None:
    store = open_store(book, tmp_path / "work")
    assert store.buckets >= 4
    spec = fit_spec(book, store.read_all())
    expected = table_of(handed_over(crowd, book), spec)
    assert len(expected) == CROWD
    assert table_of(store.read_all(), spec) == expected
    assert {name: row for part in store.each() for name, row in table_of(part, spec).items()} == expected
    for name in list(crowd)[:60]:
        alone = encode_customers([(name, crowd[name], profile_of(name))], book)
        assert table_of(alone, spec)[name] == table_of(store.histories([name]), spec)[name] == expected[name]


def profile_of(name: str) -> dict[str, object]:
    """What the file says of a customer of the crowd."""
    number = int(name[1:])
    return {"industry": "steel" if number % 3 else None, "size": number}


def test_a_feature_table_holds_the_same_numbers_whatever_the_size_of_its_runs(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(book, tmp_path / "work")
    assert write_table(store, CUTOFFS, tmp_path / "whole.parquet")[0] == CROWD * len(CUTOFFS)
    monkeypatch.setattr("features.part.ROWS_AT_ONCE", 4 * 7)
    write_table(store, CUTOFFS, tmp_path / "runs.parquet")
    whole, runs = (
        pl.read_parquet(tmp_path / f"{name}.parquet").sort("customer_id", "cutoff") for name in ("whole", "runs")
    )
    assert runs.equals(whole, null_equal=True)
    spec = fit_spec(book, store.read_all(), max(CUTOFFS))
    own = build_features(store.histories(["c17"]), CUTOFFS, spec)[:, 0, spec.names.index("spend")]
    written = whole.filter(pl.col("customer_id") == "c17").sort("cutoff")["spend"]
    assert written.to_list() == own.tolist()


def test_deliveries_in_another_order_and_again_change_nothing(book: Book, crowd: Crowd, tmp_path: Path) -> None:
    store = open_store(book, tmp_path / "work")
    spec = fit_spec(book, store.read_all())
    before = table_of(store.read_all(), spec)
    delivered = (tmp_path / "events1.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "events2.csv").write_text("".join([delivered[0], *reversed(delivered[1:])]), encoding="utf-8")
    again = open_store(book, tmp_path / "work")
    assert again.manifest.totals.events == sum(map(len, crowd.values()))
    assert table_of(again.read_all(), spec) == before


def appended(crowd: Crowd, after: datetime) -> list[Event]:
    """What is learnt after a moment: new events, late postings, credit notes and corrections of the past."""
    chance = random.Random(11)
    fresh = []
    for name in list(crowd)[::3]:
        later = after + timedelta(microseconds=1 + chance.randrange(10**12))
        fresh.append(replace(random_event(name, chance), time=later, known_time=None))
        fresh.append(replace(random_event(name, chance), time=at(chance.randint(0, 300)), known_time=later))
        fresh.append(Event(name, at(chance.randint(0, 300)), "refund", known_time=later, amount=-5.0, order_id="o1"))
    return fresh


@pytest.mark.parametrize("cutoff", CUTOFFS[::2])
def test_what_is_appended_after_a_cutoff_changes_no_vector_of_the_past(
    book: Book, crowd: Crowd, tmp_path: Path, cutoff: int
) -> None:
    store = open_store(book, tmp_path / "work")
    spec = fit_spec(book, store.read_all())
    before = build_features(store.read_all(), [cutoff], spec)
    late = appended(crowd, at(0) + timedelta(microseconds=cutoff - instant_of(at(0))))
    assert store.inbox.append(late).kept == len(late)
    assert store.inbox.append(late[::-1]).kept == 0
    now = instant_of(at(600))
    for each in (store, compact(book, tmp_path / "work")):
        assert build_features(each.read_all(), [cutoff], spec).tobytes() == before.tobytes()
        assert build_features(each.read_all(), [cutoff], spec, known_at=[now]).tobytes() != before.tobytes()


def test_one_customer_with_a_hundred_thousand_events_is_like_any_other(tmp_path: Path, book: Book) -> None:
    chance = random.Random(5)
    many = [random_event("many", chance) for _ in range(100_000)]
    write_events(tmp_path / "events1.csv", [*many, *(random_event("few", chance) for _ in range(3))])
    store: Store = open_store(book, tmp_path / "work")
    spec = fit_spec(book, store.read_all())
    found = store.histories(["many"])
    assert found.events == 100_000
    expected = table_of(found, spec)["many"]
    assert table_of(store.read_all(), spec)["many"] == expected
    assert table_of(encode_customers([("many", many[::-1], {})], book), spec)["many"] == expected
    table = build_features(store.read_all(), CUTOFFS, spec, threads=2)
    assert np.ascontiguousarray(table[:, list(store.read_all().customer_ids).index("many")]).tobytes() == expected
