"""The one path from a history to next steps."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from data.clock import isoformat
from data.histories.histories import Histories
from data.settings.book import Book
from data.settings.next_step import default_steps
from serving.circumstances import state_of_the_plan
from serving.figures import Language, said
from serving.next_steps.answer import AssumedEvent, Finding, NextSteps, Replayed, Step, Way
from serving.next_steps.candidates import Candidate, acts_of, candidates_of
from serving.next_steps.choose import chosen, nearest
from serving.next_steps.goals import ChurnGoal, TierGoal, churn_goal, tier_goal
from serving.next_steps.habits import Habits
from serving.next_steps.practice import Practice
from serving.next_steps.replay import Outcome, Replay
from serving.next_steps.wording import NOTE, highest_text, nearest_text, never_bought_text, step_text, way_text
from serving.plan import Plan
from serving.playbook.declared import Playbook
from serving.playbook.shelf import shipped_playbook
from serving.tiers.verdict import Tier
from training.bundle import Bundle

Telling = Callable[[Outcome, Replayed, TierGoal | ChurnGoal, Bundle, Language], str]


def next_steps(
    history: Histories,
    cutoff: int,
    bundle: Bundle,
    plan: Plan | None,
    book: Book,
    practice: Practice,
    *,
    churn_below: float | None = None,
    playbook: Playbook | None = None,
    language: Language = "en",
) -> NextSteps:
    """The events that would lift one customer to the next tier, keep the highest, or bring churn below a level, as of
    `cutoff` (µs UTC).

    Pure: candidates are the book's `next_steps` (or the default ones) as far as they are feasible by the customer's
    own habits and the book's `practice` at the cutoff. Each is replayed through the features and the models at the
    end of its time limit, under the same plan, with the assumed events and without; what is reported is that score.
    `history` holds one customer; nothing in it that happened or was learnt after the cutoff is seen. `churn_below`
    is a probability; by default the level from which the `playbook` (default: the shipped `trade`)
    calls the tier's customers urgent, for whoever is above it.
    """
    known = history.known_by(cutoff)
    replay = Replay(known, cutoff, bundle, plan)
    now = replay.now()
    goals = _goals(now, replay.standing(language), churn_below, playbook or shipped_playbook())
    outcomes = replay.outcomes(_candidates(known, cutoff, book, practice)) if goals else []
    finder = _Finder(bundle, cutoff, now, outcomes, language)
    never = [finder.never_bought(churn_below)] if now.churn is None and churn_below is not None else []
    return NextSteps(
        customer_id=history.customer_ids[0],
        cutoff=isoformat(cutoff, bundle.spec.time_zone),
        currency=bundle.currency,
        now=now,
        ways=(*map(finder.way, goals), *never),
        note=said(NOTE, language),
        degraded=state_of_the_plan(plan, bundle),
        model_version=bundle.version,
        plan_version=plan.version if plan else None,
    )


def _goals(
    now: Replayed, standing: Tier | None, churn_below: float | None, playbook: Playbook
) -> list[TierGoal | ChurnGoal]:
    of_tier = tier_goal(standing) if standing else None
    return [goal for goal in (of_tier, churn_goal(now, churn_below, playbook.urgent_churn)) if goal]


def _candidates(known: Histories, cutoff: int, book: Book, practice: Practice) -> tuple[Candidate, ...]:
    steps = book.next_steps or default_steps(book.roles, practice.occurring)
    return candidates_of(acts_of(Habits(known, cutoff), steps, book.roles, practice))


@dataclass(frozen=True)
class _Finder:
    """What was replayed for one customer, put into answers."""

    bundle: Bundle
    cutoff: int
    now: Replayed
    outcomes: Sequence[Outcome]
    language: Language

    def way(self, goal: TierGoal | ChurnGoal) -> Way:
        """What was found for a goal."""
        if isinstance(goal, TierGoal) and goal.goal == "keep" and not self._is_at_stake(goal):
            return Way("tier", None, "highest_tier", (), None, 0, highest_text(goal.target, self.language))
        answers = chosen(self.outcomes, goal) if self._is_open(goal) else []
        finding = self._finding(goal, answers)
        closest = nearest(self.outcomes, goal) if finding == "none_within_reach" else None
        return Way(
            goal=goal.goal,
            target=goal.target,
            finding=finding,
            steps=tuple(self._step(answer, self._text(step_text, answer, goal)) for answer in answers),
            nearest=self._step(closest, self._text(nearest_text, closest, goal)) if closest else None,
            tried=len(self.outcomes),
            text=way_text(goal, finding, self.now, len(self.outcomes), self.bundle.currency, self.language),
        )

    def never_bought(self, below: float) -> Way:
        """For a customer who has no churn that could be brought below a level."""
        return Way("churn", below, "never_bought", (), None, 0, never_bought_text(self.language))

    def _is_open(self, goal: TierGoal | ChurnGoal) -> bool:
        """Whether there is something to bring about: a goal not reached yet, or a tier that waiting would lose."""
        return goal.goal == "keep" or not goal.is_reached(self.now)

    def _is_at_stake(self, goal: TierGoal | ChurnGoal) -> bool:
        return not all(goal.is_reached(outcome.without) for outcome in self.outcomes)

    def _finding(self, goal: TierGoal | ChurnGoal, answers: Sequence[Outcome]) -> Finding:
        if not self._is_open(goal):
            return "reached_already"
        if answers:
            return "steps"
        by_itself = goal.goal != "keep" and any(goal.is_reached(outcome.without) for outcome in self.outcomes)
        return "reached_without" if by_itself else "none_within_reach"

    def _text(self, told: Telling, outcome: Outcome, goal: TierGoal | ChurnGoal) -> str:
        return told(outcome, self.now, goal, self.bundle, self.language)

    def _step(self, outcome: Outcome, text: str) -> Step:
        candidate = outcome.candidate
        return Step(
            events=tuple(self._events(candidate)),
            within_days=candidate.within_days,
            cost=candidate.cost,
            cutoff=self._local(outcome.later),
            replayed=outcome.replayed,
            without=outcome.without,
            text=text,
        )

    def _events(self, candidate: Candidate) -> Iterator[AssumedEvent]:
        digits = self.bundle.spec.minor_digits
        following = candidate.following(self.cutoff, self.bundle.spec.time_zone)
        for act, assumed in zip(candidate.events, following, strict=True):
            yield AssumedEvent(
                type=act.step.type,
                role=act.role,
                time=self._local(assumed.time),
                lines=act.pattern.events,
                amount=None if act.minor is None else act.minor / 10.0**digits,
                like=None if act.like is None else self._local(act.like),
            )

    def _local(self, instant: int) -> str:
        return isoformat(instant, self.bundle.spec.time_zone)
