"""What had a part in a change of tier is told, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.bridge.account import TierBridge
from serving.bridge.standpoint import Standpoint
from serving.bridge.tier import tier_bridge
from serving.figures import Language
from serving.plan import Plan
from serving.tiers.ladder import TIERS

PERCENT = {"diamond": 5.0, "gold": 20.0, "silver": 50.0}


def learnt(*cuts: float) -> dict[str, dict[str, float]]:
    return {"percent": PERCENT, "cuts": dict(zip(PERCENT, cuts, strict=True))}


PLAN = Plan(
    policy="value_percentile",
    book="shop",
    model_version="m",
    cutoff=0,
    currency="EUR",
    horizon_days=91,
    customers=100,
    settings=PERCENT,
    learnt=learnt(300.0, 200.0, 100.0),
    moves={},
    stability={},
    counts={"diamond": 5, "gold": 15, "silver": 30, "bronze": 50},
)
LENIENT = replace(PLAN, learnt=learnt(150.0, 100.0, 50.0))

values = st.lists(st.floats(-50, 400), min_size=6, max_size=6)
plans = st.sampled_from([PLAN, LENIENT])
hands = st.none() | st.sampled_from(TIERS)


def standpoint(plan: Plan | None, hand: str | None = None) -> Standpoint:
    return Standpoint(None, plan, 0, overrides={"c": hand} if hand else None)  # type: ignore[arg-type]


def given_tier(value: float, plan: Plan | None) -> str | None:
    return TIERS[int(plan.rule.places({"lifetime_value": np.array([value])})[0])] if plan else None


def bridged(path: list[float], before: Standpoint, after: Standpoint, **how: bool) -> TierBridge | None:
    """The bridge of the customer c with these values at the start and after every step."""
    by_old = [given_tier(value, before.plan) for value in path]
    language = "zh" if how.get("chinese") else "en"
    arrived = how.get("arrived", False)
    seen = by_old, given_tier(path[-1], after.plan), (None, None)
    return tier_bridge("c", *seen, before, after, language, arrived=arrived)


def told(path: list[float], before: Standpoint, after: Standpoint, language: Language = "en") -> TierBridge:
    tier = bridged(path, before, after, chinese=language == "zh")
    assert tier
    return tier


def text(
    path: list[float],
    plan: Plan | None = PLAN,
    later: Plan | None = PLAN,
    hands: tuple[str | None, str | None] = (None, None),
    language: Language = "en",
) -> str:
    return told(path, standpoint(plan, hands[0]), standpoint(later, hands[1]), language).text


def test_the_step_that_moves_the_tier_is_named() -> None:
    path = [250.0, 250.0, 250.0, 240.0, 120.0, 120.0]
    assert text(path) == "The tier went from gold to silver at the step “what the customer did”."
    assert text(path, language="zh") == "客户等级由金牌变为银牌（发生在“客户新动态”这一步）。"


def test_every_tier_on_the_way_is_named() -> None:
    path = [150.0, 150.0, 150.0, 50.0, 250.0, 250.0]
    assert text(path) == (
        "The tier went from silver to gold: bronze after “time passing”, gold after “what the customer did”."
    )
    assert text(path, language="zh") == "客户等级由银牌变为金牌：“时间推移”之后为铜牌，“客户新动态”之后为金牌。"


def test_a_tier_that_only_the_plan_moved_says_so() -> None:
    path = [120.0, 120.0, 120.0, 110.0, 130.0, 130.0]
    assert text(path, later=LENIENT) == (
        "The tier went from silver to gold. The scores alone would have left the customer at silver. "
        "The new plan's cuts moved it to gold."
    )
    assert text(path, later=LENIENT, language="zh") == (
        "客户等级由银牌变为金牌。仅看分数的变化，客户应仍为银牌。新方案的门槛将其调整为金牌。"
    )


def test_scores_and_plan_that_undo_each_other_are_both_told() -> None:
    assert text([250.0, 250.0, 250.0, 250.0, 120.0, 120.0], later=LENIENT) == (
        "The tier is gold, as before. The scores alone would have taken it from gold to silver under the old plan "
        "at the step “what the customer did”. The new plan's cuts moved it back to gold."
    )


def test_a_hand_that_set_the_tier_is_told_now_and_before() -> None:
    still = [120.0] * 6
    assert text(still, hands=(None, "diamond")) == (
        "The tier went from silver to diamond. The scores alone would have left the customer at silver. "
        "It is set by hand to diamond; the plan alone would give silver."
    )
    assert text(still, hands=("diamond", None)).endswith(
        "Before, it was set by hand to diamond; the plan alone would have given silver. "
        "The scores alone would have left the customer at silver."
    )
    assert "人工指定为钻石；仅按分级方案应为银牌。" in text(still, hands=(None, "diamond"), language="zh")


@pytest.mark.parametrize(
    ("plan", "later", "sentence"),
    [
        (None, PLAN, "The tier is silver; before, no plan gave one."),
        (PLAN, None, "There is no tier plan now; before, the tier was silver."),
    ],
)
def test_a_plan_that_is_missing_is_told(plan: Plan | None, later: Plan | None, sentence: str) -> None:
    assert text([120.0] * 6, plan, later).startswith(sentence)


@pytest.mark.parametrize(
    ("plan", "later", "hands", "sentences"),
    [
        (PLAN, LENIENT, (None, None), "The tier is gold; before, there was no customer to put into one."),
        (None, LENIENT, (None, None), "The tier is gold; before, there was no customer to put into one."),
        (PLAN, None, (None, None), "There is no tier plan now."),
        (
            PLAN,
            PLAN,
            (None, "diamond"),
            "The tier is diamond; before, there was no customer to put into one. "
            "It is set by hand to diamond; the plan alone would give silver.",
        ),
        (
            PLAN,
            PLAN,
            ("diamond", None),
            "The tier went from diamond to silver. "
            "Before, it was set by hand to diamond, with nothing of the customer on record.",
        ),
    ],
)
def test_the_tier_of_the_average_was_nobodys(
    plan: Plan | None, later: Plan | None, hands: tuple[str | None, str | None], sentences: str
) -> None:
    ends = standpoint(plan, hands[0]), standpoint(later, hands[1])
    tier = bridged([250.0, *[120.0] * 5], *ends, arrived=True)
    assert tier
    assert tier.text == sentences


def test_without_plans_and_hands_there_is_no_tier() -> None:
    assert bridged([1.0] * 6, standpoint(None), standpoint(None)) is None


@given(values, plans, plans, hands, hands)
def test_what_is_said_to_have_a_part_has_one(
    path: list[float], plan: Plan, later: Plan, then: str | None, now: str | None
) -> None:
    tier = told(path, standpoint(plan, then), standpoint(later, now))
    names = [given_tier(value, plan) for value in path]
    assert tier.before == (then or names[0])
    assert tier.after == (now or given_tier(path[-1], later))
    assert (tier.by_plan_before, tier.by_scores) == (names[0], names[-1])
    assert (tier.moves[-1][1] if tier.moves else names[0]) == names[-1]
    assert ("set by hand" in tier.text) == bool(then or now)
    assert ("plan's cuts" in tier.text) == (names[-1] != given_tier(path[-1], later))
    assert not tier.is_still or tier.before == tier.after
    assert set(tier.to_dict()) == set(TierBridge.__slots__)


def test_a_tier_that_was_kept_is_told_with_what_the_plan_alone_says() -> None:
    path = ["gold"] * 4 + ["silver"] * 2
    tier = tier_bridge("c", path, "silver", (None, "gold"), standpoint(PLAN), standpoint(PLAN), "en", arrived=False)
    assert tier
    assert (tier.before, tier.after, tier.kept_after) == ("gold", "gold", "gold")
    assert tier.text.endswith("It is kept at gold for now; the plan alone would give silver, but not surely enough.")
    assert not tier.is_still
    back = tier_bridge("c", path, "silver", ("diamond", None), standpoint(PLAN), standpoint(PLAN), "zh", arrived=False)
    assert back
    assert "此前维持在钻石；仅按分级方案应为金牌。" in back.text
