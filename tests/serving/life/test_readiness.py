from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from data.errors import StoreError
from serving import readiness
from serving.ledger.ledger import Ledger
from serving.ledger.writable import require_writable
from serving.live import Live
from serving.service import service_for
from tests.serving.conftest import client_of
from training.bundle import Bundle
from training.shelf import promote

Opened = Callable[[Path], Live]


@pytest.fixture
def standing(live_of: Opened, own: Path, monkeypatch: pytest.MonkeyPatch) -> Live:
    monkeypatch.setattr(readiness, "GOOD_FOR", 0)
    return live_of(own)


@pytest.fixture
def asked(standing: Live) -> Iterator[Any]:
    with client_of(service_for(standing).to_asgi()) as client:
        yield client


def test_a_service_that_can_answer_says_with_what(asked: Any, standing: Live) -> None:
    found = asked.get("/readyz")
    assert found.status_code == 200
    assert found.json() == {
        "ready": True,
        "model_version": standing().bundle.version,
        "plan_version": standing().plan.version,  # type: ignore[union-attr]
        "refused": None,
    }


def test_a_refused_model_is_told_while_the_old_one_is_ready(
    asked: Any, standing: Live, own: Path, bundle: Bundle, other: Bundle
) -> None:
    (promote(other, own) / "stranger").touch()
    standing.look()
    found = asked.get("/readyz").json()
    assert (found["ready"], found["model_version"]) == (True, bundle.version)
    assert "stranger missing or added" in found["refused"]


def test_a_ledger_that_takes_no_writes_makes_it_unready(asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(ledger: object) -> None:
        raise StoreError("ledger.db: attempt to write a readonly database")

    monkeypatch.setattr(readiness, "require_writable", full)
    found = asked.get("/readyz")
    assert found.status_code == 503
    assert found.headers["content-type"] == "application/problem+json"
    assert "the ledger cannot be written (ledger.db: attempt to write" in found.json()["detail"]
    assert asked.get("/livez").status_code == 200


def test_a_file_that_is_no_ledger_and_a_folder_that_is_none_are_told(own: Path) -> None:
    (own / "shop").mkdir()
    require_writable(Ledger.open("shop", own))
    (own / "shop" / "ledger.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        require_writable(Ledger.open("shop", own))


def test_a_ledger_that_somebody_writes_just_now_is_no_obstacle(asked: Any, standing: Live) -> None:
    with standing().ledger.database.writing():
        assert asked.get("/readyz").status_code == 200


def test_a_finding_is_told_again_for_a_second(asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "GOOD_FOR", 60)
    looks: list[object] = []
    whole = readiness.find_out

    def counted(engine: Any) -> Any:
        looks.append(engine)
        return whole(engine)

    monkeypatch.setattr(readiness, "find_out", counted)
    assert [asked.get("/readyz").status_code for _ in range(3)] == [200] * 3
    assert len(looks) == 1
