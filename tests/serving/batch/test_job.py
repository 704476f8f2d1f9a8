"""A scoring that is killed goes on where it was, to the same bytes; who cannot be answered is named beside the file."""

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data.histories.histories import Histories
from serving import score
from serving.batch.quarantine import quarantine_of
from serving.batch.rows import row, text_of
from serving.engine import Engine
from serving.errors import ServingError
from serving.plan import Plan
from serving.recommendation import to_json
from tests.serving.ledger.conftest import override

PROJECT = Path(__file__).parents[3]
Write = Callable[..., score.Written]


@pytest.fixture
def write(
    engine: Engine, plan: Plan, cutoff: int, in_the_shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Write:
    """Writes the shop's scores in parts of 16 customers."""
    monkeypatch.setattr(score, "CHUNK", 16)
    plan.save(tmp_path / "home")

    def written(file: Path, advance: Callable[[int], None] = lambda _: None) -> score.Written:
        options: dict[str, Any] = {"home": tmp_path / "home", "language": "en", "recorded": 7, "advance": advance}
        return score.write_scores(engine, plan, cutoff, file, **options)

    return written


class PulledPlugError(Exception):
    """The power fails."""


def failing_after(steps: int) -> Callable[[int], None]:
    left = iter(range(steps))

    def advance(customers: int) -> None:
        if next(left, None) is None:
            raise PulledPlugError

    return advance


@pytest.mark.parametrize("name", ["scores.parquet", "scores.csv"])
def test_a_scoring_that_was_cut_off_goes_on_to_the_same_bytes(
    write: Write, name: str, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / f"whole_{name}")
    for steps in (1, 3):
        with pytest.raises(PulledPlugError):
            write(tmp_path / name, failing_after(steps))
    asked: list[int] = []
    recommend = Engine.recommend
    monkeypatch.setattr(
        Engine, "recommend", lambda self, some, *rest: (asked.append(len(some)), recommend(self, some, *rest))[1]
    )
    told: list[int] = []
    written = write(tmp_path / name, told.append)
    assert (written.customers, written.quarantined, written.resumed) == (90, 0, 64)
    assert sum(asked) == 90 - 64
    assert sum(told) == 90
    assert (tmp_path / name).read_bytes() == (tmp_path / f"whole_{name}").read_bytes()
    assert [file.name for file in (tmp_path / "home" / engine.book.name / "batches").iterdir()] == ["lock"]


def test_what_was_decided_meanwhile_begins_the_work_anew(write: Write, tmp_path: Path, engine: Engine) -> None:
    with pytest.raises(PulledPlugError):
        write(tmp_path / "scores.csv", failing_after(2))
    cutoff = engine.latest_cutoff
    engine.ledger.record(override("c001", "diamond", starts=cutoff - 1, expires=cutoff + 1))
    written = write(tmp_path / "scores.csv")
    assert written.resumed == 0
    assert engine.ledger.kept_of("c001", 1)[0].tier == "diamond"


def test_every_answer_is_kept_and_every_account_on_the_roster(write: Write, tmp_path: Path, engine: Engine) -> None:
    write(tmp_path / "scores.parquet")
    rows = pq.read_table(tmp_path / "scores.parquet").to_pylist()
    told = engine.ledger.roster(limit=100, sort="customer_id", descending=False)
    assert (told.total, told.cutoff) == (90, engine.latest_cutoff)
    for each, account in zip(sorted(rows, key=lambda each: each["customer_id"]), told.accounts, strict=True):
        kept = engine.ledger.kept(account.recommendation)
        assert kept is not None
        assert kept.text == text_of(each)
        assert kept.recorded == 7
        answer = json.loads(kept.text)
        assert (account.customer_id, account.tier) == (each["customer_id"], answer["tier"]["name"])
        assert (account.lifetime_value, account.churn) == (answer["lifetime_value"]["value"], answer["churn"]["value"])
        assert account.priority == max((action["priority"] for action in answer["actions"]), default=0.0)


def test_a_row_holds_the_text_of_the_answer(engine: Engine, histories: Histories, plan: Plan, cutoff: int) -> None:
    for plan_or_none in (plan, None):
        for answer in engine.recommend(histories.select(range(5)), cutoff, plan_or_none, "zh"):
            assert text_of(row(answer)) == to_json(answer.to_dict())


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Customers who break every answer that they are part of."""
    customers = {"c003", "c040"}
    recommend = Engine.recommend

    def breaking(self: Engine, histories: Histories, *rest: Any) -> Any:
        if customers & set(histories.customer_ids):
            raise ZeroDivisionError(f"about {histories.customer_ids}")
        return recommend(self, histories, *rest)

    monkeypatch.setattr(Engine, "recommend", breaking)
    return customers


def test_who_cannot_be_answered_is_named_and_the_others_are_written(
    write: Write, tmp_path: Path, poisoned: set[str], engine: Engine
) -> None:
    file = tmp_path / "scores.parquet"
    written = write(file)
    assert (written.customers, written.quarantined) == (88, 2)
    left_out = [json.loads(line) for line in quarantine_of(file).read_text().splitlines()]
    assert {one["customer_id"] for one in left_out} == poisoned
    assert {one["error"] for one in left_out} == {"ZeroDivisionError"}
    assert all(set(one) == {"customer_id", "error", "place"} and ".py:" in one["place"] for one in left_out)
    assert not poisoned & set(pq.read_table(file).column("customer_id").to_pylist())
    assert engine.ledger.roster().total == 88
    poisoned.clear()
    assert write(file).customers == 90
    assert not quarantine_of(file).exists()


def test_a_book_of_which_nobody_can_be_answered_is_an_error(
    write: Write, tmp_path: Path, poisoned: set[str], engine: Engine
) -> None:
    poisoned.update(engine.store.customers())
    with pytest.raises(ServingError, match="nobody could be answered: ZeroDivisionError in "):
        write(tmp_path / "scores.parquet")


def test_a_second_scoring_at_the_same_time_is_refused(write: Write, tmp_path: Path) -> None:
    def again(customers: int) -> None:
        write(tmp_path / "other.csv")

    with pytest.raises(ServingError, match="book corner_shop is being scored already"):
        write(tmp_path / "scores.csv", again)


SCORING = textwrap.dedent("""
    import sys
    from serving import score
    score.CHUNK = 8
    from serving.__main__ import app
    app(["score", "corner_shop.toml", "--out", sys.argv[1]])
""")


def scoring(shop: Path, out: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-c", SCORING, str(out)], cwd=shop, env=environment, stdout=quiet, stderr=quiet
    )


def test_kills_at_any_moment_change_no_byte(in_the_shop: Path, tmp_path: Path, home: Path, engine: Engine) -> None:
    assert scoring(in_the_shop, tmp_path / "whole.parquet").wait() == 0
    batches = home / engine.book.name / "batches"
    for kill in range(3):
        process = scoring(in_the_shop, tmp_path / "scores.parquet")
        while process.poll() is None and len(list(batches.glob("*/*.parquet"))) <= 3 * kill:
            time.sleep(0.002)
        time.sleep(random.Random(kill).uniform(0, 0.02))
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert scoring(in_the_shop, tmp_path / "scores.parquet").wait() == 0
    assert (tmp_path / "scores.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert engine.ledger.roster().total == 90
