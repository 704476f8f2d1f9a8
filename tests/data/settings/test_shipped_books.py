"""The shipped books on their real data, where these are on the machine."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from data.account import Account
from data.clock import end_of_day
from data.errors import SourceError
from data.events import PURCHASE
from data.ingest.opening import open_store
from data.reading.place import files_of
from data.settings.book import load_book
from data.store.store import Store


def opened(name: str, home: Path) -> Store:
    book = load_book(name)
    try:
        files_of(book.sources[0], book, home)
    except SourceError as absent:
        pytest.skip(str(absent).splitlines()[0])
    return open_store(book, home)


def buyers_by_judged(store: Store) -> int:
    assert store.book.judged is not None
    cutoff = end_of_day(store.book.judged, store.book.time_zone)
    histories = store.read_all()
    owner = np.repeat(np.arange(len(histories)), np.diff(histories.offsets))
    bought = (histories.role == PURCHASE) & (histories.time <= cutoff)
    return len(np.unique(owner[bought]))


def kept(source: str, rows: int) -> Account:
    return Account(source, rows, rows, 0, {}, {})


@pytest.mark.parametrize(("name", "lines", "customers"), [("cdnow", 6_919, 2_357), ("cdnow_master", 69_659, 23_570)])
def test_cdnow_has_its_published_customers(name: str, lines: int, customers: int, home: Path) -> None:
    store = opened(name, home)
    assert store.manifest.accounts == (kept("purchases", lines),)
    assert buyers_by_judged(store) == len(store.customers()) == customers


def test_a_purchase_of_no_value_at_cdnow_is_a_purchase(home: Path) -> None:
    history = opened("cdnow", home).read_all()
    assert ((history.amount == 0) & history.priced).sum() == 8
    assert (history.role == PURCHASE).all()


def test_complete_journey_has_its_published_households(home: Path) -> None:
    store = opened("complete_journey", home)
    assert store.manifest.accounts == (
        kept("transactions", 1_469_307),
        kept("campaigns", 6_589),
        kept("coupon_redemptions", 2_102),
        kept("demographics", 801),
    )
    assert buyers_by_judged(store) == 2_447
    assert len(store.customers()) == 2_469
    days = {event.time.astimezone(None).date() for event in store.events("1") if event.type == "campaign"}
    assert min(days) >= date(2016, 11, 13)


def test_online_retail_has_its_judged_customers_and_every_row_is_accounted_for(home: Path) -> None:
    store = opened("online_retail", home)
    filtered = {"no customer": 235_287, "quantity not positive": 0, "price not positive": 70}
    invoices, countries = store.manifest.accounts
    assert invoices == Account("invoices", 1_044_847, 809_490, 0, filtered, {})
    assert (countries.rows, countries.kept, countries.known) == (809_490, 5_970, 803_520)
    assert buyers_by_judged(store) == 4_969


def test_a_file_that_is_nowhere_is_told_with_every_place_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.reading.place.BESIDE", tmp_path / "beside")
    monkeypatch.setenv("TIERWISE_DATA", str(tmp_path / "variable"))
    with pytest.raises(SourceError) as caught:
        open_store(load_book("online_retail", tmp_path / "given"), tmp_path / "work")
    said = str(caught.value)
    for place in ("given", "variable", "work/data", "beside"):
        assert str(tmp_path / place) in said
    assert "online_retail_II.parquet or online_retail_II.xlsx" in said


@pytest.mark.parametrize("where", ["given", "given file", "variable", "work", "beside"])
def test_a_file_is_found_in_every_place_that_is_searched(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {"given": "given", "given file": "given", "variable": "variable", "work": "work/data", "beside": "beside"}
    file = tmp_path / folders[where] / "online_retail_II.parquet"
    file.parent.mkdir(parents=True)
    file.touch()
    monkeypatch.setattr("data.reading.place.BESIDE", tmp_path / "beside")
    monkeypatch.setenv("TIERWISE_DATA", str(tmp_path / "variable"))
    given = {"given": file.parent, "given file": file}.get(where)
    book = load_book("online_retail", given)
    assert files_of(book.sources[0], book, tmp_path / "work") == [file]


def test_a_package_that_is_not_installed_is_told_with_how_to_get_it(home: Path, tmp_path: Path) -> None:
    text = (Path(load_book("cdnow_master").file).read_text()).replace('"lifetimes"', '"no-such-package"')
    (tmp_path / "b.toml").write_text(text)
    with pytest.raises(SourceError, match="pip install no-such-package"):
        open_store(load_book(str(tmp_path / "b.toml")), home)


def test_a_file_that_a_package_lacks_is_told_with_those_it_has(home: Path, tmp_path: Path) -> None:
    pytest.importorskip("lifetimes")
    text = (Path(load_book("cdnow_master").file).read_text()).replace("CDNOW_master", "CDNOW_mster")
    (tmp_path / "b.toml").write_text(text)
    with pytest.raises(SourceError, match=r"it has .*CDNOW_master\.txt"):
        open_store(load_book(str(tmp_path / "b.toml")), home)
