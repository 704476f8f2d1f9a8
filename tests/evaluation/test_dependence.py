from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.hashing import hash_text
from evaluation.dependence import MOST_DRAWN, dependence, dependences
from evaluation.drivers import drivers
from evaluation.explained import Explained, explained, populations
from evaluation.views.dependence import dependence_plot
from features.build import build_features
from tests.training.world import CUTOFF, a_book, bundle, histories
from training.explanation import Explanation

RECENCY = bundle().spec.names.index("last_order_age_days")
COUNTRY = bundle().spec.names.index("profile_country")
COUNTRIES = {hash_text(name): name for name in ("DE", "CN", "FR")}


@pytest.fixture(scope="module")
def seen() -> list[Explained]:
    return list(explained(bundle(), build_features(histories(), [CUTOFF], bundle().spec)[0], populations(a_book())))


def planted(part: Explained, column: int, contributions: np.ndarray) -> Explained:
    all_of_them = np.zeros_like(part.features)
    all_of_them[:, column] = contributions
    base = np.zeros(len(contributions))
    return replace(part, explanation=Explanation(base, all_of_them, contributions))


def test_who_stayed_away_longer_is_predicted_to_stay_away(seen: list[Explained]) -> None:
    churn = next(part for part in seen if part.target == "churn")
    (found,) = [driver for driver in drivers([churn]) if driver.feature == "last_order_age_days"]
    assert found.direction == "raises"
    told = dependence(churn, bundle(), RECENCY, {})
    assert told.steps[-1].contribution > 0 > told.steps[0].contribution


@settings(max_examples=20, deadline=None)
@given(st.floats(-5, 5).filter(lambda slope: abs(slope) > 0.01))
def test_a_planted_slope_is_found_in_every_tenth(seen: list[Explained], slope: float) -> None:
    days = np.nan_to_num(seen[0].features[:, RECENCY])
    told = dependence(planted(seen[0], RECENCY, days * slope), bundle(), RECENCY, {})
    assert [step.contribution for step in told.steps] == pytest.approx([step.value * slope for step in told.steps])


def test_tenths_ascend_hold_everybody_and_keep_those_without_a_value_apart(seen: list[Explained]) -> None:
    told = dependence(seen[0], bundle(), RECENCY, {})
    values = [step.value for step in told.steps]
    assert values == sorted(values)
    assert told.missing is not None
    assert sum(step.customers for step in (*told.steps, told.missing)) == len(seen[0].features)
    assert np.isnan(told.missing.value)


def test_whoever_shares_a_value_shares_a_stretch(seen: list[Explained]) -> None:
    features = seen[0].features.copy()
    features[:, RECENCY] = np.repeat([0.0, 7.0], [len(features) - 9, 9])
    told = dependence(replace(seen[0], features=features), bundle(), RECENCY, {})
    assert [(step.value, step.customers) for step in told.steps] == [(0.0, len(features) - 9), (7.0, 9)]


def test_levels_are_told_by_name_or_else_by_number(seen: list[Explained]) -> None:
    named = dependence(seen[0], bundle(), COUNTRY, COUNTRIES)
    assert {step.name for step in named.steps} == set(COUNTRIES.values())
    assert {step.name for step in dependence(seen[0], bundle(), COUNTRY, {}).steps} == {"#0", "#1", "#2"}
    contributions = [step.contribution for step in named.steps]
    assert contributions == sorted(contributions)


def test_the_strongest_features_of_each_target_are_drawn(seen: list[Explained]) -> None:
    found = list(drivers(seen))
    told = list(dependences(seen, found, bundle(), COUNTRIES))
    for part in seen:
        names = [driver.feature for driver in found if driver.target == part.target]
        assert [one.feature.name for one in told if one.target == part.target] == names[:MOST_DRAWN]


@pytest.mark.parametrize("column", [RECENCY, COUNTRY])
def test_a_drawing_is_the_same_each_time(seen: list[Explained], column: int) -> None:
    told = dependence(seen[0], bundle(), column, COUNTRIES)
    drawn = dependence_plot(told, "EUR", 50)
    assert drawn == dependence_plot(told, "EUR", 50)
    assert drawn.startswith("<svg")
    assert (">none<" in drawn) == (told.missing is not None)
    assert (">DE<" in drawn) == (column == COUNTRY)


@pytest.mark.parametrize("values", [np.nan, 4.0])
def test_a_feature_without_any_difference_can_be_drawn(seen: list[Explained], values: float) -> None:
    features = seen[0].features.copy()
    features[:, RECENCY] = values
    part = planted(replace(seen[0], features=features), RECENCY, np.zeros(len(features)))
    assert dependence_plot(dependence(part, bundle(), RECENCY, {}), "EUR", 50).startswith("<svg")
