"""The shipped book `trade` on its simulated files."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from data.__main__ import app
from data.clock import DAY
from data.doors import open_door
from data.errors import SourceError
from data.events import ROLES
from data.ingest.opening import open_store
from data.readiness.report import check
from data.settings.book import load_book
from data.simulation.files import write_world
from data.simulation.world import World
from data.store.store import Store


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def store(folder: Path, home: Path) -> Store:
    return open_store(load_book("trade", folder), home)


def test_every_row_is_kept_and_none_is_quarantined(store: Store) -> None:
    assert [account.source for account in store.manifest.accounts] == ["events", "companies", "ratings"]
    for account in store.manifest.accounts:
        assert account.balanced
        assert account.kept == account.rows
    assert len(store.customers()) == 2_000


def test_every_role_is_there_and_the_judged_labels_are_complete(folder: Path, home: Path, store: Store) -> None:
    report = check(load_book("trade", folder), home)
    assert all(role.events > 0 for role in report.roles)
    assert [role.role for role in report.roles] == list(ROLES)
    assert all(horizon.judged_is_complete and horizon.model == "trained" for horizon in report.horizons)
    assert 0.02 < report.late_share < 0.2
    assert {column.column for column in report.profile} >= {"country", "size", "strategic_fit", "rated_by"}


def test_ratings_are_not_known_before_they_are_given(store: Store) -> None:
    histories = store.read_all()
    ratings, country = histories.profile["strategic_fit"], histories.profile["country"]
    rated = np.diff(ratings.offsets)
    assert 0.2 < (rated > 0).mean() < 0.5
    assert (ratings.known > np.repeat(country.known, rated)).all()


def test_ratings_are_given_anew_and_lapse(store: Store) -> None:
    ratings = store.read_all().profile["strategic_fit"]
    assert 0.2 < (np.diff(ratings.offsets) > 1).sum() / (np.diff(ratings.offsets) > 0).sum() < 0.8
    held = [ratings.expires[i] - ratings.known[i] for i in range(len(ratings.known))]
    assert {round(each / DAY) for each in held} == {366}
    owners = store.read_all().profile["rated_by"]
    assert (np.diff(owners.offsets) == np.diff(ratings.offsets)).all()
    assert len(store.words("rated_by")) > 3


def test_files_are_found_in_the_working_folder(tmp_path: Path) -> None:
    write_world(World(customers=20, seed=1), tmp_path / "data" / "trade")
    assert len(open_store(load_book("trade"), tmp_path).customers()) == 20


def test_without_files_the_command_that_makes_them_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.reading.place.BESIDE", tmp_path / "beside")
    monkeypatch.delenv("TIERWISE_DATA", raising=False)
    with pytest.raises(SourceError, match="Make them with: python -m data simulate --customers"):
        open_store(load_book("trade"), tmp_path)


def test_the_command_writes_a_world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["python -m data", "simulate", "--customers", "20", "--seed", "1", "--out", str(tmp_path / "world")]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as left:
        open_door(app)
    assert not left.value.code
    assert "events of 20 customers" in capsys.readouterr().out
    assert (tmp_path / "world" / "truth" / "truth.parquet").is_file()
