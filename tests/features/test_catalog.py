from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from features.catalog import CATALOG, FAMILIES, NAMES, markdown
from features.feature import UNITS, Feature, Words

CHINESE = re.compile("[\u4e00-\u9fff]")
CAUSAL = re.compile("because|cause|due to|leads to|因为|导致|由于|使得")


@pytest.mark.parametrize("feature", CATALOG, ids=lambda feature: feature.name)
def test_every_feature_is_worded_in_both_languages(feature: Feature) -> None:
    for words in (feature.meaning, feature.high, feature.low):
        assert words.en.isascii()
        assert words.en[0].isupper()
        assert CHINESE.search(words.zh)
        assert not words.en.endswith(".")
        assert not words.zh.endswith("。")
        assert not CAUSAL.search(words.en + words.zh)
    if feature.unit != "category":
        assert feature.high.en != feature.low.en
        assert feature.high.zh != feature.low.zh


@pytest.mark.parametrize("feature", CATALOG, ids=lambda feature: feature.name)
def test_both_languages_name_the_same_windows(feature: Feature) -> None:
    for words in (feature.meaning, feature.high, feature.low):
        assert {*re.findall(r"\d{2,}", words.zh)} <= {*re.findall(r"\d{2,}", words.en)} | {"60"}


def clauses_of(feature: Feature, said: Callable[[Words], str]) -> set[str]:
    """What a feature is called; a category has its meaning alone."""
    return {said(words) for words in (feature.meaning, feature.high, feature.low)}


def test_no_two_features_share_their_words() -> None:
    for said in (lambda words: words.en, lambda words: words.zh):
        clauses = [clause for feature in CATALOG for clause in clauses_of(feature, said)]
        twice = {clause for clause in clauses if clauses.count(clause) > 1}
        assert not twice


def test_names_are_unique_and_fit_any_table_format() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in NAMES)


def test_every_feature_has_a_known_unit_and_stands_in_its_family() -> None:
    assert {feature.unit for feature in CATALOG} <= set(UNITS)
    for family in FAMILIES:
        assert {feature.family for feature in family.features} == {family.name}


def test_the_page_shows_every_feature_once() -> None:
    page = markdown().split("\n## Purchases")[1]
    for feature in CATALOG:
        assert page.count(f"| `{feature.name}` |") == 1
    widths = {line.count("|") for line in page.splitlines() if line.startswith("|")}
    assert len(widths) == 1


def test_models_find_the_columns_they_need_by_name() -> None:
    needed = {"orders", "spend", "average_order_value", "first_order_age_days", "last_order_age_days"}
    assert needed <= set(NAMES)


def test_the_page_in_the_documentation_is_current() -> None:
    page = Path(__file__).parents[2] / "docs" / "features.md"
    assert page.read_text(encoding="utf-8") == f"{markdown()}\n", (
        "run: python -m features catalog --out docs/features.md"
    )


def test_there_are_as_many_features_as_people_can_be_told_about() -> None:
    assert 120 <= len(CATALOG) <= 200


def test_the_neutral_point_of_a_share_lies_inside() -> None:
    assert all(0 < feature.turn < 1 for feature in CATALOG if feature.unit == "share" and feature.turn is not None)
