"""The reference of books: complete, and true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from data.events import ROLES
from data.settings.accounts import Accounts
from data.settings.book import Book, Conversion, Target, Targets, Tiers, load_book
from data.settings.condition import Condition, Filter, TypeRule
from data.settings.indicators import (
    BusinessChange,
    CompetitiveThreat,
    Falling,
    Health,
    IndicatorSettings,
    RelationshipWeakness,
    Rising,
    Risks,
)
from data.settings.margin import Margin
from data.settings.next_step import NextStep
from data.settings.signals import Signal, Step, Wording
from data.settings.source import SET_ENCODING, Amount, Columns, Delay, Join, Place, ProfileColumn, ProfileSource, Source
from data.settings.tiers.cuts import PercentCuts
from data.settings.tiers.hybrid import Factor, Hybrid
from data.settings.tiers.profit import ExpectedProfit, Service
from data.settings.tiers.rules import Lifecycle, Matrix, Pyramid, Rfm7, Rfm8
from data.settings.tiers.scorecard import Rated, Scorecard
from data.settings.tiers.section import Stability

PAGE = (Path(__file__).parents[3] / "docs" / "books.md").read_text(encoding="utf-8")
# The part of the page that tells the keys of a table.
PARTS: dict[str, tuple[type[BaseModel], ...]] = {
    "## The book itself": (Book,),
    "## Where rows are": (Place,),
    "## Sources": (Source,),
    "### Columns of a source": (Columns, Amount, Delay),
    "### Joins": (Join,),
    "## Rules": (Filter, TypeRule, Condition),
    "## Profiles": (ProfileSource, ProfileColumn),
    "## Accounts": (Accounts,),
    "## Value": (Margin,),
    "## Targets": (Targets, Target, Conversion),
    "## Tiers": (Tiers,),
    "### Stability": (Stability,),
    "### Percentiles": (PercentCuts,),
    "### Rule models": (Rfm7, Rfm8, Pyramid, Matrix, Lifecycle),
    "### Scorecard": (Scorecard, Rated),
    "### Hybrid": (Hybrid, Factor),
    "### Expected profit": (ExpectedProfit, Service),
    "## Indicators": (IndicatorSettings,),
    "### Relationship health": (Health,),
    "### Risk scan": (Risks, Rising, Falling),
    "### Competitive threat": (CompetitiveThreat,),
    "### Business change": (BusinessChange,),
    "### Relationship weakness": (RelationshipWeakness,),
    "## Signals": (Signal, Step, Wording),
    "## Next steps": (NextStep,),
}


def part(title: str) -> str:
    return re.split(r"\n##+ ", PAGE.split(f"\n{title}\n")[1])[0]


def keys(model: type[BaseModel]) -> set[str]:
    """Its own keys: those of the place and of percentiles are told once, and no book writes `directory`."""
    told_once = [base for base in (Place, PercentCuts) if model is not base and issubclass(model, base)]
    inherited = set().union(*(base.model_fields for base in told_once))
    return set(model.model_fields) - inherited - {"directory"}


@pytest.mark.parametrize(("title", "models"), PARTS.items())
def test_every_key_of_a_table_is_told_in_its_part_and_no_other_is(
    title: str, models: tuple[type[BaseModel], ...]
) -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", part(title), flags=re.MULTILINE))
    assert told == set().union(*(keys(model) for model in models))


def test_no_table_of_a_book_is_left_out() -> None:
    def below(model: type[BaseModel]) -> set[type[BaseModel]]:
        return {model}.union(*(below(child) for child in model.__subclasses__()))

    known = {model for models in PARTS.values() for model in models}
    declared = below(Book.__mro__[1])
    assert {model.__name__ for model in declared if model.__module__.startswith("data.")} - {"Declared"} == {
        model.__name__ for model in known
    }


def test_defaults_told_as_values_are_the_defaults() -> None:
    for title, models in PARTS.items():
        for key, told in re.findall(r'^\| `(\w+)` \| `"?([^`"]*)"?` \|', part(title), flags=re.MULTILINE):
            fields = [model.model_fields[key] for model in models if key in model.model_fields]
            default = fields[0].get_default(call_default_factory=True)  # type: ignore[call-overload]
            shown = str(list(default) if isinstance(default, tuple) else default)
            assert told == (shown.lower() if isinstance(default, bool) else shown), (title, key)


def test_roles_and_encodings_are_told() -> None:
    assert all(f"`{role}`" in part("## The book itself") for role in ROLES)
    assert all(f"`{name}`" in PAGE for name in SET_ENCODING.removeprefix("set encoding to one of ").split(", "))


def test_the_small_book_loads(tmp_path: Path) -> None:
    (tmp_path / "mill.toml").write_text(PAGE.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert load_book(str(tmp_path / "mill.toml")).sources[0].decimal == ","
