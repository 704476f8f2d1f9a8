from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from data.clock import instant_of
from features.build import build_features, runs
from features.decay import ONE, decay_table
from features.errors import FeatureError
from features.families.windows import HALF_LIVES
from features.spec import fit_spec
from tests.features.strategies import at, histories_of, order, shop, spec

CUTOFF = instant_of(at(10))


def test_nobody_and_no_cutoff_give_empty_tables() -> None:
    nobody = histories_of([])
    assert build_features(nobody, [CUTOFF], spec()).shape == (1, 0, len(spec().names))
    somebody = histories_of([("c", [order(0)], {})])
    assert build_features(somebody, [], spec()).shape == (0, 1, len(spec().names))


def test_a_smaller_specification_has_the_same_columns_in_its_own_order() -> None:
    histories = histories_of([("c", [order(0), order(3, 30.0)], {"size": 7})])
    whole = fit_spec(shop(), histories)
    small = dataclasses.replace(whole, columns=("spend", "orders"))
    assert small.names == ("spend", "orders", "profile_industry", "profile_size", "profile_since")
    table = build_features(histories, [CUTOFF], small)
    assert table[0, 0, :2].tolist() == [40.0, 2.0]
    assert table[0, 0, 3] == 7.0


def test_known_at_needs_one_time_for_each_cutoff() -> None:
    with pytest.raises(FeatureError, match=r"one time per cutoff \(2\), got 1"):
        build_features(histories_of([]), [CUTOFF, CUTOFF], spec(), known_at=[CUTOFF])


def test_histories_that_lack_a_column_are_refused() -> None:
    histories = histories_of([("c", [order(0)], {})])
    bare = dataclasses.replace(histories, profile={})
    with pytest.raises(FeatureError, match="industry"):
        build_features(bare, [CUTOFF], fit_spec(shop(), histories))


def test_minor_digits_are_those_of_the_currency() -> None:
    histories = histories_of([("c", [order(0, 12.34)], {})])
    assert build_features(histories, [CUTOFF], spec())[0, 0, 1] == 12.34
    yen = dataclasses.replace(spec(), minor_digits=0)
    assert build_features(histories, [CUTOFF], yen)[0, 0, 1] == 1234.0


def test_runs_cover_every_customer_once() -> None:
    for offsets in ([0], [0, 0], [0, 5, 5, 6, 100], [0, 100, 101]):
        for count in (1, 2, 5):
            ranges = list(runs(np.array(offsets, np.int64), count))
            assert [one for first, last in ranges for one in range(first, last)] == list(range(len(offsets) - 1))


def test_weights_halve_with_the_half_life_and_end_at_zero() -> None:
    table = decay_table()
    for row, half_life in zip(table, HALF_LIVES, strict=True):
        assert row[[0, half_life, 2 * half_life]].tolist() == [ONE, ONE // 2, ONE // 4]
        assert (np.diff(row) <= 0).all()
        assert row[-1] == 0
