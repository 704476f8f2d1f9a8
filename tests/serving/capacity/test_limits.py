"""Limits and gains that cannot be are refused by name."""

import numpy as np
import pytest

from serving.capacity.errors import CapacityError
from serving.capacity.limits import Limits
from serving.capacity.solve import solve

PLAIN = Limits.of_everyone([1, 2, None])


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (([1, -2, None],), "seats of tier 1 in group 0 are -2"),
        (([1.5, None],), "seats of tier 0 in group 0 are 1.5"),
        (([1, 5],), r"seats of the floor \(the last tier\) in group 0 are 5"),
        (([None],), "seats name 1 tiers; 2 to 8"),
        (([None] * 9,), "seats name 9 tiers; 2 to 8"),
        (([None] * 2, [1.0, 2.0], 9.0), r"hours of tier 1 \(2\) are more than those of the tier above \(1\)"),
        (([None] * 2, [1.0, -1.0], 9.0), "hours of tier 1 are -1.0"),
        (([None] * 2, [np.nan, 1.0], 9.0), "hours of tier 0 are nan"),
        (([None] * 2, [3.0, 2.0, 1.0], 9.0), r"shape \(3,\): give one number for each of the 2 tiers"),
        (([None] * 2, [3.0, 2.0], -9.0), "capacity_hours of group 0 are -9.0"),
        (([None] * 2, [3.0, 2.0], np.nan), "capacity_hours of group 0 are nan"),
        (([None] * 2, None, 9.0), "without the hours of each tier"),
    ],
)
def test_limits_that_cannot_be_are_refused(arguments: tuple[object, ...], text: str) -> None:
    with pytest.raises(CapacityError, match=text):
        Limits.of_everyone(*arguments)  # type: ignore[arg-type]


def test_groups_must_agree_on_their_tiers_and_number() -> None:
    with pytest.raises(CapacityError, match=r"rows of \[2, 3\] tiers"):
        Limits.of_groups([[1, None], [1, 1, None]])
    with pytest.raises(CapacityError, match="capacity_hours name 1 groups, seats 2"):
        Limits.of_groups([[1, None], [1, None]], [2.0, 1.0], [5.0])
    with pytest.raises(CapacityError, match="no group"):
        Limits.of_groups([])


def test_hours_that_cannot_hold_the_floor_are_refused() -> None:
    limits = Limits.of_groups([[None, None]] * 2, [2.0, 1.5], [9.0, 4.0])
    with pytest.raises(CapacityError, match=r"group 1: the floor alone takes 4\.5 hours \(3 customers, 1\.5 each\)"):
        solve(np.zeros((5, 2)), limits, np.array([0, 1, 1, 0, 1]))


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 1e300])
def test_gains_must_be_finite(wrong: float) -> None:
    gains = np.zeros((4, 3))
    gains[2, 1] = wrong
    with pytest.raises(CapacityError, match="the gain of customer 2 in tier 1 is"):
        solve(gains, PLAIN)


def test_gains_must_have_a_column_for_each_tier() -> None:
    with pytest.raises(CapacityError, match=r"shape \(4, 2\).*each of the 3 tiers"):
        solve(np.zeros((4, 2)), PLAIN)


@pytest.mark.parametrize(
    ("groups", "text"),
    [
        (None, "limits name 2 groups, but no customer has a group"),
        (np.array([0, 1, 2]), "customer 2 is of group 2, but limits name the groups 0 to 1"),
        (np.array([0, -1, 1]), "customer 1 is of group -1"),
        (np.array([0, 1]), r"shape \(2,\): give one whole number for each of the 3"),
        (np.array([0.0, 1.0, 1.0]), "groups are float64"),
    ],
)
def test_groups_must_be_known(groups: object, text: str) -> None:
    with pytest.raises(CapacityError, match=text):
        solve(np.zeros((3, 2)), Limits.of_groups([[1, None]] * 2), groups)  # type: ignore[arg-type]
