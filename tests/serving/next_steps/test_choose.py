"""Which replayed candidates are told: laws over made-up outcomes."""

from hypothesis import given
from hypothesis import strategies as st

from data.histories.histories import no_histories
from data.settings.next_step import NextStep
from serving.next_steps.answer import Replayed
from serving.next_steps.candidates import Act, Candidate
from serving.next_steps.choose import brings_about, chosen, nearest
from serving.next_steps.goals import ChurnGoal
from serving.next_steps.replay import Outcome

ROLES = ("response", "meeting", "sample", "purchase")
GOAL = ChurnGoal(0.4)


def a_candidate(roles: tuple[str, ...], times: int, cost: float) -> Candidate:
    nobody = no_histories({})
    return Candidate(tuple((Act(NextStep(type=role), role, nobody, None, 3, cost), times) for role in roles))


def said(churn: float) -> Replayed:
    return Replayed(100.0, None, churn, "silver")


roles = st.lists(st.sampled_from(ROLES), min_size=1, max_size=2, unique=True).map(tuple)
candidates = st.builds(a_candidate, roles, st.integers(1, 3), st.sampled_from([1.0, 2.0, 5.0]))
churns = st.floats(0.05, 0.95)
outcomes = st.lists(st.builds(Outcome, candidates, st.just(0), churns.map(said), churns.map(said)), max_size=12).map(
    lambda some: sorted(some, key=lambda outcome: outcome.candidate.cost)
)


@given(outcomes)
def test_answers_are_the_cheapest_and_every_other_shares_a_kind_with_a_cheaper_one(some: list[Outcome]) -> None:
    answers = chosen(some, GOAL)
    assert len(answers) <= 3
    assert all(brings_about(answer, GOAL) for answer in answers)
    assert [a.candidate.cost for a in answers] == sorted(a.candidate.cost for a in answers)
    reaching = [outcome for outcome in some if brings_about(outcome, GOAL)]
    assert bool(answers) == bool(reaching)
    for outcome in reaching:
        cheaper = [answer for answer in answers if answer.candidate.cost <= outcome.candidate.cost]
        shares_one = any(answer.candidate.roles & outcome.candidate.roles for answer in cheaper)
        assert outcome in answers or shares_one or len(answers) == 3
    for place, answer in enumerate(answers):
        assert not any(other.candidate.roles & answer.candidate.roles for other in answers[:place])


@given(outcomes)
def test_the_nearest_is_nearer_than_doing_nothing_and_than_the_others(some: list[Outcome]) -> None:
    closest = nearest(some, GOAL)
    better = [outcome for outcome in some if outcome.replayed.churn < outcome.without.churn]  # type: ignore[operator]
    assert (closest is None) == (not better)
    if closest:
        assert closest.replayed.churn == min(outcome.replayed.churn for outcome in better)  # type: ignore[type-var]
