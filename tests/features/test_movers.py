from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from data.clock import end_of_day
from data.errors import TierwiseError
from data.ingest.opening import open_store
from data.reading.place import WORKING
from data.settings.book import load_book
from features.__main__ import app
from features.errors import FeatureError
from features.movers import FALSE_SHARE, SCHEMA, Counted, Window, discoveries, movers

BOOK = """
name = "shop"
currency = "EUR"
time_zone = "UTC"
language = "{language}"

[roles]
order = "purchase"
visit = "visit"

[[sources]]
name = "events"
path = "events.csv"
columns = {{ customer_id = "customer", time = "at", known_time = "known", type = "type", amount = "amount" }}
"""
FIRST = ["riser", "faller", "steady"]


def event(customer: str, day: str, type_: str = "order", known: str = "") -> str:
    return f"{customer},{day},{known or day},{type_},{10 if type_ == 'order' else ''}"


def days(month: str, count: int) -> list[str]:
    return [f"2024-{month}-{day:02d}" for day in range(1, count + 1)]


def events() -> list[str]:
    """Known since January; the two windows of 30 days meet between April and May."""
    return [
        *(event(name, "2024-01-05") for name in FIRST),
        *(event("riser", day) for day in days("05", 20)),
        *(event("faller", day) for day in days("04", 20)),
        *(event("steady", day) for month in ("04", "05") for day in days(month, 8)),
        event("newcomer", "2024-05-30"),
        *(event("steady", day, "visit") for day in days("05", 20)),
    ]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, events())
    return tmp_path


def write(folder: Path, rows: Sequence[str], language: str = "en") -> None:
    (folder / "shop.toml").write_text(BOOK.format(language=language))
    (folder / "events.csv").write_text("\n".join(["customer,at,known,type,amount", *rows]) + "\n")


def found(counted: Counted = "orders") -> pl.DataFrame:
    return movers(
        open_store(load_book("shop.toml"), WORKING), end_of_day(date(2024, 5, 30), "UTC"), Window(counted, 30)
    )


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["movers", "shop.toml", "--cutoff", "2024-05-30", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.usefixtures("shop")
def test_who_rises_and_who_falls_are_told_apart_with_what_was_seen() -> None:
    table = found()
    assert dict(table.schema) == SCHEMA
    assert table.rows() == [
        ("riser", "rising", 0, 20, 0.0, 200.0, pytest.approx(1.0, abs=1e-5), True),
        ("faller", "falling", 20, 0, 200.0, 0.0, pytest.approx(0.0, abs=1e-5), True),
    ]


@pytest.mark.usefixtures("shop")
def test_who_is_too_new_for_both_windows_is_on_no_list() -> None:
    assert "newcomer" not in found()["customer_id"].to_list()


@pytest.mark.usefixtures("shop")
def test_interactions_rise_on_their_own() -> None:
    assert found("interactions")["customer_id"].to_list() == ["steady"]


def test_what_was_known_only_later_lifts_nobody(shop: Path) -> None:
    late = [event("steady", day, known="2024-06-10") for day in days("05", 28)]
    before = found()
    write(shop, [*events(), *late])
    assert found().equals(before)


@pytest.mark.usefixtures("shop")
def test_a_window_without_evidence_is_refused_with_those_there_are() -> None:
    with pytest.raises(FeatureError, match="--days 7: expected one of 30, 91, 182 for orders"):
        Window("orders", 7)
    with pytest.raises(FeatureError, match="--days 182: expected one of 30, 91 for interactions"):
        Window("interactions", 182)


@pytest.mark.usefixtures("shop")
def test_a_cutoff_before_all_events_is_refused() -> None:
    result = CliRunner().invoke(app, ["movers", "shop.toml", "--cutoff", "2020-01-01"])
    assert isinstance(result.exception, TierwiseError)
    assert "nothing had happened yet" in str(result.exception)


@pytest.mark.usefixtures("shop")
def test_a_cutoff_long_after_the_last_event_is_refused() -> None:
    result = CliRunner().invoke(app, ["movers", "shop.toml", "--cutoff", "2024-07-30"])
    assert isinstance(result.exception, TierwiseError)
    assert "the events of book shop end at 2024-05-30" in str(result.exception)


def test_the_lists_are_printed_in_the_language_of_the_book_with_the_same_numbers(shop: Path) -> None:
    english = printed("--days", "30")
    write(shop, events(), "zh")
    chinese = printed("--days", "30")
    assert "Tomorrow's stars" in english
    assert "Yesterday's glory" in english
    assert "明日之星" in chinese
    assert "昨日辉煌" in chinese
    assert "Tomorrow's stars" in printed("--days", "30", "--language", "en")
    for text in (english, chinese):
        assert all(part in text for part in ("riser", "0 → 20", "faller", "20 → 0", "200"))


@pytest.mark.usefixtures("shop")
def test_everybody_is_written_to_a_file() -> None:
    assert "2 customers" in printed("--days", "30", "--out", "movers.parquet", "--top", "1")
    assert pl.read_parquet("movers.parquet").equals(found())


@given(st.lists(st.floats(0.0, 1.0), max_size=60))
def test_discoveries_are_the_smallest_chances_and_keep_the_promised_share(chances: list[float]) -> None:
    chosen = discoveries(chances)
    kept = np.array(chances)[chosen]
    if len(kept):
        assert kept.max() * len(chances) <= FALSE_SHARE * len(kept) * (1 + 1e-9)
        assert (np.array(chances)[~chosen] > kept.max()).all()


def test_chance_alone_is_seldom_called_sure() -> None:
    rng = np.random.default_rng(1)
    assert np.mean([discoveries(rng.uniform(size=500)).any() for _ in range(400)]) < 1.5 * FALSE_SHARE
