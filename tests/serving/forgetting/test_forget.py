"""Forgetting a customer leaves nothing of them under the working folder, and a tombstone."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError
from typer.testing import CliRunner, Result

import serving.__main__ as program
from data.errors import StoreError
from data.events import Event
from data.handover import Customer, InlineEvent
from data.ingest.opening import open_store
from data.settings.book import load_book
from data.simulation.files import MARK
from data.store.publishing import publish
from data.store.tombstone_file import bury, read_tombstones
from serving.api.asked import EventsAsked
from serving.api.events import appended
from serving.engine import Engine
from serving.errors import RequestError, ServingError
from serving.ledger.ledger import Ledger
from serving.ledger.override import UNRECORDED, Override
from serving.recommendation import Recommendation, to_json
from serving.schema import RecommendationRequest
from serving.score import fit_plan, write_scores

BOOK = "corner_shop.toml"
GONE = "c001"
DIGEST = r"\b[0-9a-f]{64}\b"
"""Hexadecimal digits that may happen to spell an id."""
WORDS = ("--by", "Li Wei", "--reason", "asked us to, in writing")
PROJECT = Path(program.__file__).parent.parent


def run(*arguments: str) -> str:
    """What a command prints; a user's mistake is raised."""
    result = tried(*arguments)
    if result.exception:
        raise result.exception
    return " ".join(result.stdout.split())


def tried(*arguments: str) -> Result:
    return CliRunner().invoke(program.app, arguments)


def forget(*more: str, customer: str = GONE) -> str:
    return run("forget", BOOK, customer, *WORDS, *more)


def holding(home: Path, text: str = GONE) -> list[str]:
    """The files with the text in their bytes, or in a cell of a Parquet file."""
    files = sorted(file for file in home.rglob("*") if file.is_file())
    return [str(file.relative_to(home)) for file in files if text in _content(file)]


def _content(file: Path) -> str:
    if file.suffix == ".parquet":
        return str(pl.read_parquet(file).to_dicts())
    return re.sub(DIGEST, "", file.read_bytes().decode("utf-8", "replace"))


def as_json(answers: Sequence[Recommendation]) -> list[str]:
    return [to_json(answer.to_dict()) for answer in answers]


def digests(home: Path) -> dict[str, str]:
    files = (file for file in home.rglob("*") if file.is_file())
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.fixture(scope="session")
def busy(shop: Path, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shop in which a customer is named wherever one can be."""
    folder = tmp_path_factory.mktemp("busy") / "own"
    shutil.copytree(shop, folder, ignore=shutil.ignore_patterns("ledger.db*", "inbox.sqlite*"))
    with (folder / "events.csv").open("a") as sheet:
        sheet.write(f"{GONE},never,look,,\n{GONE},too,few\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        _fill(folder / ".tierwise")
    return folder


def _fill(home: Path) -> None:
    engine = Engine.open(BOOK, home)
    for name in ("recommendations.parquet", "again.csv"):
        assert engine.plan
        (home / "demo").mkdir(exist_ok=True)
        cutoff = engine.latest_cutoff
        out = home / "demo" / name
        write_scores(
            engine, engine.plan, cutoff, out, home=home, language="en", recorded=5, advance=lambda customers: None
        )
    engine.ledger.record(Override(UNRECORDED, GONE, "gold", "Li Wei", "", 1, 9, 0, 1.0, None, "m", None))
    engine.ledger.withdraw(GONE, by="Li Wei", reason="second shop", ends=2, recorded=5)
    engine.ledger.record(Override(UNRECORDED, "c002", "gold", "Li Wei", "", 1, 9, 0, 1.0, None, "m", None))
    day = datetime(2024, 5, 19, 12, tzinfo=UTC)
    engine.store.inbox.append([Event(GONE, day, "look"), Event("c002", day, "look")])
    engine.ledger.close()
    predictions = {"book": ["corner_shop", "elsewhere"], "customer_id": [GONE, GONE], "prediction": [0.5, 0.5]}
    pl.DataFrame(predictions).write_parquet(home / "demo" / "predictions.parquet")
    (home / "demo" / ".scores.csv.4194304999").write_text(f"customer_id\n{GONE}\n")


@pytest.fixture
def busy_shop(busy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "own"
    shutil.copytree(busy, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def busy_home(busy_shop: Path) -> Path:
    return busy_shop / ".tierwise"


def test_no_byte_under_the_working_folder_names_the_forgotten(busy_shop: Path, busy_home: Path) -> None:
    (busy_home / "demo" / "predictions.parquet").unlink()
    assert set(holding(busy_home)) >= {
        "corner_shop/quarantine/events.parquet",
        "corner_shop/store/000002/customers-0000.arrow",
        "demo/.scores.csv.4194304999",
        "demo/again.csv",
        "demo/recommendations.parquet",
    }
    for name in ("inbox.sqlite", "ledger.db"):  # or the log beside it
        assert any(found.startswith(f"corner_shop/{name}") for found in holding(busy_home))
    told = forget("--yes")
    assert holding(busy_home) == []
    assert GONE not in json.dumps(pl.read_csv(busy_home / "demo" / "again.csv").to_dicts())
    assert "2 rejected rows in the quarantine" in told
    assert "1 row of .tierwise/demo/again.csv" in told
    assert "the source people still delivers 1 row: people.csv" in told
    assert "store is made anew" in told
    assert "still holds the id" not in told


def test_everybody_else_is_as_before(busy_shop: Path, busy_home: Path) -> None:
    before = Engine.open(BOOK, busy_home)
    others = [customer for customer in before.store.customers() if customer != GONE]
    asked = RecommendationRequest(customers=[Customer(customer_id=customer) for customer in others[:20]])
    said, standing = before.answer(asked), before.ledger.previous(before.latest_cutoff, through=True)
    rows = pl.read_csv(busy_home / "demo" / "again.csv")
    forget("--yes")
    after = Engine.open(BOOK, busy_home)
    assert after.store.customers() == others
    assert as_json(after.answer(asked)) == as_json(said)
    assert after.ledger.previous(after.latest_cutoff, through=True) == {
        customer: tier for customer, tier in standing.items() if customer != GONE
    }
    assert pl.read_csv(busy_home / "demo" / "again.csv").equals(rows.filter(pl.col("customer_id") != GONE))
    assert pl.read_parquet(busy_home / "demo" / "predictions.parquet")["book"].to_list() == ["elsewhere"]


def test_an_open_engine_knows_nothing_of_the_forgotten_any_more(own_shop: Path, own_home: Path) -> None:
    engine = Engine.open(BOOK, own_home)
    forget("--yes")
    stranger, asked = (RecommendationRequest(customers=[Customer(customer_id=name)]) for name in ("nobody", GONE))
    (answer,), (other,) = engine.answer(asked), engine.answer(stranger)
    assert "unknown_customer" in answer.degraded
    assert (answer.lifetime_value, answer.churn) == (other.lifetime_value, other.churn)
    engine.warm_up()


def test_a_history_brought_along_is_scored_as_a_strangers_and_not_kept(own_shop: Path, own_home: Path) -> None:
    forget("--yes")
    engine = Engine.open(BOOK, own_home)
    look = InlineEvent(time=datetime(2024, 5, 1, tzinfo=UTC), type="look")
    asked = [RecommendationRequest(customers=[Customer(customer_id=name, events=[look])]) for name in ("x", GONE)]
    (answer,), (other,) = map(engine.answer, asked)
    assert answer.lifetime_value == other.lifetime_value
    assert holding(own_home) == []


@pytest.mark.parametrize("spelling", ["{}", " {} "])
def test_an_event_of_theirs_is_refused_by_its_path_with_the_whole_batch(
    own_shop: Path, own_home: Path, spelling: str
) -> None:
    """With blanks around the id, which sources strip, it is refused as an id before anybody looks whose it is."""
    engine = Engine.open(BOOK, own_home)
    forget("--yes")
    look = {"time": "2024-05-01T10:00:00Z", "type": "look"}
    events = [{"customer_id": name, **look} for name in ("x", spelling.format(GONE))]
    refusal = RequestError if spelling == "{}" else ValidationError
    with pytest.raises(refusal, match=r"events\.1\.customer_id"):
        appended(engine, EventsAsked.model_validate_json(json.dumps({"events": events})), recorded=engine.latest_cutoff)
    assert engine.store.inbox.last() == 0


def test_forgetting_again_changes_nothing_and_keeps_the_first_tombstone(own_shop: Path, own_home: Path) -> None:
    forget("--yes")
    stones = list(read_tombstones("corner_shop", own_home))
    told = run("forget", BOOK, GONE, "--by", "Someone else", "--reason", "again", "--yes")
    assert "was forgotten on" in told
    assert "by Li Wei" in told
    assert list(read_tombstones("corner_shop", own_home)) == stones


def test_whom_only_the_ledger_or_a_table_knows_can_be_forgotten(own_shop: Path, own_home: Path) -> None:
    ledger = Ledger.open("corner_shop", own_home)
    ledger.write_tiers(1, "p", "m", [("left_long_ago", "gold", False), ("c002", "gold", False)])
    ledger.close()
    (own_home / "old.csv").write_text("customer_id\nin_a_file\nc002\n")
    for customer in ("left_long_ago", "in_a_file"):
        forget("--yes", customer=customer)
        assert holding(own_home, customer) == []
    assert set(Ledger.open("corner_shop", own_home).previous(2)) == {"c002"}
    assert (own_home / "old.csv").read_text() == "customer_id\nc002\n"


def test_a_text_that_still_names_the_forgotten_is_told(own_shop: Path, own_home: Path) -> None:
    (own_home / "report.html").write_text(f"<p>{GONE}</p>")
    (own_home / "other.html").write_text(f"<p>{GONE}0</p>")
    told = forget("--yes")
    assert ".tierwise/report.html still holds the id" in told
    assert "other.html" not in told


def test_sources_other_books_and_simulated_worlds_are_left_alone(own_shop: Path, own_home: Path) -> None:
    for folder in ("data", "other/store/1", "worlds/9-1/trade/bundles/v", "worlds/9-1/trade", "world"):
        (own_home / folder).mkdir(parents=True, exist_ok=True)
        (own_home / folder / "rows.csv").write_text(f"customer_id\n{GONE}\n")
    (own_home / "world" / MARK).touch()
    told = forget("--yes")
    assert len(holding(own_home)) == 5
    assert "rows.csv" not in told


def test_an_id_that_means_anything_is_not_searched_for_in_texts(own_shop: Path, own_home: Path) -> None:
    (own_home / "old.csv").write_text("customer_id\n1001\n1002\n")
    (own_home / "report.html").write_text("<p>1001 orders</p>")
    told = forget("--yes", customer="1001")
    assert "report.html" not in told
    assert "means something else too often" in told


@pytest.mark.parametrize(
    ("customer", "words", "said"),
    [
        ("C001", WORDS, 'did you mean "c001"'),
        ("nobody", WORDS, 'has nobody under "nobody"'),
        (GONE, ("--by", " ", "--reason", "x"), "--by: is empty"),
        (GONE, ("--by", "Li Wei", "--reason", f"{GONE} asked us to"), "--reason: names the customer"),
    ],
)
def test_a_mistake_changes_nothing(
    own_shop: Path, own_home: Path, customer: str, words: tuple[str, ...], said: str
) -> None:
    open_store(load_book(BOOK), own_home)
    before = digests(own_home)
    with pytest.raises(RequestError, match=said):
        run("forget", BOOK, customer, *words, "--yes")
    assert digests(own_home) == before


def test_without_a_terminal_nobody_is_forgotten_unasked(own_shop: Path, own_home: Path) -> None:
    with pytest.raises(ServingError, match="add --yes"):
        forget()
    assert GONE in open_store(load_book(BOOK), own_home).customers()


@pytest.mark.parametrize(("answer", "stays"), [("n\n", True), ("y\n", False)])
def test_on_a_terminal_one_is_asked(
    own_shop: Path, own_home: Path, answer: str, stays: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serving.forgetting.door._is_asked", lambda: True)
    result = CliRunner().invoke(program.app, ["forget", BOOK, GONE, *WORDS], input=answer)
    assert result.exit_code == 0
    assert ("Nothing was changed." in result.stdout) is stays
    assert (GONE in open_store(load_book(BOOK), own_home).customers()) is stays


def test_the_last_customer_with_an_event_cannot_be_forgotten(own_shop: Path, own_home: Path) -> None:
    (own_shop / "events.csv").write_text(f"customer,time,type,amount,order\n{GONE},2024-01-01T00:00:00Z,look,,\n")
    with pytest.raises(RequestError, match="nobody else in the book has an event"):
        forget("--yes")


def test_the_list_tells_when_who_and_why_but_no_id(own_shop: Path) -> None:
    assert "nobody was forgotten" in run("forgotten", BOOK)
    run("forget", BOOK, GONE, "--by", "Li [red]Wei", "--reason", "asked us to", "--yes")
    told = run("forgotten", BOOK)
    assert "Li [red]Wei" in told
    assert "asked us to" in told
    assert GONE not in told


def test_sources_that_are_gone_leave_the_tombstone_and_say_so(own_shop: Path, own_home: Path) -> None:
    open_store(load_book(BOOK), own_home)
    bury(GONE, "corner_shop", own_home, recorded="2024-01-01T00:00:00+00:00", by="Li Wei", reason="x")
    shutil.move("events.csv", "elsewhere.csv")
    assert tried("forget", BOOK, GONE, *WORDS, "--yes").exception is not None
    shutil.move("elsewhere.csv", "events.csv")
    forget("--yes")
    assert holding(own_home) == []


def test_scores_that_were_read_before_are_not_written_after(own_shop: Path, own_home: Path, cutoff: int) -> None:
    engine = Engine.open(BOOK, own_home)
    plan = fit_plan(engine, cutoff, lambda customers: None)

    def advance(customers: int) -> None:
        bury(GONE, "corner_shop", own_home, recorded="2024-01-01T00:00:00+00:00", by="Li Wei", reason="x")

    file = own_home / "scores.parquet"
    with pytest.raises(StoreError, match="somebody was forgotten meanwhile"):
        write_scores(engine, plan, cutoff, file, home=own_home, language="en", recorded=5, advance=advance)
    assert not file.exists()
    assert engine.ledger.previous(cutoff, through=True) == {}


@pytest.mark.parametrize(
    "point",
    [
        "serving.ledger.ledger.Ledger.forget",
        "data.store.inbox.scrub",
        "serving.forgetting.tables._settle",
        "data.ingest.opening.write_manifest",
        "data.store.manifest.sweep_generations",
    ],
)
def test_a_kill_at_any_moment_is_finished_by_the_same_command(busy_shop: Path, busy_home: Path, point: str) -> None:
    (busy_home / "demo" / "predictions.parquet").unlink()
    owner, _, name = point.rpartition(".")
    killed = (
        "import os, signal, importlib, pydoc, serving.__main__ as door, data.reading.holders\n"
        f"owner = pydoc.locate({owner!r})\n"
        f"setattr(owner, {name!r}, lambda *given, **named: os.kill(os.getpid(), signal.SIGKILL))\n"
        f"door.app({['forget', BOOK, GONE, *WORDS, '--yes']!r})\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "BENTOML_DO_NOT_TRACK": "true"}
    done = subprocess.run(
        [sys.executable, "-c", killed], check=False, cwd=busy_shop, env=environment, capture_output=True, text=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert GONE not in list(_shown(busy_home))
    assert "was forgotten on" in forget("--yes")
    assert holding(busy_home) == []


def _shown(home: Path) -> Iterator[str]:
    """Everybody whom a reader of the store as it lies there shows."""
    store = open_store(load_book(BOOK), home)
    yield from store.customers()
    yield from store.histories([GONE]).customer_ids


def test_where_the_store_was_published_is_told(own_shop: Path, own_home: Path) -> None:
    place = own_shop / "bucket"
    publish(open_store(load_book(BOOK), own_home), str(place), lambda _: None)
    assert f"the store published at {place}: python -m data publish {BOOK} {place}" in forget("--yes")
    assert holding(place)
    publish(open_store(load_book(BOOK), own_home), str(place), lambda _: None)
    assert not holding(place)
