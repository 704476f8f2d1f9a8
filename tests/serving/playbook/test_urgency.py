"""Money at stake times urgency."""

from hypothesis import given
from hypothesis import strategies as st

from serving.playbook.rows import Stake
from serving.playbook.urgency import at_stake, days_to_regular_contact, urgency

DAYS = st.floats(-500, 500)
MONEY = st.floats(-1e6, 1e6)
STAKES = st.builds(Stake, of=st.sampled_from(["value", "loss", "reason"]), share=st.floats(0.01, 1))


@given(DAYS, DAYS, st.integers(1, 365))
def test_what_is_due_sooner_is_never_less_urgent(one: float, other: float, half_life: int) -> None:
    sooner, later = sorted((one, other))
    assert 0 < urgency(later, half_life) <= urgency(sooner, half_life) <= 1


def test_a_task_due_in_a_half_life_counts_half() -> None:
    assert urgency(30, 30) == 0.5
    assert urgency(-9, 30) == 1.0


@given(STAKES, MONEY, st.none() | st.floats(0, 1), st.none() | MONEY)
def test_what_is_at_stake_lies_between_nothing_and_the_share_of_the_value(
    stake: Stake, value: float, churn: float | None, moved: float | None
) -> None:
    assert 0 <= at_stake(stake, value, churn, moved) <= stake.share * max(0.0, value)


def test_somebody_never_contacted_is_contacted_within_a_week() -> None:
    assert days_to_regular_contact(60, None) == 7
    assert days_to_regular_contact(3, None) == 3
    assert days_to_regular_contact(14, 20) == -6
