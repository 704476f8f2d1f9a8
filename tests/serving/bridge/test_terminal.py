"""A bridge as an account manager reads it."""

import re
from io import StringIO

import pytest
from rich.console import Console

from serving.bridge.account import Bridge
from serving.bridge.build import bridge
from serving.bridge.terminal import page
from serving.figures import Language
from tests.serving.bridge.conftest import World

AMOUNT = re.compile(r"([+−]?)(?:EUR )?(\d[\d,]*\.\d+)")


def printed(told: Bridge, language: Language = "en") -> str:
    console = Console(file=StringIO(), width=160, highlight=False)
    for part in page(told, language):
        console.print(part)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def told(world: World, customer: int, then: int, now: int, language: Language = "en") -> Bridge:
    ends = world.at(then), world.at(now, world.newer)
    return bridge(world.histories([customer], 30, seed=customer), *ends, language=language)[0]


def number(text: str) -> int:
    """The first amount of a text in its last digits."""
    sign, digits = AMOUNT.findall(text)[0]
    return int(digits.replace(",", "").replace(".", "")) * (-1 if sign == "−" else 1)


def table(text: str, title: str) -> list[tuple[str, str]]:
    """The score and the reason column of each line of a table."""
    lines = text.split(title, maxsplit=1)[1].splitlines()
    start = lines[1].index("Score") + len("Score")
    body = lines[3:]
    end = next(i for i, line in enumerate(body) if not line.strip())
    return [(line[: start + 1][line[:start].rfind("  ") :], line[start:]) for line in body[:end]]


@pytest.mark.parametrize("customer", range(1, 90, 8))
def test_every_printed_column_adds_up(world: World, customer: int) -> None:
    text = printed(told(world, customer, 60, 0))
    for title in re.findall(r"(?:Value|Conversion|Churn) in the next 28 days", text):
        rows = table(text, title)
        scores = [number(score) for score, _ in rows if AMOUNT.search(score)]
        assert scores[0] + sum(scores[1:-1]) == scores[-1]
        assert len(scores) == 6
        step = 0
        for score, reason in rows[1:-1]:
            if AMOUNT.search(score):
                assert step == 0
                step = number(score)
            if re.search(r"[+−](EUR )?[\d.,]+( pp)?\s*$", reason):
                step -= number(reason)
        assert step == 0


def test_first_comes_what_changed_then_the_way_there(world: World) -> None:
    text = printed(told(world, 1, 60, 0))
    places = [text.index(words) for words in ("Customer c001", "The tier", "The predicted value", "Value in the next")]
    assert places == sorted(places)
    assert re.search(r"Model [0-9a-f]{16}, then [0-9a-f]{16}", text)


def test_chinese_readers_get_it_in_chinese(world: World) -> None:
    text = printed(told(world, 1, 60, 0, "zh"), "zh")
    assert re.search(r"预测价值(上升|下降) EUR", text)
    assert "主要依据" in text
    assert not re.search(r"predicted|unchanged|Model|none", text)


def test_what_nobody_changed_is_one_sentence_without_a_table(world: World) -> None:
    (still,) = bridge(world.histories([1]), world.at(10), world.at(10))
    assert "Nothing changed as of" in printed(still)
    assert "Strongest reasons" not in printed(still)
