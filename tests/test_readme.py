"""The README stays true: its book is read, its request is answered by the schema, its commands exist."""

import importlib
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.ingest.opening import open_store
from data.settings.book import load_book, shipped_books
from serving.schema import RecommendationRequest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return found


def test_the_small_book_is_complete(tmp_path: Path) -> None:
    (tmp_path / "corner_shop.toml").write_text(block("toml"), encoding="utf-8")
    (tmp_path / "events.csv").write_text(block("csv"), encoding="utf-8")
    store = open_store(load_book(str(tmp_path / "corner_shop.toml")), tmp_path / "home")
    assert store.customers() == ["anna", "ben"]
    assert store.read_all().events == 6
    assert not list((tmp_path / "home").rglob("quarantine/*.parquet"))


def test_the_request_of_the_curl_is_one_that_the_server_takes() -> None:
    (body,) = re.findall(r"-d '(\{.*?\})'", README)
    assert RecommendationRequest.model_validate(json.loads(body)).language == "en"


@pytest.mark.parametrize(("room", "command"), sorted(set(re.findall(r"python -m (\w+) (\w+)", README))))
def test_every_command_exists_and_explains_itself(room: str, command: str) -> None:
    app = importlib.import_module(f"{room}.__main__").app
    answer = CliRunner().invoke(app, [command, "--help"])
    assert answer.exit_code == 0, answer.output
    assert "Example" in answer.output


def test_every_shipped_book_is_named() -> None:
    assert all(f"`{name}`" in README for name in shipped_books())
