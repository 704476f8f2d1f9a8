"""The command line: a server that really listens, a file, one recommendation in the terminal."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import serving.__main__ as door
from data.doors import open_door
from data.engines.alone import writing_alone
from data.errors import TierwiseError
from data.handover import Customer
from serving.engine import Engine
from serving.errors import PlanError, RequestError
from serving.plan import current_plan
from serving.recommendation import to_json
from serving.schema import RecommendationRequest
from training.errors import BundleError

PROJECT = Path(door.__file__).parent.parent
BOOK = "corner_shop.toml"
BUYER = "c001"


def run(*arguments: str) -> str:
    """What a command prints; a user's mistake is raised."""
    result = CliRunner().invoke(door.app, arguments)
    if result.exception:
        raise result.exception
    return result.stdout


@contextmanager
def listening(*command: str, folder: Path, port: int) -> Iterator[str]:
    """A server in a process of its own, once it is ready; killed afterwards."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "TIERWISE_BOOK": BOOK, "BENTOML_DO_NOT_TRACK": "true"}
    server = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/readyz", server)
        yield url
    finally:
        server.terminate()
        server.communicate(timeout=30)


def _wait_for(url: str, server: subprocess.Popen[str]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise AssertionError(server.communicate()[0])
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def ask(url: str, body: bytes, **headers: str) -> tuple[int, bytes]:
    headers = {"content-type": "application/json", **headers}
    request = urllib.request.Request(f"{url}/v1/recommendations", data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_served_book_answers_over_a_real_socket_what_python_answers(in_the_shop: Path, engine: Engine) -> None:
    """Law 8."""
    port = free_port()
    with listening("serving", "serve", BOOK, "--port", str(port), folder=in_the_shop, port=port) as url:
        status, body = ask(url, json.dumps({"customers": [{"customer_id": BUYER}]}).encode())
        assert ask(url, b"{")[0] == 400
        with urllib.request.urlopen(f"{url}/metrics", timeout=30) as metrics:
            assert b'status="400"' in metrics.read()
    answers = engine.answer(RecommendationRequest(customers=[Customer(customer_id=BUYER)]))
    assert (status, body.decode()) == (200, to_json({"recommendations": [answer.to_dict() for answer in answers]}))


def test_bentoml_serves_the_same_service_behind_the_same_guard(in_the_shop: Path) -> None:
    port = free_port()
    command = ("bentoml", "serve", "serving.service:tierwise", "--port", str(port))
    with listening(*command, folder=in_the_shop, port=port) as url:
        status, body = ask(url, json.dumps({"customers": [{"customer_id": BUYER}]}).encode())
        assert status == 200
        assert json.loads(body)["recommendations"][0]["customer_id"] == BUYER
        assert ask(url, b"{}", **{"content-type": "text/plain"})[0] == 415


def test_score_writes_the_file_and_says_how_the_tiers_fell(in_the_shop: Path, tmp_path: Path) -> None:
    told = run("score", BOOK, "--out", str(tmp_path / "scores.parquet"))
    assert (tmp_path / "scores.parquet").is_file()
    assert re.search(r"90 customers in [\d.]+ s", told)
    assert "(value_percentile) of 90 customers: 5 diamond, 13 gold, 27 silver, 45 bronze" in told
    assert "a running server takes it up by itself" in told


def test_score_refuses_a_far_future_that_nothing_is_known_of(in_the_shop: Path, tmp_path: Path) -> None:
    with pytest.raises(TierwiseError, match="cutoff: lies too far after the book's last event"):
        run("score", BOOK, "--cutoff", "2500-01-01", "--out", str(tmp_path / "scores.csv"))
    assert list(tmp_path.iterdir()) == []


def test_score_refuses_an_output_that_another_job_writes(in_the_shop: Path, tmp_path: Path) -> None:
    with (
        writing_alone(tmp_path / "scores.csv"),
        pytest.raises(TierwiseError, match=r"scores\.csv: another job is writing it; wait until that is done"),
    ):
        run("score", BOOK, "--out", str(tmp_path / "scores.csv"))
    assert list(tmp_path.iterdir()) == []


def test_score_says_that_a_plan_of_the_past_was_only_saved(in_the_shop: Path, engine: Engine, tmp_path: Path) -> None:
    told = run("score", BOOK, "--cutoff", "2024-04-01", "--out", str(tmp_path / "scores.csv"))
    assert "not promoted: the current plan has a later cutoff" in told
    assert current_plan(engine.book.name, in_the_shop / ".tierwise") == engine.plan


def test_score_mends_a_damaged_plan(in_the_shop: Path, engine: Engine, tmp_path: Path) -> None:
    pointer = in_the_shop / ".tierwise" / engine.book.name / "plans" / "current"
    pointer.write_bytes(b"\xff")
    with pytest.raises(PlanError, match="python -m serving score"):
        run("recommend", BOOK, BUYER)
    run("score", BOOK, "--out", str(tmp_path / "scores.csv"))
    assert current_plan(engine.book.name, in_the_shop / ".tierwise") == engine.plan


@pytest.mark.parametrize("customer", ["", "x" * 300])
def test_an_id_that_can_be_nobodys_is_refused_in_one_line(in_the_shop: Path, customer: str) -> None:
    with pytest.raises(RequestError, match=r"^customers\.0\.customer_id: expected [0-9]+ or (more|fewer) characters"):
        run("recommend", BOOK, customer)


def test_a_file_that_cannot_be_opened_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = typer.Typer()
    app.command()((tmp_path / "none").read_bytes)
    monkeypatch.setattr(sys, "argv", ["fail"])
    with pytest.raises(SystemExit, match="2"):
        open_door(app)
    assert capsys.readouterr().err == f"Error: {tmp_path / 'none'}: No such file or directory\n"


@pytest.mark.parametrize(("language", "words"), [("en", "Lifetime value: EUR"), ("zh", "客户价值：未来 28 天预计 EUR")])
def test_recommend_prints_one_customer_readably(in_the_shop: Path, language: str, words: str) -> None:
    told = run("recommend", BOOK, BUYER, "--language", language)
    assert words in told
    assert BUYER in told
    assert {"en": "Conversion (order): ", "zh": "转化（order）："}[language] in told


def test_recommend_says_that_a_customer_is_unknown(in_the_shop: Path) -> None:
    assert "No event of this customer is on record" in run("recommend", BOOK, "nobody")


def test_a_book_without_a_bundle_says_what_to_run(
    shop: Path, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BundleError, match="python -m training fit"):
        run("serve", str(shop / BOOK))


def test_a_wrong_file_name_is_refused_before_any_work(in_the_shop: Path) -> None:
    with pytest.raises(TierwiseError, match=r"\.parquet or \.csv"):
        run("score", "no_such_book", "--out", "scores.txt")


@pytest.mark.parametrize("command", ["bridge", "score", "recommend", "serve"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    assert f"Example: python -m serving {command} complete_journey" in run(command, "--help")
