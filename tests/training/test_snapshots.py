import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.errors import TrainingError
from training.snapshots import DAY, plan_snapshots

FIRST = 946_684_800_000_000  # 2000-01-01 UTC

LENGTHS = st.integers(12, 2000).flatmap(
    lambda history: st.tuples(st.just(history), st.integers(1, min(2 * (history + 1), 730)))
)
"""Of a history and of a horizon that is not refused, in days."""


@given(lengths=LENGTHS)
def test_every_window_has_ended_by_the_training_cutoff(lengths: tuple[int, int]) -> None:
    history_days, horizon_days = lengths
    cutoff = FIRST + history_days * DAY
    plan = plan_snapshots(FIRST, cutoff, horizon_days, "UTC")
    assert all(FIRST < snapshot <= cutoff - plan.horizon_days * DAY for snapshot in plan.cutoffs)
    assert list(plan.cutoffs) == sorted(set(plan.cutoffs))


@given(lengths=LENGTHS)
def test_a_horizon_is_said_to_be_extrapolated_exactly_when_it_was_not_trained(lengths: tuple[int, int]) -> None:
    history_days, horizon_days = lengths
    plan = plan_snapshots(FIRST, FIRST + history_days * DAY, horizon_days, "UTC")
    assert plan.extrapolated == (plan.horizon_days != horizon_days)
    assert plan.horizon_days <= horizon_days


def test_a_history_as_long_as_the_horizon_trains_on_a_third_of_it() -> None:
    plan = plan_snapshots(FIRST, FIRST + 272 * DAY, 273, "UTC")
    ages = [(FIRST + 272 * DAY - snapshot) // DAY for snapshot in plan.cutoffs]
    assert plan.horizon_days == 91
    assert (ages[0], ages[-1], len(ages)) == (182, 91, 14)


def test_a_history_of_a_few_days_is_refused_with_what_is_missing() -> None:
    with pytest.raises(TrainingError, match="5 days long; training needs at least 12"):
        plan_snapshots(FIRST, FIRST + 4 * DAY, 30, "UTC")


@given(history_days=st.integers(12, 364))
def test_a_horizon_is_refused_exactly_from_more_than_twice_the_history_on(history_days: int) -> None:
    cutoff = FIRST + (history_days - 1) * DAY
    plan_snapshots(FIRST, cutoff, 2 * history_days, "UTC")
    with pytest.raises(TrainingError, match=f"more than 2 times the history of {history_days} days"):
        plan_snapshots(FIRST, cutoff, 2 * history_days + 1, "UTC")
