"""What may be assumed of a customer: feasible acts, and how they are combined."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from data.clock import DAY, add_days
from data.events import ROLES
from data.histories.histories import Histories
from data.histories.variants import Following, plain_event
from data.settings.next_step import NextStep
from serving.next_steps.habits import Habits
from serving.next_steps.practice import Practice

OURS = ("touch", "meeting")
"""(ours) The roles of what a company can do itself, for anybody; the others are the customer's own doing."""


@dataclass(frozen=True, eq=False, slots=True)
class Act:
    """An event that the customer may plausibly add: the `pattern` of its lines, `most` of them, each at this `cost`.

    `like` is the time (µs UTC) of the customer's own event that it repeats, None where it repeats none. `usual` is how
    many orders the customer makes anyway within the time limit, 0 where that is not known, is over or less than one;
    `larger` whether this one is larger than those.
    """

    step: NextStep
    role: str
    pattern: Histories
    like: int | None
    most: int
    cost: float
    usual: int = 0
    larger: bool = False

    @property
    def minor(self) -> int | None:
        """The money of its lines in minor units, None where no line has a price."""
        return int(self.pattern.amount.sum()) if self.pattern.priced.any() else None


@dataclass(frozen=True, eq=False, slots=True)
class Candidate:
    """Some acts, each with how many times it is assumed."""

    acts: tuple[tuple[Act, int], ...]

    @property
    def cost(self) -> float:
        return sum(act.cost * times for act, times in self.acts)

    @property
    def within_days(self) -> int:
        """The time limit of the acts together: the longest of theirs."""
        return max(act.step.within_days for act, _ in self.acts)

    @property
    def roles(self) -> frozenset[str]:
        """The roles of its events: two candidates that share one are variants of one another."""
        return frozenset(act.role for act, _ in self.acts)

    @property
    def events(self) -> tuple[Act, ...]:
        """Every single event, on the road from contact to purchase."""
        single = [act for act, times in self.acts for _ in range(times)]
        return tuple(sorted(single, key=lambda act: ROLES.index(act.role)))

    def following(self, cutoff: int, time_zone: str) -> tuple[Following, ...]:
        """The events after a cutoff (µs UTC), spread evenly over the days of their own time limits."""
        events = self.events
        return tuple(
            Following(act.pattern, _moment(cutoff, act.step.within_days, place / (len(events) + 1), time_zone))
            for place, act in enumerate(events, start=1)
        )


def _moment(cutoff: int, within_days: int, part: float, time_zone: str) -> int:
    """Half a day before the end of the day that lies this part of the time limit ahead: noon, for a usual cutoff."""
    day = max(1, round(within_days * part))
    return add_days(cutoff, day, time_zone) - DAY // 2


def acts_of(habits: Habits, steps: Sequence[NextStep], roles: Mapping[str, str], practice: Practice) -> tuple[Act, ...]:
    """The acts that are feasible for a customer of these habits, in the order of the steps."""
    return tuple(act for step in steps for act in _acts(habits, step, roles[step.type], practice))


def _acts(habits: Habits, step: NextStep, role: str, practice: Practice) -> Iterator[Act]:
    if role == "purchase":
        yield from _orders(habits, step, practice)
        return
    last = habits.last(step.type)
    if last is not None:
        yield Act(step, role, last, int(last.time[0]), step.times(role), step.effort(role))
    elif practice.is_common(step.type) and (role in OURS or not habits.buys):
        pattern = plain_event(habits.history, step.type, ROLES.index(role))
        yield Act(step, role, pattern, None, step.times(role), step.effort(role))


def _orders(habits: Habits, step: NextStep, practice: Practice) -> Iterator[Act]:
    """Orders of the usual and of a large size, as many as the pace allows, and one of the largest so far; a first
    order as usual in the book for whoever has none that cost anything. More money takes more effort, in proportion."""
    usual, large, largest = habits.usual_order, habits.large_order, habits.largest_order
    cost = step.effort("purchase")
    if usual is None or large is None or largest is None:
        if practice.first_order is not None:
            yield Act(step, "purchase", practice.first_order, None, 1, cost)
        return
    fitting = habits.orders_within(step.within_days)
    anyway = fitting if habits.keeps_pace else 0
    pace = min(step.times("purchase"), max(1, fitting))
    size = float(usual.amount.sum())
    reached = 0.0
    for order, most in ((usual, pace), (large, pace), (largest, 1)):
        growth = float(order.amount.sum()) / size
        if growth > reached:
            yield Act(step, "purchase", order, int(order.time[0]), most, cost * growth, anyway, order is not usual)
        reached = growth


def candidates_of(acts: Sequence[Act]) -> tuple[Candidate, ...]:
    """Single acts, each up to as often as it may be, and pairs of different roles; the cheapest first.

    The order of a pair is of the usual size.
    """
    singles = [Candidate(((act, times),)) for act in acts for times in range(1, act.most + 1)]
    usual = {act.step.type: act for act in reversed(acts)}.values()
    pairs = [
        Candidate(((one, 1), (other, 1)))
        for one, other in combinations([act for act in acts if act in usual], 2)
        if one.role != other.role
    ]
    return tuple(sorted([*singles, *pairs], key=lambda candidate: (candidate.cost, len(candidate.events))))
