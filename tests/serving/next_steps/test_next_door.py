"""`python -m serving next`: what an account manager reads, and what a wrong question gets."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import serving.__main__ as door
from serving.errors import RequestError

BOOK = "corner_shop.toml"


def run(*arguments: str) -> str:
    result = CliRunner().invoke(door.app, ["next", BOOK, *arguments])
    if result.exception:
        raise result.exception
    return result.stdout


def test_the_terminal_tells_ways_and_that_they_are_assumptions(in_the_shop: Path) -> None:
    english, chinese = run("c001"), run("c001", "--language", "zh", "--churn-below", "0.2")
    assert "Customer c001" in english
    assert "not what an action brings about" in english
    assert "客户 c001" in chinese
    assert "将流失概率降至 20% 以下" in chinese


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody"], 'no event of "nobody" is known by 2024-'),
        (["c001", "--churn-below", "30"], "expected a probability between 0 and 1 such as 0.3, got 30"),
        (["c001", "--cutoff", "yesterday"], "cutoff: expected a date"),
    ],
)
def test_a_wrong_question_is_told_what_to_ask(in_the_shop: Path, arguments: list[str], said: str) -> None:
    with pytest.raises(RequestError, match=said):
        run(*arguments)
