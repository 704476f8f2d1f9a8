"""Which of the replayed candidates are the answer."""

from collections.abc import Sequence

from serving.next_steps.goals import ChurnGoal, TierGoal
from serving.next_steps.replay import Outcome

MOST_ANSWERS = 3


def chosen(outcomes: Sequence[Outcome], goal: TierGoal | ChurnGoal) -> list[Outcome]:
    """Up to three outcomes that reach the goal where their customer would not without; the cheapest first.

    No two answers share a role of their events: the second would be more of the same, or the same beside something
    else. `outcomes` come in the order of their cost.
    """
    answers: list[Outcome] = []
    for outcome in outcomes:
        if not brings_about(outcome, goal) or len(answers) == MOST_ANSWERS:
            continue
        if not any(answer.candidate.roles & outcome.candidate.roles for answer in answers):
            answers.append(outcome)
    return answers


def brings_about(outcome: Outcome, goal: TierGoal | ChurnGoal) -> bool:
    """Whether the goal is reached with the assumed events and would not be without them."""
    return goal.is_reached(outcome.replayed) and not goal.is_reached(outcome.without)


def nearest(outcomes: Sequence[Outcome], goal: TierGoal | ChurnGoal) -> Outcome | None:
    """The cheapest outcome of those nearest to the goal; None where nothing is nearer than doing nothing."""
    nearer = [each for each in outcomes if goal.progress(each.replayed) > goal.progress(each.without)]
    return max(nearer, key=lambda each: goal.progress(each.replayed), default=None)
