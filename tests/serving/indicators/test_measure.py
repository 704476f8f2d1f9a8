"""All indicators: the same bytes alone and together, the same numbers in both languages, never NaN in JSON."""

import re
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from data.histories.histories import Histories
from data.settings.book import Book
from features.feature import UNITS
from serving.engine import Engine
from serving.indicators.compiled import CHANGE, WEAKNESS
from serving.indicators.compiled import SIGNS as COMPILED_SIGNS
from serving.indicators.measure import columns, measure
from serving.indicators.risks import RULES, scan
from serving.indicators.signs import SIGNS
from serving.indicators.terminal import indicator_lines
from serving.recommend import recommend
from serving.recommendation import to_json
from tests.serving.indicators.machines import accountant_of, yardstick_of
from training.bundle import Bundle
from training.scores import Scores

RATED = yardstick_of(indicators={"strategic": ["strategic_fit", "reference_value"]})
COUNT = len(RATED.bundle.spec.names)
WORDY = re.compile(r"\d+(?:[,.]\d+)*%?")
NAMES = (
    "current_value",
    "growth_potential",
    "strategic_value",
    "service_cost",
    "net_value",
    "health",
    "health_loyalty",
    "health_interaction",
    "health_breadth",
    "health_payment",
    "risk_competitive_threat",
    "risk_business_change",
    "risk_relationship_weakness",
)


def some(seed: int, count: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Features as a book may have them: small, large, missing."""
    generator = np.random.default_rng(seed)
    features = np.exp(generator.normal(0, 2, (count, COUNT))) * generator.choice([0, 0.1, 1, 10], (count, COUNT))
    features[generator.random((count, COUNT)) < 0.2] = np.nan
    units = [RATED.bundle.spec.feature(name).unit for name in RATED.bundle.spec.names]
    assert set(units) <= set(UNITS)
    shares = [place for place, unit in enumerate(units) if unit == "share"]
    whole = [place for place, unit in enumerate(units) if unit in ("count", "orders", "category")]
    features[:, shares] = np.minimum(features[:, shares], 1.0)
    features[:, whole] = np.nan_to_num(np.floor(np.minimum(features[:, whole], 3.0)))
    return features


def scores_of(features: np.ndarray[Any, np.dtype[np.float64]]) -> Scores:
    value = np.nan_to_num(features[:, 1])
    return Scores(value, value * np.nan, value * np.nan)


@given(seed=st.integers(0, 10_000), count=st.integers(1, 40))
@settings(max_examples=30)
def test_one_customer_alone_gives_the_bytes_of_the_batch(seed: int, count: int) -> None:
    features = some(seed, count)
    together = columns(features, scores_of(features), RATED)
    assert tuple(together) == NAMES
    for row in range(count):
        alone = columns(features[[row]], scores_of(features[[row]]), RATED)
        for name, column in together.items():
            assert column.dtype == np.float64
            assert column.shape == (count,)
            assert column[[row]].tobytes() == alone[name].tobytes(), name


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20)
def test_both_languages_carry_the_same_numbers_and_json_no_nan(seed: int) -> None:
    features = some(seed, 4)
    measured = measure(features, scores_of(features), RATED)
    for row in range(len(features)):
        told = [measured.about(row, accountant_of(RATED, language)) for language in ("en", "zh")]
        figures = [sorted(WORDY.findall("\n".join(indicator_lines(one, "en")))) for one in told]
        assert figures[0] == figures[1]
        plain = [to_json(one.to_dict()) for one in told]
        assert "NaN" not in plain[0]
        assert [risk.level for risk in told[0].risks] == [risk.level for risk in told[1].risks]


def test_every_sign_can_show_and_every_level_is_one_of_three() -> None:
    features = some(1, 2000)
    for name, value in (("orders", 9.0), ("last_order_age_days", 5.0), ("touches", 40.0)):
        features[:, RATED.bundle.spec.names.index(name)] = value
    scanned = scan(RATED.seen(features))
    assert scanned.shown.any(axis=1).all()
    assert [sign.rule for sign in SIGNS].index("business_change") == CHANGE
    assert [sign.rule for sign in SIGNS].index("relationship_weakness") == WEAKNESS
    assert len(SIGNS) == COMPILED_SIGNS
    assert all(set(level[~np.isnan(level)]) <= {0.0, 1.0, 2.0} for level in scanned.levels.values())


def test_an_answer_carries_the_indicators_of_its_customer(engine: Engine, histories: Histories, cutoff: int) -> None:
    answers = engine.recommend(histories, cutoff, None, "en")
    assert all(answer.indicators is not None for answer in answers)
    first = answers[0].to_dict()["indicators"]
    assert list(first) == ["value_parts", "health", "risks"]
    assert [risk["name"] for risk in first["risks"]] == list(RULES)
    assert first["value_parts"]["currency"] == "EUR"


def test_somebody_unknown_has_no_indicators(engine: Engine, histories: Histories, bundle: Bundle, book: Book) -> None:
    early = int(histories.time.min()) - 1
    assert {answer.indicators for answer in engine.recommend(histories, early, None, "en")} == {None}
    assert recommend(histories, early, bundle, None)[0].to_dict()["indicators"] is None
