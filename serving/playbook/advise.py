"""From a tier, the strongest reasons and what was done lately to actions, ranked by money at stake × urgency."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from features.feature import Words
from serving.figures import Language, figure, said
from serving.playbook.answer import Action, Service
from serving.playbook.case import Case
from serving.playbook.causes import Called
from serving.playbook.declared import Playbook
from serving.playbook.desk import Desk, Reading, ReadyTask, desk_of
from serving.playbook.hold import BUT_RETENTION, Hold, hold_of
from serving.playbook.urgency import SOONEST_DAYS, at_stake, days_to_regular_contact, urgency

ADVISERS_KEPT = 8

LAST_CONTACT = Words("last contact {age} ago, every {every} days", "上次联系在 {age}前，每 {every} 天一次")
CONTACT_TODAY = Words("last contact today, every {every} days", "今天已联系，每 {every} 天一次")
NO_CONTACT = Words("no contact of ours on record, every {every} days", "无我方联系记录，每 {every} 天一次")


class Advice(NamedTuple):
    """How a customer is served, and what to do, by falling priority."""

    service: Service
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A task that is called for, with what it is worth doing now."""

    ready: ReadyTask
    called: Called
    due_in_days: int
    urgency: float
    priority: float


@dataclass(frozen=True)
class Adviser:
    """A playbook read with one spec, currency and language; desks are made ready when they are first asked."""

    playbook: Playbook
    reading: Reading
    desks: dict[tuple[str, str | None, bool], Desk] = field(default_factory=dict)

    def advise(self, case: Case) -> Advice:
        """Service and actions of one customer: at least one action, and the same for the same case."""
        desk, language = self._desk(case), self.reading.language
        hold = hold_of(desk.row, case.contacts, language)
        chosen = _within_room(self._ranked(desk, case, hold), hold.room)[: self.playbook.most_actions]
        note = hold.note
        if note and any(weighed.ready.task.contact for weighed in chosen):
            note += said(BUT_RETENTION, language)
        actions = [self._action(weighed, case) for weighed in chosen]
        if note:
            actions.append(Action(hold.name, desk.row.owner, None, note, owner_title=desk.owner_title))
        return Advice(desk.service(hold.fatigue, frozen=hold.frozen), tuple(actions))

    def _desk(self, case: Case) -> Desk:
        key = (case.tier, case.customer_class, case.churn is not None)
        desk = self.desks.get(key)
        if desk is None:
            desk = self.desks[key] = desk_of(self.playbook, *key, self.reading)
        return desk

    def _ranked(self, desk: Desk, case: Case, hold: Hold) -> list[Weighed]:
        """The tasks that are called for and neither held back nor replaced, the most urgent money first."""
        standing: list[Weighed] = []
        replaced: set[str] = set()
        for ready in desk.tasks:
            if ready.task.name in replaced or not _may(ready, hold):
                continue
            called = ready.called(case)
            if called:
                standing.append(self._weighed(ready, called, desk, case))
                replaced.update(ready.task.replaces)
        left = [weighed for weighed in standing if weighed.ready.task.name not in replaced]
        return sorted(left, key=lambda weighed: (-weighed.priority, -weighed.urgency, weighed.ready.order))

    def _weighed(self, ready: ReadyTask, called: Called, desk: Desk, case: Case) -> Weighed:
        task, due = ready.task, ready.task.within_days
        if due is None:
            due = days_to_regular_contact(desk.row.contact_every_days, case.contacts.last_contact_age)
        pressing = urgency(due, self.playbook.urgency_half_life_days)
        money = at_stake(task.stake, case.value, case.churn, called.moved)
        return Weighed(ready, called, due, pressing, money * pressing)

    def _action(self, weighed: Weighed, case: Case) -> Action:
        ready, task = weighed.ready, weighed.ready.task
        return Action(
            name=task.name,
            owner=ready.owner,
            within_days=max(SOONEST_DAYS, weighed.due_in_days) if task.regular else weighed.due_in_days,
            text=ready.text.told(case),
            priority=weighed.priority,
            because=self._since(case) if task.regular else weighed.called.because,
            channel=ready.channel,
            owner_title=ready.owner_title,
            channel_title=ready.channel_title,
        )

    def _since(self, case: Case) -> str:
        """Why the regular contact is due when it is."""
        age, language = case.contacts.last_contact_age, self.reading.language
        every = self._desk(case).row.contact_every_days
        if not age:
            return said(NO_CONTACT if age is None else CONTACT_TODAY, language).format(every=every)
        told = figure(float(age), "days", self.reading.currency, language)
        return said(LAST_CONTACT, language).format(age=told, every=every)


def adviser_of(playbook: Playbook, features: Sequence[str], currency: str, language: Language) -> Adviser:
    """The adviser who reads customers' features in this order; the same one when asked again."""
    return _adviser(_ByVersion(playbook), tuple(features), currency, language)


@dataclass(frozen=True, eq=False)
class _ByVersion:
    """A playbook that equals another of the same version."""

    playbook: Playbook

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByVersion) and self.playbook.version == other.playbook.version

    def __hash__(self) -> int:
        return hash(self.playbook.version)


@lru_cache(maxsize=ADVISERS_KEPT)
def _adviser(key: _ByVersion, features: tuple[str, ...], currency: str, language: Language) -> Adviser:
    columns = {name: column for column, name in enumerate(features)}
    return Adviser(key.playbook, Reading(columns, currency, language))


def _may(ready: ReadyTask, hold: Hold) -> bool:
    """Whether a task is held back neither by the freeze nor by the cap; a shelved customer is left alone."""
    if ready.task.contact:
        return ready.exempt or hold.room > 0
    return not hold.frozen


def _within_room(ranked: Sequence[Weighed], room: int) -> list[Weighed]:
    """As many contacts as there is room for, the first ones; what does not reach the customer takes none."""
    kept = []
    for weighed in ranked:
        if not weighed.ready.exempt:
            room -= 1
        if weighed.ready.exempt or room >= 0:
            kept.append(weighed)
    return kept
