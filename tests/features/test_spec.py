from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from data.hashing import hash_text
from data.histories.dated import Dated
from data.histories.histories import Histories
from features.catalog import CATALOG, NAMES
from features.errors import FeatureError
from features.profile import MOST_LEVELS, fit_levels
from features.spec import FeatureSpec, fit_spec
from tests.features.strategies import histories_of, shop

PEOPLE = [("a", [], {"industry": "steel", "size": 3}), ("b", [], {"industry": "paper"}), ("c", [], {})]


@pytest.fixture(scope="module")
def people() -> Histories:
    return histories_of(PEOPLE)


def test_a_specification_is_the_catalogue_and_the_declared_columns_but_texts(people: Histories) -> None:
    spec = fit_spec(shop(), people)
    assert spec.names == (*NAMES, "profile_industry", "profile_size", "profile_since")
    assert spec.categorical[-1] == "profile_industry"
    assert set(spec.categorical[:-1]) == {feature.name for feature in CATALOG if feature.unit == "category"}
    assert spec.feature("profile_size").family == "profile"
    assert spec.feature("profile_since").unit == "days"
    assert spec.feature("orders").unit == "orders"


def test_levels_are_sorted_hashes_of_what_was_known(people: Histories) -> None:
    both = tuple(sorted((hash_text("steel"), hash_text("paper"))))
    assert fit_spec(shop(), people).profile[0].levels == both
    industry = dataclasses.replace(people.profile["industry"], known=np.array([5, 10], np.int64))
    later = dataclasses.replace(people, profile={**people.profile, "industry": industry})
    assert fit_spec(shop(), later, known_at=7).profile[0].levels == (hash_text("steel"),)


def test_of_too_many_levels_the_most_frequent_are_kept() -> None:
    values = np.arange(1, 400, dtype=np.uint64)
    values = np.concatenate([values, values[300:]])
    levels = fit_levels("category", [Dated.always(values, values > 0)], 0)
    assert len(levels) == MOST_LEVELS
    assert list(levels) == sorted(levels)
    assert set(range(301, 400)) <= set(levels)


def test_a_specification_survives_json(people: Histories) -> None:
    spec = fit_spec(shop(), people)
    again = FeatureSpec.from_dict(json.loads(json.dumps(spec.to_dict())))
    assert again == spec
    assert again.hash == spec.hash


@pytest.mark.parametrize(
    "change",
    [
        {"time_zone": "UTC"},
        {"minor_digits": 0},
        {"profile": ()},
        {"columns": NAMES[:-1]},
        {"columns": NAMES[::-1]},
    ],
)
def test_whatever_changes_a_table_changes_the_hash(people: Histories, change: dict[str, object]) -> None:
    spec = fit_spec(shop(), people)
    assert dataclasses.replace(spec, **change).hash != spec.hash


def test_histories_without_a_declared_column_are_refused_by_name(people: Histories) -> None:
    bare = dataclasses.replace(people, profile={})
    with pytest.raises(FeatureError, match="profile columns industry, size, since, got nothing"):
        fit_spec(shop(), people).require(bare)


def test_a_feature_that_this_version_lacks_is_refused_by_name(people: Histories) -> None:
    with pytest.raises(FeatureError, match="no feature shoe_size"):
        FeatureSpec("UTC", 2, columns=("orders", "shoe_size"))
    with pytest.raises(FeatureError, match="shoe_size"):
        fit_spec(shop(), people).feature("shoe_size")


@pytest.mark.parametrize("values", [{}, {"time_zone": "UTC"}, {"time_zone": "UTC", "minor_digits": "x"}])
def test_a_malformed_specification_is_a_clear_error(values: dict[str, object]) -> None:
    with pytest.raises(FeatureError, match="missing or malformed"):
        FeatureSpec.from_dict({"profile": [], "columns": [], **values} if values else values)
    whole = {"time_zone": "UTC", "minor_digits": 2, "columns": []}
    with pytest.raises(FeatureError, match="expected a kind of"):
        FeatureSpec.from_dict({**whole, "profile": [{"column": "x", "kind": "smell", "levels": []}]})
