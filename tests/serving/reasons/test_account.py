"""The account of a score: additive as numbers and as printed, the same in both languages."""

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from data.histories.histories import Histories
from features.groups import GROUPS, group_of
from serving.numerals import MINUS, Language
from serving.plan import Plan
from serving.reasons.account import EACH_GROUP, LEAST, LEAST_SHARE, Accountant, shares_of
from serving.reasons.parts import Reasons
from serving.reasons.shelf import shelf_of
from serving.recommend import recommend
from training.bundle import Bundle
from training.explanation import Explanation

CAUSES = re.compile(r"because|caus|due to|leads? to|因为|导致|由于|所以", re.IGNORECASE)
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")
SIZES = st.floats(-1e4, 1e4) | st.floats(-0.02, 0.02) | st.sampled_from([0.0, 0.005, -0.005, 1e9, -1e9])
SPREAD = st.dictionaries(st.integers(0, 150), SIZES, max_size=40)
BASES = st.floats(-1e3, 1e3) | st.sampled_from([0.0, 0.005])


def account(
    bundle: Bundle, target: str, base: float, spread: dict[int, float], language: Language = "en"
) -> tuple[Reasons, NDArray[np.float64], float]:
    contributions = np.zeros((1, len(bundle.spec.names)))
    contributions[0, list(spread)] = list(spread.values())
    score = float(base + contributions.sum())
    explanation = Explanation(np.array([base]), contributions, np.array([score]))
    accountant = Accountant.at(1_700_000_000_000_000, bundle, language, {})
    reasons = accountant.account(bundle.golden, 0).reasons(target, score, explanation, 0)
    return reasons, contributions[0], score


def units(shown: str) -> int:
    """A printed figure in its last digit."""
    digits = int("".join(re.findall(r"\d", shown)))
    return -digits if shown.startswith(MINUS) else digits


@pytest.fixture(scope="module", params=["USD", "JPY", "KWD"])
def traded(request: pytest.FixtureRequest, bundle: Bundle) -> Bundle:
    """The bundle with money of two, no and three digits."""
    other = replace(bundle, currency=request.param)
    assert other.version != bundle.version
    return other


@given(base=BASES, spread=SPREAD)
def test_printed_figures_add_up_to_the_last_cent(traded: Bundle, base: float, spread: dict[int, float]) -> None:
    told, _, _ = account(traded, "lifetime_value", base, spread)
    assert units(told.base_shown) + sum(units(group.shown) for group in told.groups) == units(told.score_shown)
    for group in told.groups:
        parts = [units(reason.shown) for reason in group.features]
        assert sum(parts) + units(group.rest_shown) == units(group.shown)


@given(
    base=st.floats(0, 1) | st.sampled_from([1e-9, 1 - 1e-9]),
    spread=st.dictionaries(st.integers(0, 150), st.floats(-0.4, 0.4), max_size=40),
)
def test_percentage_points_add_up_too(bundle: Bundle, base: float, spread: dict[int, float]) -> None:
    told, _, _ = account(bundle, "churn", base, spread)
    assert told.unit == "probability"
    assert units(told.base_shown) + sum(units(group.shown) for group in told.groups) == units(told.score_shown)


@given(base=BASES, spread=SPREAD)
def test_every_group_is_the_sum_of_its_features_and_all_that_move_are_told(
    bundle: Bundle, base: float, spread: dict[int, float]
) -> None:
    told, contributions, score = account(bundle, "lifetime_value", base, spread)
    scale = max(abs(contributions).max(), abs(base), 1.0)
    assert told.base_value + sum(group.contribution for group in told.groups) == pytest.approx(score, abs=1e-9 * scale)
    names = [group_of(bundle.spec.feature(name)).name for name in bundle.spec.names]
    for group in told.groups:
        own = contributions[[name == group.group for name in names]]
        assert group.contribution == pytest.approx(own.sum(), abs=1e-9 * scale)
        parts = sum(reason.contribution for reason in group.features)
        assert parts + group.rest == pytest.approx(group.contribution, abs=1e-9 * scale)
    sizes = [abs(group.contribution) for group in told.groups]
    assert sizes == sorted(sizes, reverse=True)
    assert 0.0 not in sizes


@given(spread=SPREAD)
def test_a_group_tells_its_strongest_features_by_falling_size(bundle: Bundle, spread: dict[int, float]) -> None:
    contributions = np.zeros(len(bundle.spec.names))
    contributions[list(spread)] = list(spread.values())
    sizes, shelf = np.abs(contributions), shelf_of(bundle, "en")
    least = max(LEAST_SHARE * sizes.max(), LEAST)
    for share in shares_of(contributions, shelf):
        told = sizes[list(share.columns)].tolist()
        assert told == sorted(told, reverse=True)
        assert len(told) <= EACH_GROUP
        others = [size for c, size in enumerate(sizes) if shelf.group_of[c] == share.group and c not in share.columns]
        assert all(size < least or len(told) == EACH_GROUP for size in others)
        assert max(others, default=0.0) <= min(told, default=np.inf)


def test_learnt_patterns_are_left_to_the_rest_unless_their_group_tells_nothing_else(bundle: Bundle) -> None:
    names, shelf = bundle.spec.names, shelf_of(bundle, "en")
    contributions = np.zeros(len(names))
    contributions[names.index("pattern_1")] = 9.0
    (alone,) = shares_of(contributions, shelf)
    assert [names[column] for column in alone.columns] == ["pattern_1"]
    contributions[names.index("visits")] = 2.0
    (beside,) = shares_of(contributions, shelf)
    assert [names[column] for column in beside.columns] == ["visits"]
    assert beside.rest == 9.0


def test_a_score_at_its_base_has_no_groups(bundle: Bundle) -> None:
    told, _, _ = account(bundle, "lifetime_value", 139.2, {})
    assert told.groups == ()
    assert told.base_shown == told.score_shown == "EUR 139.20"


def test_the_base_prints_the_same_for_everybody(bundle: Bundle) -> None:
    spreads: list[dict[int, float]] = [{0: 0.004, 5: 0.004}, {1: -0.006, 9: 3.333}, {}]
    shown = {account(bundle, "lifetime_value", 139.2, spread)[0].base_shown for spread in spreads}
    assert shown == {"EUR 139.20"}


def test_the_sentences_tell_what_a_share_does_to_the_score(bundle: Bundle) -> None:
    orders = bundle.spec.names.index("orders")
    told, _, _ = account(bundle, "lifetime_value", 10.0, {orders: 812.4})
    assert told.text == (
        "Before it looks at this customer, the model puts the predicted value at EUR 10.00; "
        "what it sees of them takes it to EUR 822.40."
    )
    (group,) = told.groups
    assert (group.shown, group.rest, group.title) == ("+EUR 812.40", 0.0, "How often they buy")
    assert group.text.startswith("How often they buy adds EUR 812.40 to the predicted value. ")
    assert group.features[0].text == f"{group.features[0].fact}; adds EUR 812.40 to the predicted value."


def test_chinese_sentences_are_chinese(bundle: Bundle) -> None:
    orders = bundle.spec.names.index("orders")
    told, _, _ = account(bundle, "churn", 0.3, {orders: -0.0042}, "zh")
    (group,) = told.groups
    assert told.text == "在考察该客户之前，模型给出的流失概率为 30.00%；结合客户情况后为 29.58%。"
    assert group.shown == "−0.42 个百分点"
    assert group.text.startswith("购买频率：使流失概率下降 0.42 个百分点。其中，")


def test_what_prints_as_nothing_is_told_as_less_than_the_smallest_unit(bundle: Bundle) -> None:
    told, _, _ = account(bundle, "lifetime_value", 10.0, {bundle.spec.names.index("orders"): 0.001})
    assert told.groups[0].shown == "EUR 0.00"
    assert told.groups[0].text == "How often they buy moves the predicted value by less than EUR 0.01."


def test_a_group_without_a_strong_feature_is_told_in_all(bundle: Bundle) -> None:
    names = bundle.spec.names
    spread = {names.index("spend"): 1000.0, names.index("orders_7d"): -3.0, names.index("orders_14d"): -4.0}
    told, _, _ = account(bundle, "lifetime_value", 10.0, spread)
    assert told.groups[1].features == ()
    assert told.groups[1].rest == told.groups[1].contribution == -7.0
    assert told.groups[1].text == "How often they buy takes EUR 7.00 off the predicted value in all."


def test_facts_of_a_group_went_its_way_and_differ_in_more_than_their_window(bundle: Bundle) -> None:
    names = bundle.spec.names
    spread = {"orders_91d": 9.0, "orders_30d": 8.0, "orders": -3.0, "mean_gap_days": 5.0}
    told, _, _ = account(bundle, "churn", 0.1, {names.index(name): size / 1e3 for name, size in spread.items()})
    facts = {reason.feature: reason.fact for reason in told.groups[0].features}
    assert list(facts) == ["orders_91d", "orders_30d", "mean_gap_days"]
    assert facts["orders_91d"] in told.groups[0].text
    assert facts["mean_gap_days"] in told.groups[0].text
    assert facts["orders_30d"] not in told.groups[0].text


def texts(plain: Any) -> list[str]:
    """Every text of an answer but names of groups, features and units."""
    if isinstance(plain, dict):
        return [text for key, part in plain.items() if key not in ("feature", "group") for text in texts(part)]
    if isinstance(plain, list):
        return [text for part in plain for text in texts(part)]
    return [plain] if isinstance(plain, str) else []


def test_whole_answers_carry_the_same_numbers_in_both_languages(
    histories: Histories, cutoff: int, bundle: Bundle, plan: Plan
) -> None:
    """Law 10, number by number and as often; and no sentence claims a cause."""
    for moment in (cutoff, cutoff - 30 * 86_400_000_000):
        english, chinese = (recommend(histories, moment, bundle, plan, language=to) for to in ("en", "zh"))
        for one, other in zip(english, chinese, strict=True):
            both = [texts(answer.to_dict()) for answer in (one, other)]
            counted = [Counter(number for text in told for number in NUMBER.findall(text)) for told in both]
            assert counted[0] == counted[1]
            assert not any(CAUSES.search(text) for told in both for text in told)


def test_every_group_has_a_title_in_both_languages(bundle: Bundle) -> None:
    for language in ("en", "zh"):
        titles = shelf_of(bundle, language).titles
        assert len(set(titles)) == len(GROUPS)
