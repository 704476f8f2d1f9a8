"""What a task is worth doing now: money at stake times urgency. The whole score is (ours)."""

from serving.playbook.rows import Stake

FIRST_CONTACT_DAYS = 7
"""(ours) By when somebody is contacted whom we have never contacted."""

SOONEST_DAYS = 3
"""(ours) What is overdue is asked for within so many days."""


def urgency(due_in_days: float, half_life_days: float) -> float:
    """Above 0 and at most 1: 1 for what is due or overdue, half of it for each `half_life_days` that are left."""
    return float(0.5 ** (max(0.0, due_in_days) / half_life_days))


def at_stake(stake: Stake, value: float, churn: float | None, moved: float | None) -> float:
    """Money (the book's currency), never below 0.

    A share of the lifetime value `value`; of what is lost should the customer leave, value × churn; or of the value
    that a reason moves (`moved`, money, None where no reason called), which counts at most as the share of the value.
    """
    value = max(0.0, value)
    if stake.of == "loss":
        return stake.share * value * (churn or 0.0)
    if stake.of == "reason" and moved is not None:
        return min(abs(moved), stake.share * value)
    return stake.share * value


def days_to_regular_contact(every_days: int, last_contact_age: int | None) -> int:
    """Days until the regular contact is due, negative where it is overdue."""
    return min(FIRST_CONTACT_DAYS, every_days) if last_contact_age is None else every_days - last_contact_age
