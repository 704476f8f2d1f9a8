"""Printed figures add up to the last digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.bridge.account import ScoreBridge, Step
from serving.bridge.shown import Shown, shares
from serving.reasons.sentences import figures_of

amounts = st.floats(-1e5, 1e5) | st.sampled_from([0.0, 0.004, 0.005, -0.005, 0.0149])


def bridge_of(before: float, differences: list[float], unit: str) -> ScoreBridge:
    steps = tuple(Step("time_passing", "", difference, 0.0, ()) for difference in differences)
    return ScoreBridge(unit, 91, before, sum([before, *differences]), steps, "")


@pytest.mark.parametrize("unit", ["USD", "JPY", "KWD", "probability"])
@given(before=amounts, differences=st.lists(amounts, min_size=4, max_size=4))
def test_the_old_score_and_the_printed_steps_add_up_to_the_new_one(
    before: float, differences: list[float], unit: str
) -> None:
    target = "churn" if unit == "probability" else "lifetime_value"
    shown = Shown.of(target, bridge_of(before, differences, unit), "en")
    assert shown
    assert shown.before + sum(shown.steps) == shown.after
    for difference, share in zip(differences, shown.steps, strict=True):
        assert abs(share - difference * shown.figures.share.scale) < 2
        assert difference or not share


@given(st.lists(amounts, min_size=1), st.integers(-50, 50))
def test_nothing_stays_nothing(parts: list[float], total: int) -> None:
    told = shares(figures_of("lifetime_value", "USD", "en"), total, parts)
    assert all(share == 0 for part, share in zip(parts, told, strict=True) if not part)
    assert sum(told) == (total if any(parts) else 0)


def test_a_score_that_is_missing_is_not_shown() -> None:
    assert Shown.of("churn", ScoreBridge("probability", 91, None, 0.5, (), ""), "en") is None
