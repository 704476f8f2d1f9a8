from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from data.histories.histories import Histories
from data.histories.inline import encode_customers
from tests.training.world import CUTOFF, DAYS, START, a_book, customers, histories
from training.audit.suspects import suspects_of
from training.lesson import Lesson, prepare


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return prepare(a_book(), histories(), CUTOFF)


def with_column(lesson: Lesson, made: dict[str, np.ndarray], today: np.ndarray | None = None) -> Lesson:
    """The lesson with `profile_country` overwritten by a column of each target's rows, and of today's customers."""
    place = lesson.spec.names.index("profile_country")
    samples = {}
    for target, sample in lesson.samples.items():
        features = sample.features.copy()
        features[:, place] = made.get(target, np.nan)
        samples[target] = replace(sample, features=features, categorical=())
    now = lesson.today.copy()
    now[:, place] = np.arange(len(now)) if today is None else today
    return replace(lesson, samples=samples, today=now)


def noisy(labels: np.ndarray, flipped: float) -> np.ndarray:
    rng = np.random.default_rng(3)
    return np.where(rng.random(len(labels)) < flipped, 1 - labels, labels) + rng.normal(0, 1e-3, len(labels))


def test_an_honest_book_has_no_suspects(lesson: Lesson) -> None:
    assert suspects_of(lesson) == ()


@pytest.mark.parametrize("target", ["churn", "conversion"])
def test_a_noisy_copy_of_the_label_is_named_and_nothing_else(lesson: Lesson, target: str) -> None:
    labels = lesson.samples[target].labels
    (suspect,) = suspects_of(with_column(lesson, {target: -noisy(labels, 0.03)}))
    assert (suspect.target, suspect.feature) == (target, "profile_country")
    assert suspect.low <= suspect.figure <= suspect.high
    assert suspect.figure > 0.95 > suspect.honest_figure
    assert "pairs" in suspect.reason


def test_a_noisy_copy_of_the_money_is_named(lesson: Lesson) -> None:
    money = lesson.samples["lifetime_value"].labels
    copy = money * np.random.default_rng(0).lognormal(0, 0.1, len(money))
    (suspect,) = suspects_of(with_column(lesson, {"lifetime_value": copy}))
    assert suspect.target == "lifetime_value"
    assert suspect.figure > 0.95


def test_a_column_known_for_hardly_anybody_but_converters_is_named_with_that_reason(lesson: Lesson) -> None:
    labels, rng = lesson.samples["conversion"].labels, np.random.default_rng(1)
    share = np.where(labels > 0, 0.97, 0.02)
    column = np.where(rng.random(len(labels)) < share, rng.normal(size=len(labels)), np.nan)
    (suspect,) = suspects_of(with_column(lesson, {"conversion": column}))
    assert suspect.known_if == pytest.approx(0.97, abs=0.02)
    assert suspect.known_else == pytest.approx(0.02, abs=0.02)
    assert suspect.reason.startswith("known for 96 % of those who converted within 40 days and 2 % of the others; ")
    assert suspect.ground == "undated"
    assert "known_time" in suspect.advice


def test_a_code_without_order_is_read_by_its_levels(lesson: Lesson) -> None:
    labels, rng = lesson.samples["churn"].labels, np.random.default_rng(2)
    column = np.where(labels > 0, rng.choice([1.0, 4.0, 7.0], len(labels)), rng.choice([2.0, 5.0, 6.0], len(labels)))
    assert [suspect.target for suspect in suspects_of(with_column(lesson, {"churn": column}))] == ["churn"]


def test_constant_and_empty_columns_are_passed_over(lesson: Lesson) -> None:
    rows = {target: len(sample) for target, sample in lesson.samples.items()}
    for value in (1.0, np.nan):
        constant = with_column(lesson, {target: np.full(n, value) for target, n in rows.items()})
        assert suspects_of(constant) == ()


def test_hidden_columns_are_not_judged(lesson: Lesson) -> None:
    leaking = with_column(lesson, {"churn": noisy(lesson.samples["churn"].labels, 0.0)})
    assert suspects_of(leaking.without(["profile_country"])) == ()


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_one_class_alone_tells_nothing(lesson: Lesson, label: float) -> None:
    samples = {t: replace(sample, labels=np.full(len(sample), label)) for t, sample in lesson.samples.items()}
    assert suspects_of(replace(lesson, samples=samples)) == ()


def test_a_weaker_lead_is_a_suspect_only_where_there_is_a_ground_for_doubt(lesson: Lesson) -> None:
    labels = lesson.samples["conversion"].labels
    column = {"conversion": noisy(labels, 0.23)}
    dated = _dated(lesson)
    (suspect,) = suspects_of(with_column(lesson, column))
    assert suspect.ground == "undated"
    assert suspects_of(with_column(dated, column)) == ()
    (faded,) = suspects_of(with_column(dated, column, today=np.zeros(len(lesson.today))))
    assert faded.ground == "faded"


def _dated(lesson: Lesson) -> Lesson:
    (source,) = lesson.book.profiles
    told = source.model_copy(update={"known_from": None, "known_time": "at"})
    return replace(lesson, book=lesson.book.model_copy(update={"profiles": (told,)}))


def filled_in_after_the_fact() -> Histories:
    """Sales note the country of whoever ordered nothing in the last 60 days; when, they tell or do not."""
    people = []
    for name, events, _ in customers(600):
        orders = [event.time for event in events if event.type == "order"]
        left = orders and max(orders) < START + timedelta(days=DAYS - 60)
        people.append((name, events, {"country": "gone"} if left else {}))
    return encode_customers(people, a_book())


def test_a_profile_column_filled_in_after_the_fact_is_named_wherever_it_leaks() -> None:
    suspects = suspects_of(prepare(a_book(), filled_in_after_the_fact(), CUTOFF))
    assert {suspect.feature for suspect in suspects} == {"profile_country"}
    (churn,) = (suspect for suspect in suspects if suspect.target == "churn")
    assert churn.ground == "undated"
    assert churn.reason.startswith("known for ")
    assert "of those who never bought again by the training cutoff" in churn.reason
