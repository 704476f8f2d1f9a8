import numpy as np
import pytest

from data.clock import add_days
from data.histories.inline import encode_customers
from features.build import build_features
from tests.training.world import CUTOFF, DAYS, a_book, an_event, bundle, customers, histories, taught
from training.errors import TrainingError
from training.fit import fit
from training.horizons import horizons
from training.labels import TARGETS, label, population
from training.metrics import auc, spearman
from training.tuning import Search

EARLIER = add_days(CUTOFF, -40, "UTC")


def test_the_same_data_and_seed_give_the_same_bundle() -> None:
    again = taught(a_book(), histories())
    assert again.version == bundle().version
    assert taught(a_book(), histories(), seed=1).version != again.version


def test_what_happens_after_the_cutoff_changes_nothing_in_the_bundle() -> None:
    people = [
        (name, (*events, an_event(name, DAYS + 3.0, "order", 1e6)), {"country": country})
        for name, events, country in customers()
    ]
    assert taught(a_book(), encode_customers(people, a_book())).version == bundle().version


def test_models_learn_something_that_holds_after_their_cutoff() -> None:
    trained = fit(a_book(), histories(), EARLIER, Search())
    scores = trained.predict(build_features(histories(), [EARLIER], trained.spec)[0])
    buyers = population(histories(), EARLIER, "buyers")
    money = label(histories(), EARLIER, "lifetime_value", 40, a_book())
    left = label(histories(), EARLIER, "churn", 40, a_book())
    assert spearman(money[buyers], scores.lifetime_value[buyers]) > 0.4
    assert auc(left[buyers], scores.churn[buyers]) > 0.75
    assert scores.lifetime_value[buyers].sum() == pytest.approx(money[buyers].sum(), rel=0.35)


def test_every_score_is_a_number_of_its_kind_for_every_customer() -> None:
    features = build_features(histories(), [CUTOFF], bundle().spec)[0]
    scores = bundle().predict(features)
    buyers = population(histories(), CUTOFF, "buyers")
    assert (scores.lifetime_value >= 0).all()
    assert ((scores.conversion > 0) & (scores.conversion < 1)).all()
    assert np.isnan(scores.churn).tolist() == (~buyers).tolist()
    assert ((scores.churn[buyers] > 0) & (scores.churn[buyers] < 1)).all()


def test_where_any_purchase_converts_a_buyers_conversion_is_the_mirror_of_churn() -> None:
    trained = bundle("[]")
    features = build_features(histories("[]"), [CUTOFF], trained.spec)[0]
    scores, buyers = trained.predict(features), population(histories("[]"), CUTOFF, "buyers")
    assert (scores.conversion[buyers] == 1 - scores.churn[buyers]).all()
    assert (~np.isnan(scores.conversion[~buyers])).all()


def test_a_horizon_longer_than_a_third_of_the_history_is_said_to_be_extrapolated() -> None:
    assert bundle().degraded == ()
    assert bundle(horizon=150).degraded == ("extrapolated_horizon",)
    assert horizons(a_book(horizon=150)) == dict.fromkeys(TARGETS, 150)


def test_choices_are_recorded_with_their_grounds() -> None:
    choice = bundle().choices["lifetime_value"]
    losses = dict(choice["validation_loss"])
    assert losses.pop("mix") < np.mean(list(losses.values()))
    assert (
        list(choice["mix"])
        == list(losses)
        == ["theory", "trees from 0", "trees from 0.5", "trees on the root from 0.5"]
    )
    assert min(choice["mix"].values()) >= 0
    assert sum(choice["mix"].values()) == pytest.approx(1.0)
    assert len(choice["rounds"]) == len(losses) - 1
    assert choice["level_from"] == "all snapshots"
    assert choice["snapshots"] > 1


@pytest.mark.parametrize(
    ("days_before", "message"),
    [(DAYS + 30, "no event by"), (DAYS - 60, r"customers bought by|history before the cutoff")],
)
def test_a_cutoff_with_too_little_before_it_is_refused(days_before: int, message: str) -> None:
    few = [(name, events, {"country": land}) for name, events, land in customers()[:25]]
    with pytest.raises(TrainingError, match=message):
        fit(a_book(), encode_customers(few, a_book()), add_days(CUTOFF, -days_before, "UTC"), Search())


def test_a_book_without_purchases_is_refused_with_what_to_do() -> None:
    looks = [(name, events[:1], {}) for name, events, _ in customers()]
    with pytest.raises(TrainingError, match="map a type to the role purchase"):
        fit(a_book(), encode_customers(looks, a_book()), CUTOFF, Search())


def test_where_a_purchase_is_enough_conversion_is_never_below_the_mirror_of_churn() -> None:
    types = '["order", "reply"]'
    trained = bundle(types)
    features = build_features(histories(types), [CUTOFF], trained.spec)[0]
    scores, buyers = trained.predict(features), population(histories(types), CUTOFF, "buyers")
    assert (scores.conversion[buyers] >= 1 - scores.churn[buyers]).all()
    for target, explained in trained.explain(features).items():
        assert explained.residual().max() < 1e-9, target


def test_a_conversion_without_theory_is_stretched_to_a_longer_horizon_too() -> None:
    features = build_features(histories(), [CUTOFF], bundle().spec)[0]
    assert bundle(horizon=150).predict(features).conversion.mean() > bundle().predict(features).conversion.mean() + 0.1
    assert bundle(horizon=150).cold_start["lifetime_value"] > 2 * bundle().cold_start["lifetime_value"]


def test_a_book_where_everybody_bought_once_is_refused_with_what_is_missing() -> None:
    once = [
        (name, [an_event(name, number % 90, "order", 20.0)], {}) for number, (name, _, _) in enumerate(customers()[:60])
    ]
    with pytest.raises(TrainingError, match="0 customers brought money within 40 days"):
        fit(a_book(), encode_customers(once, a_book()), CUTOFF, Search())
