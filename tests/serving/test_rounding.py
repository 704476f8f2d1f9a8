"""Printed parts add up to what is printed as their sum."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.rounding import apportion

PARTS = st.lists(st.floats(-1e6, 1e6) | st.floats(-1, 1) | st.sampled_from([0.0, 0.5, -0.5, 1e12, -1e12]), min_size=1)


@given(PARTS, st.integers(-(10**9), 10**9))
def test_whatever_the_total_the_parts_add_up_to_it(parts: list[float], total: int) -> None:
    assert sum(apportion(parts, total)) == total


@given(st.lists(st.integers(-(10**6), 10**6).map(lambda units: units / 8), min_size=1))
def test_of_their_own_sum_every_part_differs_by_less_than_one(parts: list[float]) -> None:
    """Eighths, so that the sum is exact; this far no part may change its sign either."""
    shown = apportion(parts, round(sum(parts)))
    assert all(abs(units - part) < 1 for units, part in zip(shown, parts, strict=True))
    assert all(units * part >= 0 for units, part in zip(shown, parts, strict=True))


@given(PARTS)
def test_whole_parts_stay_as_they_are(parts: list[float]) -> None:
    whole = [float(round(part)) for part in parts]
    assert apportion(whole, sum(map(int, whole))) == whole


def test_huge_parts_that_cancel_still_add_up() -> None:
    assert sum(apportion([1e15 + 0.25, -1e15, 0.75], 1)) == 1


def test_of_equal_remainders_the_first_are_rounded_up() -> None:
    assert apportion([0.5, 0.5, 0.5, 0.5], 2) == [1, 1, 0, 0]


def test_parts_that_cannot_hold_the_total_take_more_than_their_remainder() -> None:
    assert apportion([0.25, 0.25], 5) == [3, 2]
    assert apportion([], 0) == []
    with pytest.raises(ValueError, match="no parts"):
        apportion([], 1)
