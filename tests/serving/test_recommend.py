"""The pure path from histories to recommendations."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from data.clock import DAY, isoformat
from data.events import Event
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from data.settings.book import Book
from serving.degraded import CODES, sentence
from serving.ledger.override import Override
from serving.ledger.previous import Previous
from serving.plan import Plan
from serving.recommend import recommend
from serving.recommendation import Recommendation, to_json
from serving.tiers.ladder import TIERS
from training.bundle import Bundle
from training.explanation import Explanation
from training.labels import TARGETS

PROSPECT, BUYER = "c000", "c001"

FIELDS = [
    "customer_id",
    "lifetime_value",
    "conversion",
    "churn",
    "tier",
    "reasons",
    "indicators",
    "actions",
    "service",
    "degraded",
    "model_version",
    "plan_version",
    "playbook_version",
    "cutoff",
]


@pytest.fixture(scope="module")
def answers(histories: Histories, cutoff: int, bundle: Bundle, plan: Plan) -> dict[str, Recommendation]:
    return {answer.customer_id: answer for answer in recommend(histories, cutoff, bundle, plan)}


def nobody_known(book: Book) -> Histories:
    return encode_customers([("stranger", [], {})], book)


def test_an_answer_has_exactly_the_documented_fields(answers: dict[str, Recommendation], book: Book) -> None:
    plain = answers[BUYER].to_dict()
    assert list(plain) == FIELDS
    ends = {"low", "high", "low_80", "high_80"}
    assert plain["lifetime_value"].keys() == {"value", *ends, "currency", "horizon_days", "by_horizon"}
    assert plain["conversion"].keys() == {"value", "horizon_days", "event_types", "by_horizon", "expected_days"}
    assert plain["churn"].keys() == {"value", "horizon_days", "by_horizon"}
    assert plain["tier"].keys() == {
        *("name", "policy", "class", "why", "criteria", "next_up", "next_down", "probabilities"),
        *("by_policy", "held", "override"),
    }
    assert list(plain["reasons"]) == list(TARGETS)
    assert json.loads(to_json(plain)) == plain


def test_scores_are_those_of_the_bundle_to_the_last_digit(
    answers: dict[str, Recommendation], histories: Histories, cutoff: int, bundle: Bundle
) -> None:
    from features.build import build_features

    scores = bundle.predict(build_features(histories, [cutoff], bundle.spec)[0])
    for row, customer in enumerate(histories.customer_ids):
        answer = answers[customer]
        assert answer.lifetime_value.value == scores.lifetime_value[row]
        assert answer.conversion.value == scores.conversion[row]
        assert answer.churn.value == scores.churn[row] or (answer.churn.value is None and np.isnan(scores.churn[row]))


def test_every_score_is_its_base_value_and_all_contributions(answers: dict[str, Recommendation]) -> None:
    """Law 5."""
    for answer in answers.values():
        for target, parts in answer.breakdowns.items():
            score = getattr(answer, target).value
            assert parts.base_value + parts.contributions.sum() == pytest.approx(score, rel=1e-9)
            assert parts.score == pytest.approx(score, rel=1e-12)


def test_reasons_add_up_to_the_score_and_their_features_to_them(answers: dict[str, Recommendation]) -> None:
    """Law 5, as whoever asks over HTTP can check it."""
    for answer in answers.values():
        plain = json.loads(to_json(answer.to_dict()))
        for target, told in plain["reasons"].items():
            if told is None:
                continue
            total = told["base_value"] + sum(group["contribution"] for group in told["groups"])
            assert total == pytest.approx(plain[target]["value"], rel=1e-9)
            for group in told["groups"]:
                parts = [feature["contribution"] for feature in group["features"]]
                assert sum(parts) + group["rest"] == pytest.approx(group["contribution"], rel=1e-9, abs=1e-12)


def test_reasons_are_parts_of_the_whole_explanation(answers: dict[str, Recommendation]) -> None:
    for answer in answers.values():
        for target, told in answer.reasons.items():
            assert (told is None) == (target not in answer.breakdowns)
            if told is None:
                continue
            parts = answer.breakdowns[target]
            assert told.unit == parts.unit == ("EUR" if target == "lifetime_value" else "probability")
            assert told.base_value == parts.base_value
            for reason in (reason for group in told.groups for reason in group.features):
                assert reason.contribution == parts.contributions[parts.features.index(reason.feature)]


def test_reasons_that_miss_their_score_are_not_passed_off_as_exact(
    histories: Histories, cutoff: int, bundle: Bundle, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = bundle.explain

    def off(_: Bundle, features: np.ndarray) -> dict[str, Explanation]:
        return {
            target: replace(found, base_value=found.base_value * 1.001) for target, found in exact(features).items()
        }

    (whole,) = recommend(histories.one(1), cutoff, bundle, plan)
    monkeypatch.setattr(Bundle, "explain", off)
    (answer,) = recommend(histories.one(1), cutoff, bundle, plan)
    assert "reasons_inexact" not in whole.degraded
    assert "reasons_inexact" in answer.degraded


def test_a_customer_alone_gets_the_same_bytes_as_among_others(
    answers: dict[str, Recommendation], histories: Histories, cutoff: int, bundle: Bundle, plan: Plan
) -> None:
    """Law 8, as far as Python goes."""
    for row in range(0, len(histories), 7):
        (alone,) = recommend(histories.one(row), cutoff, bundle, plan)
        assert to_json(alone.to_dict()) == to_json(answers[alone.customer_id].to_dict())


def test_what_happens_after_the_cutoff_changes_nothing(
    shop_events: dict[str, list[Event]], book: Book, cutoff: int, bundle: Bundle, plan: Plan
) -> None:
    later = datetime.fromtimestamp(cutoff / 1e6, UTC) + timedelta(days=1)
    events = shop_events[BUYER]
    posted_late = replace(events[0], known_time=later, order_id="late")
    for extra in ([], [Event(BUYER, later, "order", amount=900.0)], [posted_late]):
        histories = encode_customers([(BUYER, [*events, *extra], {})], book)
        (answer,) = recommend(histories, cutoff, bundle, plan)
        if not extra:
            first = answer
        assert answer.to_dict() == first.to_dict()


def test_somebody_unknown_gets_the_books_averages_and_is_told_so(
    book: Book, cutoff: int, bundle: Bundle, plan: Plan
) -> None:
    (answer,) = recommend(nobody_known(book), cutoff, bundle, plan)
    assert answer.degraded == ("unknown_customer",)
    assert answer.lifetime_value.value == bundle.cold_start["lifetime_value"]
    assert answer.churn.value is None
    assert answer.conversion.value is not None
    assert answer.reasons == dict.fromkeys(TARGETS)
    assert answer.breakdowns == {}
    assert answer.tier is not None
    assert answer.tier.why.startswith("No event of this customer is on record")


def test_a_profile_without_events_is_not_said_to_be_nothing(
    book: Book, cutoff: int, bundle: Bundle, plan: Plan
) -> None:
    (answer,) = recommend(encode_customers([("new", [], {"staff": 12})], book), cutoff, bundle, plan)
    assert answer.degraded == ("unknown_customer",)
    assert answer.tier is not None
    assert answer.tier.why.startswith("No event of this customer is on record by the cutoff;")


def test_a_cutoff_after_the_records_is_named(histories: Histories, cutoff: int, bundle: Bundle, plan: Plan) -> None:
    for until, code in ((cutoff, ()), (cutoff - 1, ("records_end_earlier",))):
        (answer,) = recommend(histories.one(1), cutoff, bundle, plan, recorded_until=until)
        assert answer.degraded == code


def test_events_that_all_lie_after_the_cutoff_make_nobody_known(
    shop_events: dict[str, list[Event]], book: Book, cutoff: int, bundle: Bundle, plan: Plan
) -> None:
    histories = encode_customers([(BUYER, shop_events[BUYER], {})], book)
    early = int(histories.time.min()) - 1
    (answer,) = recommend(histories, early, bundle, plan)
    assert answer.degraded == ("unknown_customer", "trained_later")


def test_a_customer_who_never_bought_has_no_churn(answers: dict[str, Recommendation]) -> None:
    answer = answers[PROSPECT]
    assert answer.churn.value is None
    assert answer.reasons["churn"] is None
    assert answer.reasons["lifetime_value"]
    assert answer.degraded == ("no_purchase_yet",)
    assert "first_order" in answer.actions[0].name


def test_without_a_plan_there_is_no_tier(histories: Histories, cutoff: int, bundle: Bundle) -> None:
    (answer,) = recommend(histories.one(1), cutoff, bundle, None)
    assert answer.tier is None
    assert answer.plan_version is None
    assert answer.actions == ()
    assert answer.degraded == ("no_plan",)


def test_a_plan_of_another_model_is_named(histories: Histories, cutoff: int, bundle: Bundle, plan: Plan) -> None:
    (answer,) = recommend(histories.one(1), cutoff, bundle, replace(plan, model_version="other"))
    assert answer.degraded == ("other_plan",)


@pytest.mark.parametrize(("days", "code"), [(-7, ("trained_later",)), (0, ()), (28, ()), (30, ("stale_model",))])
def test_a_model_that_knows_too_much_or_too_little_is_named(
    histories: Histories, cutoff: int, bundle: Bundle, plan: Plan, days: int, code: tuple[str, ...]
) -> None:
    (answer,) = recommend(histories.one(1), cutoff + days * DAY, bundle, plan)
    assert answer.degraded == code
    assert answer.cutoff == isoformat(cutoff + days * DAY, "Europe/Berlin")


def test_what_the_bundle_says_of_itself_is_passed_on(
    histories: Histories, cutoff: int, bundle: Bundle, plan: Plan
) -> None:
    stretched = replace(bundle, degraded=("extrapolated_horizon",))
    (answer,) = recommend(histories.one(1), cutoff, stretched, replace(plan, model_version=stretched.version))
    assert answer.degraded == ("extrapolated_horizon",)


def test_both_languages_give_the_same_answer_in_other_words(
    histories: Histories, cutoff: int, bundle: Bundle, plan: Plan
) -> None:
    english, chinese = (recommend(histories, cutoff, bundle, plan, language=to) for to in ("en", "zh"))
    for one, other in zip(english, chinese, strict=True):
        assert without_texts(one.to_dict()) == without_texts(other.to_dict())


WORDED = (
    "text",
    "why",
    "title",
    "fact",
    "shown",
    "base_shown",
    "score_shown",
    "rest_shown",
    "because",
    "scope",
    "form",
)


def without_texts(plain: object) -> object:
    if isinstance(plain, dict):
        kept = {key: value for key, value in plain.items() if key not in WORDED}
        return {
            key: without_texts(value) for key, value in kept.items() if not (key == "value" and value == str(value))
        }
    return [without_texts(entry) for entry in plain] if isinstance(plain, list) else plain


def test_an_override_is_told_with_the_last_day_that_it_holds(
    histories: Histories, cutoff: int, bundle: Bundle, plan: Plan, book: Book
) -> None:
    one = histories.one(0)
    (name,) = one.customer_ids
    last = isoformat(cutoff, book.time_zone)[:10]
    hand = Override(1, name, "gold", "Li Wei", "new plant", cutoff, cutoff + 1, cutoff, 1.0, None, "m", None)
    (answer,) = recommend(one, cutoff, bundle, plan, overrides={name: hand})
    assert answer.tier
    assert answer.tier.why.startswith(f"Gold, set by Li Wei until {last}: new plant.")


def test_nobody_asked_nobody_answered(histories: Histories, cutoff: int, bundle: Bundle, plan: Plan) -> None:
    assert recommend(histories.select([]), cutoff, bundle, plan) == []


def test_every_code_has_its_sentence_in_both_languages() -> None:
    codes = [degraded.code for degraded in CODES]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert sentence(code, "en") != sentence(code, "zh") != code


def test_a_tier_that_is_kept_is_told_no_neighbour_between_it_and_what_the_policy_says(
    histories: Histories, cutoff: int, bundle: Bundle, plan: Plan
) -> None:
    doubtful = replace(plan, stability={"margin": 0.9, "return_margin": 0.9, "return_days": 0, "stay_days": 0})
    for tier in TIERS:
        before = {customer: Previous(tier, 0, None) for customer in histories.customer_ids}
        kept = [answer.tier for answer in recommend(histories, cutoff, bundle, doubtful, previous=before)]
        assert any(each and each.held for each in kept)
        for each in filter(None, kept):
            place, alone = TIERS.index(each.name), TIERS.index(each.by_policy)
            assert each.next_up is None or TIERS.index(each.next_up.name) < place <= alone
            assert each.next_down is None or TIERS.index(each.next_down.name) > place >= alone
