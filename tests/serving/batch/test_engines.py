"""A book is scored to the same bytes wherever its parts are made, and the ledger keeps the same, also after a kill."""

import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from data.engines.engine import Engine as Cluster
from data.engines.local import LocalEngine
from data.errors import StoreError
from data.remote.folder import RemoteFolder
from data.store.publishing import publish
from data.store.store import opened
from serving import score
from serving.batch.chunk import chunks_of
from serving.batch.groups import Group, Together, groups_of
from serving.batch.opened import EngineAt
from serving.batch.quarantine import quarantine_of
from serving.engine import Engine
from serving.ledger.ledger import Ledger
from serving.plan import Plan
from training.errors import BundleError


@dataclass(frozen=True)
class Written:
    """All that a scoring leaves behind."""

    told: score.Written
    sheet: bytes
    ledger: dict[str, list[Any]]


class Scorer:
    """Scores the shop in parts of 16 customers, each time with a ledger of its own."""

    def __init__(self, engine: Engine, plan: Plan, cutoff: int, folder: Path) -> None:
        self._engine, self._plan, self._cutoff, self._folder = engine, plan, cutoff, folder

    def __call__(self, name: str, on: Cluster | None, **more: Any) -> Written:
        home, out = self._folder / name, self._folder / name / "scores.parquet"
        self._plan.save(home)
        ledger = Ledger.open(self._engine.book.name, home)
        own = Engine(**{**vars_of(self._engine), "ledger": ledger})
        told = score.write_scores(
            own,
            self._plan,
            self._cutoff,
            out,
            home=home,
            language="en",
            recorded=7,
            advance=lambda _: None,
            on=on,
            **more,
        )
        ledger.close()
        assert not quarantine_of(out).exists()
        return Written(told, out.read_bytes(), content(home / self._engine.book.name / "ledger.db"))


def vars_of(engine: Engine) -> dict[str, Any]:
    return {name: getattr(engine, name) for name in Engine.__dataclass_fields__}


def content(file: Path) -> dict[str, list[Any]]:
    """Every row of every table."""
    database = create_engine(f"sqlite:///{file}")
    with database.connect() as connection:
        names = connection.execute(text("select name from sqlite_master where type = 'table'")).scalars().all()
        rows = {name: connection.execute(text(f"select * from {name}")).all() for name in names}
    database.dispose()
    return {name: sorted(map(tuple, each), key=repr) for name, each in rows.items()}


@pytest.fixture
def scored(engine: Engine, plan: Plan, cutoff: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scorer:
    monkeypatch.setattr(score, "CHUNK", 16)
    return Scorer(engine, plan, cutoff, tmp_path)


@dataclass(frozen=True)
class Fragile:
    """The task on a worker that is killed after its part was made and before it could say so, once."""

    task: Together[Any]
    marker: Path

    def __call__(self, group: Group) -> list[Any]:
        done = self.task(group)
        if group[0].number <= 3 <= group[-1].number and not self.marker.exists():
            self.marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return done


@dataclass(frozen=True)
class Killing:
    """An engine one of whose workers is killed."""

    engine: Cluster
    marker: Path

    def map(self, task: Any, items: Sequence[Any]) -> Iterator[Any]:
        return self.engine.map(Fragile(task, self.marker), items)


@pytest.fixture(scope="module")
def alone(engine: Engine, plan: Plan, cutoff: int, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """What this process writes and keeps, without an engine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(score, "CHUNK", 16)
        return Scorer(engine, plan, cutoff, tmp_path_factory.mktemp("alone"))("alone", None)


def test_every_engine_says_and_keeps_the_same_also_after_a_kill(
    scored: Scorer, alone: Written, cluster: Cluster, engine: Engine, cutoff: int, tmp_path: Path
) -> None:
    assert alone.told.customers == 90
    assert sum(map(len, alone.ledger.values())) > 90
    assert score.fit_plan(engine, cutoff, lambda _: None, cluster) == score.fit_plan(engine, cutoff, lambda _: None)
    assert scored("killed", Killing(cluster, tmp_path / "marker")) == alone  # type: ignore[arg-type]
    assert (tmp_path / "marker").exists()


def test_what_workers_have_finished_is_kept_by_who_goes_on(
    scored: Scorer, alone: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "keep_said", broken)
        with pytest.raises(StoreError, match="no ledger"):
            scored("cut off", None)
    resumed = scored("cut off", LocalEngine())
    assert resumed.told.resumed == 16
    assert (resumed.sheet, resumed.ledger) == (alone.sheet, alone.ledger)


def broken(*_: Any) -> list[str]:
    raise StoreError("no ledger")


def test_a_part_is_what_its_first_and_last_customer_enclose(engine: Engine, cutoff: int) -> None:
    decisions = engine.ledger.decisions(cutoff)
    told = [chunk.histories(engine.store).customer_ids for chunk in chunks_of(engine, 7, decisions)]
    assert sorted(customer for part in told for customer in part) == engine.store.customers()


def test_workers_that_share_no_disk_fetch_the_store_and_the_model(
    engine: Engine,
    plan: Plan,
    alone: Written,
    cluster: Cluster,
    cutoff: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(score, "CHUNK", 16)
    place = tmp_path / "bucket"
    there = opened(publish(engine.store, str(place), lambda _: None))
    home = tmp_path / "driver"
    shutil.copytree(engine.home / engine.book.name / "bundles", home / engine.book.name / "bundles")
    own = Engine(**{**vars_of(engine), "store": there, "home": home})
    at = EngineAt.of(own)
    shutil.rmtree(home)
    scored = Scorer(own, plan, cutoff, tmp_path)
    killing = Killing(cluster, tmp_path / "marker")
    monkeypatch.setattr(EngineAt, "of", lambda _: at)
    found = scored("apart", killing, between=RemoteFolder((place / "parts").as_uri()))  # type: ignore[arg-type]
    assert found == alone
    assert (tmp_path / "marker").exists()
    assert {path.name for path in place.iterdir()} == {"current.json", there.at.name, "models", "parts"}
    assert list((place / "parts").iterdir()) == []


def test_a_model_that_is_not_as_it_was_sent_is_told_with_its_place(engine: Engine, tmp_path: Path) -> None:
    there = opened(publish(engine.store, str(tmp_path / "bucket"), lambda _: None))
    at = EngineAt.of(Engine(**{**vars_of(engine), "store": there}))
    models = tmp_path / "bucket" / "models"
    (models / at.version / "bundle.json").write_text("{}")
    elsewhere = replace(at, home=tmp_path / "worker")
    with pytest.raises(
        BundleError, match=rf"{models}/{at.version}: bundle\.json was changed; .* run the command again"
    ):
        elsewhere.opened()
    EngineAt.of(Engine(**{**vars_of(engine), "store": there}))
    assert elsewhere.opened().bundle.version == at.version
    shutil.rmtree(models)
    with pytest.raises(BundleError, match=rf"{models}: the model {at.version} is gone; run the command again"):
        replace(at, home=tmp_path / "another").opened()


def test_chunks_go_together_by_their_bucket(engine: Engine) -> None:
    told = list(chunks_of(engine, 7))
    groups = list(groups_of(told, 4))
    assert [chunk for group in groups for chunk in group] == told
    assert all(len({chunk.bucket for chunk in group}) == 1 and len(group) <= 4 for group in groups)
    assert [str(group) for group in groups_of(told[:2], 1)] == [str(chunk) for chunk in told[:2]]
    assert str(groups[0]) == f"{told[0]} to {told[3]}"
