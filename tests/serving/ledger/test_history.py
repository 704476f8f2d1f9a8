"""The doors to what was recommended."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.histories.histories import Histories
from serving.__main__ import app
from serving.engine import Engine
from serving.errors import RequestError
from serving.plan import Plan
from serving.recommendation import to_json

BOOK = "corner_shop.toml"


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=True)
    if isinstance(result.exception, RequestError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def id_(in_the_shop: Path, engine: Engine, histories: Histories, plan: Plan, cutoff: int) -> str:
    answers = engine.recommend(histories.select([1]), cutoff, plan, "zh")
    return engine.ledger.keep(answers, "zh", cutoff)[0]


def test_a_past_recommendation_is_printed_exactly_as_it_was(
    id_: str, engine: Engine, histories: Histories, plan: Plan, cutoff: int
) -> None:
    (answer,) = engine.recommend(histories.select([1]), cutoff, plan, "zh")
    assert run("shown", BOOK, id_) == f"{to_json(answer.to_dict())}\n"


def test_what_was_recommended_to_a_customer_is_listed_in_both_languages(id_: str) -> None:
    english = run("kept", BOOK, "c001")
    assert all(words in english for words in ("Recommended to c001 of corner_shop", "2024-05-19", "EUR", id_))
    assert "历次建议" in run("kept", BOOK, "c001", "--language", "zh")
    assert "nothing was recommended to nobody" in run("kept", BOOK, "nobody")


def test_an_unknown_id_is_told(id_: str) -> None:
    with pytest.raises(RequestError, match='ID: book corner_shop has no recommendation "abc"'):
        run("shown", BOOK, "abc")


@pytest.mark.parametrize("command", ["shown", "kept"])
def test_the_commands_have_help_with_an_example(command: str) -> None:
    assert f"Example: python -m serving {command} complete_journey" in " ".join(run(command, "--help").split())
