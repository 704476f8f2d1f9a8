"""The laws of a bridge: it adds up, and what only one step is about moves that step alone."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clock import instant_of
from data.histories.inline import encode_customers
from serving.bridge.account import Bridge, ScoreBridge
from serving.bridge.build import bridge
from serving.bridge.steps import STEPS
from serving.errors import ServingError
from serving.figures import Language
from serving.recommend import recommend
from serving.recommendation import to_json
from tests.serving.bridge.conftest import World
from training.labels import TARGETS

LAWS = settings(max_examples=25, deadline=None)
EXACT = 1e-9
PROSPECT, BUYER = "c000", "c001"
CAUSES = re.compile(r"because|caus|due to|leads? to|因为|导致|由于", re.IGNORECASE)


people = st.lists(st.integers(0, 89), min_size=1, max_size=4, unique=True).map(sorted)
days = st.integers(0, 150)
late = st.integers(0, 60)
seeds = st.integers(0, 99)


def scores_of(told: Sequence[Bridge]) -> list[ScoreBridge]:
    return [each.scores[target] for each in told for target in TARGETS]


def differences(score: ScoreBridge) -> dict[str, float]:
    return {step.name: step.difference for step in score.steps}


def size_of(score: ScoreBridge) -> float:
    """The largest number on the way."""
    groups = [abs(group.difference) for step in score.steps for group in step.groups]
    return max([1e-3, abs(score.before or 0.0), *(abs(step.difference) for step in score.steps), *groups])


@LAWS
@given(people, days, days, late, seeds, st.booleans())
def test_steps_add_up_from_the_old_score_to_the_new_one_and_reasons_to_their_step(
    world: World, customers: list[int], then: int, now: int, late_days: int, seed: int, renewed: bool
) -> None:
    histories = world.histories(customers, late_days, seed)
    told = bridge(histories, world.at(then), world.at(now, world.newer if renewed else world.bundle))
    for score in scores_of(told):
        if score.steps:
            assert [step.name for step in score.steps] == list(STEPS)
            total = math.fsum([score.before or 0.0, *differences(score).values()])
            assert total == pytest.approx(score.after, abs=EXACT * size_of(score))
        for step in score.steps:
            reasons = math.fsum([step.base_difference, *(group.difference for group in step.groups)])
            assert reasons == pytest.approx(step.difference, abs=EXACT * size_of(score))


@LAWS
@given(people, days, st.integers(0, 40), seeds)
def test_both_ends_are_what_is_recommended_there(
    world: World, customers: list[int], then: int, late_days: int, seed: int
) -> None:
    histories = world.histories(customers, late_days, seed)
    before, after = world.at(then), world.at(0, world.newer)
    told = bridge(histories, before, after)
    for standpoint, end in ((before, "before"), (after, "after")):
        answers = recommend(histories, standpoint.cutoff, standpoint.bundle, standpoint.plan)
        for one, answer in zip(told, answers, strict=True):
            for target in TARGETS:
                assert getattr(one.scores[target], end) == getattr(answer, target).value
            assert one.tier
            assert answer.tier
            assert getattr(one.tier, end) == answer.tier.name
            assert getattr(one, end).known == ("unknown_customer" not in answer.degraded)


@LAWS
@given(people, days, late, seeds)
def test_the_same_standpoint_twice_moves_nothing_and_is_told_in_one_sentence(
    world: World, customers: list[int], now: int, late_days: int, seed: int
) -> None:
    told = bridge(world.histories(customers, late_days, seed), world.at(now), world.at(now))
    for score in scores_of(told):
        assert score.is_still
        assert all(step.groups == () and step.base_difference == 0.0 for step in score.steps)
    assert all(len(each.summary) == 1 and "Nothing changed" in each.summary[0] for each in told)


@LAWS
@given(people, days, days, late, seeds)
def test_turning_the_bridge_round_turns_the_total_round(
    world: World, customers: list[int], then: int, now: int, late_days: int, seed: int
) -> None:
    histories = world.histories(customers, late_days, seed)
    before, after = world.at(then), world.at(now, world.newer)
    there, back = bridge(histories, before, after), bridge(histories, after, before)
    for one, other in zip(scores_of(there), scores_of(back), strict=True):
        assert (one.before, one.after) == (other.after, other.before)
        if one.steps and other.steps:
            tolerance = EXACT * max(size_of(one), size_of(other))
            assert sum(differences(one).values()) == pytest.approx(-sum(differences(other).values()), abs=tolerance)


@LAWS
@given(people, days, st.integers(1, 60), seeds)
def test_what_is_only_learnt_later_moves_late_knowledge_alone(
    world: World, customers: list[int], now: int, learnt: int, seed: int
) -> None:
    histories = world.histories(customers, 60, seed)
    told = bridge(histories, world.at(now), world.at(now, learnt_days_later=learnt))
    for each in told:
        only = "late_knowledge" if each.before.known else "first_known"
        for score in each.scores.values():
            assert {name for name, moved in differences(score).items() if moved} <= {only}


@LAWS
@given(people, st.integers(0, 140), st.integers(0, 140))
def test_without_new_events_the_customer_did_nothing(world: World, customers: list[int], then: int, now: int) -> None:
    then, now = max(then, now), min(then, now)
    histories = world.histories(customers).until(world.at(then).cutoff)
    for score in scores_of(bridge(histories, world.at(then), world.at(now, world.newer))):
        assert differences(score).get("what_the_customer_did", 0.0) == 0.0


@LAWS
@given(people, days, days, late, seeds)
def test_the_same_model_is_no_new_one(
    world: World, customers: list[int], then: int, now: int, late_days: int, seed: int
) -> None:
    for score in scores_of(bridge(world.histories(customers, late_days, seed), world.at(then), world.at(now))):
        assert differences(score).get("new_model", 0.0) == 0.0


@LAWS
@given(people, days, st.floats(0.05, 20.0))
def test_a_new_plan_moves_no_score_and_is_named_where_it_moves_the_tier(
    world: World, customers: list[int], now: int, factor: float
) -> None:
    cuts = {tier: None if cut is None else cut * factor for tier, cut in world.plan.learnt["cuts"].items()}
    after = replace(world.at(now), plan=replace(world.plan, learnt={**world.plan.learnt, "cuts": cuts}))
    for each in bridge(world.histories(customers), world.at(now), after):
        assert all(score.is_still for score in each.scores.values())
        assert each.tier
        assert each.tier.by_plan_before == each.tier.by_scores
        assert (each.tier.before != each.tier.after) == ("The new plan's cuts moved it" in each.tier.text)


@LAWS
@given(people, days, days, late, seeds, st.sampled_from(["en", "zh"]))
def test_a_customer_alone_and_among_others_has_the_same_bytes(
    world: World, customers: list[int], then: int, now: int, late_days: int, seed: int, language: Language
) -> None:
    """Law 3."""
    histories = world.histories(customers, late_days, seed)
    before, after = world.at(then), world.at(now, world.newer)
    together = bridge(histories, before, after, language=language)
    for row, among in enumerate(together):
        (alone,) = bridge(histories.one(row), before, after, language=language)
        assert to_json(alone.to_dict()) == to_json(among.to_dict())


@LAWS
@given(people, days, days, late, seeds)
def test_both_languages_carry_the_same_numbers_and_claim_no_cause(
    world: World, customers: list[int], then: int, now: int, late_days: int, seed: int
) -> None:
    """Law 10."""
    histories = world.histories(customers, late_days, seed)
    ends = world.at(then), world.at(now, world.newer)
    for one, other in zip(bridge(histories, *ends), bridge(histories, *ends, language="zh"), strict=True):
        english, chinese = " ".join(one.summary), " ".join(other.summary)
        assert numbers(english) == numbers(chinese), (english, chinese)
        assert not CAUSES.search(english + chinese)
        for mine, yours in zip(texts(one), texts(other), strict=True):
            assert numbers(mine) == numbers(yours), (mine, yours)


def numbers(text: str) -> set[str]:
    return set(re.findall(r"[+−]?(?:EUR )?\d+(?:[,.]\d+)*%?", text))


def texts(told: Bridge) -> list[str]:
    groups = [group for score in told.scores.values() for step in score.steps for group in step.groups]
    return [feature.text for group in groups for feature in group.features]


def test_who_was_unknown_starts_from_the_books_averages(world: World) -> None:
    first = min(event.time for event in world.events[BUYER])
    before = replace(world.at(0), cutoff=instant_of(first) - 1, known_at=None)
    (told,) = bridge(world.histories([1]), before, world.at(0))
    value = told.scores["lifetime_value"]
    assert value.before == world.bundle.cold_start["lifetime_value"]
    assert {name for name, moved in differences(value).items() if moved} == {"first_known"}
    assert re.match(r"New since 2024-\S+ \S+: before, only the book's average \(EUR [\d.]+\) could", told.summary[0])
    assert re.match(r"The tier is \w+; before, there was no customer to put into one\.$", told.summary[1])
    assert "the scores of then are the book's averages" in told.notes[0]
    assert (told.before.known, told.after.known) == (False, True)
    assert not re.search(r"rose|fell|went|step", " ".join(told.summary))


def test_the_step_to_somebody_new_has_the_reasons_of_the_new_score(world: World) -> None:
    """Whatever the old model was, and whether the events were late or of now."""
    first = instant_of(min(event.time for event in world.events[BUYER]))
    before = replace(world.at(0), cutoff=first - 1, known_at=None)
    after = world.at(0, world.newer)
    (told,) = bridge(world.histories([1]), before, after)
    (answer,) = recommend(world.histories([1]), after.cutoff, after.bundle, after.plan)
    step = told.scores["lifetime_value"].steps[0]
    reasons = answer.reasons["lifetime_value"]
    assert reasons
    assert step.base_difference == reasons.base_value - world.bundle.cold_start["lifetime_value"]
    assert {group.group: pytest.approx(group.difference) for group in step.groups} == {
        group.group: group.contribution for group in reasons.groups
    }


def test_the_tier_of_a_score_that_lies_exactly_on_a_cut_is_the_recommended_one(world: World) -> None:
    """Of the score itself, not of the sum of its steps."""
    histories = world.histories(range(1, 40))
    for one, answer in zip(
        bridge(histories, world.at(60), world.at(0)),
        recommend(histories, world.cutoff, world.bundle, None),
        strict=True,
    ):
        cuts = {"diamond": None, "gold": answer.lifetime_value.value, "silver": 0.0}
        on_the_cut = replace(world.plan, learnt={**world.plan.learnt, "cuts": cuts})
        after = replace(world.at(0), plan=on_the_cut)
        (told,) = bridge(histories.one(histories.customer_ids.index(one.customer_id)), world.at(60), after)
        assert told.tier
        assert told.tier.after == "gold"


def test_features_that_look_the_same_are_told_only_where_no_change_is_large(world: World) -> None:
    histories = world.histories(range(90), 30)
    reweighed = 0
    for score in scores_of(bridge(histories, world.at(60), world.at(0, world.newer))):
        for step in score.steps:
            figures = [step.difference, step.base_difference, *(group.difference for group in step.groups)]
            least = 0.05 * max(map(abs, figures))
            for group in step.groups:
                same = [feature for feature in group.features if "weighs differently now" in feature.text]
                changed = [feature for feature in group.features if "→" in feature.text]
                reweighed += len(same)
                assert all(abs(feature.difference) >= least for feature in same)
                if same:
                    assert all(abs(feature.difference) < least for feature in changed)
                assert not any(feature.feature.startswith("pattern_") for feature in group.features)
    assert reweighed


def test_between_two_models_as_of_one_day_the_old_score_is_the_old_models(world: World) -> None:
    ends = world.at(0), world.at(0, world.newer)
    (english,) = bridge(world.histories([1]), *ends)
    (chinese,) = bridge(world.histories([1]), *ends, language="zh")
    assert re.search(r"(higher|lower) than by the old model: EUR \S+ instead of EUR ", " ".join(english.summary))
    assert "比旧模型给出的 EUR " in " ".join(chinese.summary)
    assert not re.search("told before|此前给出", " ".join(english.summary + chinese.summary))


def test_who_is_unknown_at_both_ends_is_said_to_be(world: World) -> None:
    strangers = encode_customers([("stranger", [], {})], world.book)
    (told,) = bridge(strangers, world.at(30), world.at(0))
    assert all(score.is_still for score in told.scores.values())
    assert re.search(r"by 2024-\d\d-\d\d or 2024-\d\d-\d\d; the scores are the book's averages", told.notes[0])


def test_who_never_bought_has_no_churn_and_who_now_did_has_one(world: World) -> None:
    (prospect,) = bridge(world.histories([0]), world.at(20), world.at(0))
    assert (prospect.scores["churn"].before, prospect.scores["churn"].after) == (None, None)
    assert prospect.scores["churn"].text == "There is no churn probability: no purchase is on record."
    bought = min(event.time for event in world.events[BUYER] if event.type == "order")
    before = replace(world.at(0), cutoff=instant_of(bought) - 1, known_at=None)
    (buyer,) = bridge(world.histories([1]), before, world.at(0))
    assert (buyer.scores["churn"].before, buyer.scores["churn"].steps) == (None, ())
    assert "before, with no purchase on record, there was none" in buyer.scores["churn"].text
    (back,) = bridge(world.histories([1]), world.at(0), before, language="zh")
    assert back.scores["churn"].text.startswith("现在没有购买记录，没有流失概率；此前为 ")


def test_a_profile_that_was_restated_counts_from_the_day_of_its_statement(world: World) -> None:
    """Its one date says when it was stated: what was stated between two cutoffs was not known late."""
    histories = world.histories([1])
    staff = histories.profile["staff"]
    restated = replace(staff, known=np.full_like(staff.known, world.at(10).cutoff))
    since = replace(histories, profile={**histories.profile, "staff": restated})
    assert len(since.until(world.at(20).cutoff).profile["staff"].values) == 0
    assert len(since.until(world.at(20).cutoff, world.at(5).cutoff).profile["staff"].values) == 1
    (told,) = bridge(since, world.at(20), world.at(0))
    assert all(differences(score)["late_knowledge"] == 0.0 for score in told.scores.values() if score.steps)


def test_models_of_other_settings_have_no_bridge(world: World) -> None:
    with pytest.raises(ServingError, match="answer different questions"):
        bridge(world.histories([1]), world.at(9), world.at(0, replace(world.bundle, settings="other")))


def test_a_bridge_is_plain_values_for_whoever_shows_it(world: World) -> None:
    (told,) = bridge(world.histories([1]), world.at(30), world.at(0, world.newer))
    plain = told.to_dict()
    assert list(plain) == ["customer_id", "before", "after", "scores", "tier", "summary", "notes"]
    assert list(plain["scores"]) == list(TARGETS)
    step = plain["scores"]["lifetime_value"]["steps"][3]
    assert step.keys() == {"name", "title", "difference", "base_difference", "groups"}
    assert step["groups"][0].keys() == {"group", "title", "difference", "features"}
    assert step["groups"][0]["features"][0].keys() == {"feature", "difference", "text"}
    assert bridge(world.histories([]), world.at(30), world.at(0)) == []
