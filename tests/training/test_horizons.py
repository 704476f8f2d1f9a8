from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.build import build_features
from tests.training.world import CUTOFF, a_book, histories, taught
from training.bundle import Bundle
from training.errors import TrainingError
from training.horizons import asked_of
from training.labels import TARGETS, population
from training.scores import FURTHEST_DAYS, Scores

NEAR, FAR = (20, (10, 40)), (90, (30, 150))
"""The main horizon and those beside it: learnt, and beyond a third of the history."""


@cache
def told(types: str, main: int, beside: tuple[int, ...]) -> tuple[Bundle, Scores, np.ndarray]:
    """A bundle, what it says of everybody, and who of them has bought."""
    book, world = a_book(types, main, beside), histories(types)
    trained = taught(book, world)
    features = build_features(world, [CUTOFF], trained.spec)[0]
    return trained, trained.predict(features), population(world, CUTOFF, "buyers")


CASES = pytest.mark.parametrize(("types", "horizons"), [("[]", NEAR), ('["reply"]', NEAR), ('["reply"]', FAR)])


@CASES
def test_no_score_contradicts_itself_at_another_horizon(types: str, horizons: tuple[int, tuple[int, ...]]) -> None:
    main, beside = horizons
    _, scores, buyers = told(types, main, beside)
    for target in TARGETS:
        known = scores.by_horizon[target]
        assert list(known) == sorted({main, *beside})
        table = np.array(list(known.values()))
        kept = table[:, buyers] if target == "churn" else table
        rises = np.diff(kept, axis=0) * (-1 if target == "churn" else 1)
        assert (rises >= 0).all(), target
        assert (rises > 0).mean() > 0.9, target
        assert (kept >= 0).all()
        assert target == "lifetime_value" or (kept <= 1).all()


@CASES
def test_the_main_horizon_says_what_the_score_says(types: str, horizons: tuple[int, tuple[int, ...]]) -> None:
    main, beside = horizons
    _, scores, _ = told(types, main, beside)
    for target in TARGETS:
        assert scores.by_horizon[target][main].tobytes() == getattr(scores, target).tobytes()


def test_where_any_purchase_converts_conversion_mirrors_churn_at_every_horizon() -> None:
    _, scores, buyers = told("[]", *NEAR)
    for days, churn in scores.by_horizon["churn"].items():
        assert (scores.by_horizon["conversion"][days][buyers] == 1 - churn[buyers]).all()


def test_a_horizon_beyond_a_third_of_the_history_is_called_extrapolated() -> None:
    assert told('["reply"]', *FAR)[0].degraded == ("extrapolated_horizon",)
    assert told('["reply"]', *NEAR)[0].degraded == ()
    assert told('["reply"]', NEAR[0], (150,))[0].degraded == ("extrapolated_horizon",)


@CASES
def test_who_is_likelier_than_not_to_convert_is_expected_before_the_horizon(
    types: str, horizons: tuple[int, tuple[int, ...]]
) -> None:
    _, scores, _ = told(types, horizons[0], horizons[1])
    waiting = scores.days_to_conversion
    assert waiting is not None
    assert np.nanmax(waiting) <= FURTHEST_DAYS
    for days, chance in scores.by_horizon["conversion"].items():
        assert (waiting[chance > 0.5] <= days).all()
        assert not (waiting[chance < 0.5] < days).any()


@settings(max_examples=15)
@given(rows=st.lists(st.integers(0, 219), min_size=1, max_size=12))
def test_other_horizons_and_ranges_are_the_same_bytes_alone_and_in_a_batch(rows: list[int]) -> None:
    trained, _, _ = told('["reply"]', *NEAR)
    features = build_features(histories('["reply"]'), [CUTOFF], trained.spec)[0]
    together = trained.predict(features[rows])
    for place, row in enumerate(rows):
        alone = trained.predict(features[[row]])
        for target, known in together.by_horizon.items():
            for days, scores in known.items():
                assert scores[place].tobytes() == alone.by_horizon[target][days][0].tobytes()
        for level, ends in together.ranges.items():
            assert [end[place].tobytes() for end in ends] == [end[0].tobytes() for end in alone.ranges[level]]


@pytest.mark.parametrize(("main", "beside"), [(400, ()), (20, (400,))])
def test_a_horizon_of_more_than_twice_the_history_is_refused(main: int, beside: tuple[int, ...]) -> None:
    with pytest.raises(TrainingError, match=r"400 days is more than 2 times the history .* shorten the horizons"):
        taught(a_book(horizon=main, beside=beside), histories())


def test_churn_is_also_asked_for_the_horizons_of_those_who_lean_on_it() -> None:
    assert asked_of(a_book("[]", 20, (10, 40)), "churn") == (10, 20, 40)
    assert asked_of(a_book("[]", 20, (10, 40)), "losses") == (10, 20, 40)
