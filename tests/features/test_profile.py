from __future__ import annotations

import dataclasses

import numpy as np

from data.clock import instant_of
from data.histories import Histories
from features.build import build_features
from features.catalog import NAMES
from features.spec import fit_spec
from tests.features.strategies import at, histories_of, shop

PEOPLE = [
    ("a", [], {"industry": "steel", "size": 3, "since": "2020-12-31"}),
    ("b", [], {"industry": "paper"}),
    ("c", [], {}),
]
CUTOFF = instant_of(at(10))


def profile_of(histories: Histories, seen: Histories | None = None, known_at: int = CUTOFF) -> np.ndarray:
    """industry, size and since of each customer; the levels are those of `seen`."""
    spec = fit_spec(shop(), seen or histories)
    return build_features(histories, [CUTOFF], spec, [known_at])[0, :, len(NAMES) :]


def test_categories_are_codes_numbers_are_themselves_and_dates_are_ages() -> None:
    table = profile_of(histories_of(PEOPLE))
    assert {table[0, 0], table[1, 0]} == {0.0, 1.0}
    assert table[0, 1] == 3.0
    # midnight in Berlin is 23:00 of the day before in UTC
    assert table[0, 2] == 11 + 1 / 24
    assert np.isnan(table[2]).all()


def test_a_level_never_seen_in_fitting_is_missing() -> None:
    seen = histories_of(PEOPLE[:1])
    assert profile_of(histories_of(PEOPLE), seen)[:2, 0].tolist()[0] == 0.0
    assert np.isnan(profile_of(histories_of(PEOPLE), seen)[1, 0])


def test_a_value_is_missing_until_it_is_known() -> None:
    histories = histories_of(PEOPLE)
    known = {name: np.full(3, CUTOFF + 5, np.int64) for name in histories.profile_known}
    later = dataclasses.replace(histories, profile_known=known)
    assert np.isnan(profile_of(later)).all()
    assert np.isnan(profile_of(later, known_at=CUTOFF + 4)).all()
    expected = profile_of(histories)
    np.testing.assert_array_equal(profile_of(later, known_at=CUTOFF + 5), expected)
