"""A playbook made ready for the customers of one tier and class: tasks with their columns, service in words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from features.feature import Words
from serving.figures import Language, said
from serving.playbook.answer import Content, Fatigue, Service, Sla
from serving.playbook.case import Case
from serving.playbook.causes import Bounds, Called, Calling, Text, bounds_of, calling
from serving.playbook.classes import PROSPECT
from serving.playbook.declared import Playbook
from serving.playbook.rows import ServiceRow, Task
from serving.tiers.ladder import NAMES, TIERS

TOP = TIERS[:2]
"""(ours) The tiers whose retention by a person no cap and no freeze holds back."""

CONTACT = "{contact}"
"""Where in the words of a service stands how often the customer is contacted."""

PART_OF_SERVICE = Words("part of the {tier} service", "属于{tier}服务标准")
SERVICE = Words(
    "{tier} service: an answer within {hours} working hours ({channels}) on {scope}; {contact}; content: {form}.",
    "{tier}服务：{hours} 个工作小时内答复（{channels}），范围：{scope}；{contact}；内容：{form}。",
)
EVERY = Words("a contact every {every} days", "每 {every} 天联系一次")
NOT_BEFORE = Words("no contact of ours before {until}", "{until} 之前不再主动联系")
WHILE_SHELVED = Words("shelved, no active follow-up", "已转入冷藏库，不再主动跟进")
COMMA = Words(", ", "、")


@dataclass(frozen=True, slots=True)
class ReadyTask:
    """A task with everything looked up; `order` is its place in the playbook."""

    task: Task
    order: int
    owner: str
    owner_title: str
    channel: str | None
    channel_title: str
    exempt: bool
    text: Text
    causes: tuple[Calling, ...]
    only_if: tuple[Bounds, ...]
    lately: tuple[Bounds, ...]
    otherwise: str

    def called(self, case: Case) -> Called | None:
        """Why the task is called for by what is known of a customer; None where it is not."""
        features = case.features
        for column, low, high in self.only_if:
            if not low <= features[column] <= high:
                return None
        for column, low, high in self.lately:
            if low <= features[column] <= high:
                return None
        if not self.text.can_be_told(features):
            return None
        if not self.causes:
            return Called(self.otherwise, None)
        for cause in self.causes:
            called = cause(case)
            if called:
                return called
        return None


@dataclass(frozen=True, slots=True)
class Desk:
    """Those who serve the customers of a tier, of a class (None: unknown), buyers or not, in one language."""

    row: ServiceRow
    tasks: tuple[ReadyTask, ...]
    sla: Sla
    content: Content
    owner_title: str
    text: str
    language: Language

    def service(self, fatigue: Fatigue, *, frozen: bool) -> Service:
        """The service of one customer."""
        words = WHILE_SHELVED if frozen else NOT_BEFORE if fatigue.until else EVERY
        contact = said(words, self.language).format(every=self.row.contact_every_days, until=fatigue.until)
        return Service(
            sla=self.sla,
            contact_every_days=self.row.contact_every_days,
            channel=self.row.channel,
            fatigue=fatigue,
            owner_role=self.row.owner,
            content=self.content,
            frozen=frozen,
            text=self.text.replace(CONTACT, contact),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """In which currency and language a playbook is read, and where a spec's features stand."""

    columns: Mapping[str, int]
    currency: str
    language: Language


def desk_of(playbook: Playbook, tier: str, customer_class: str | None, buyer: bool, reading: Reading) -> Desk:
    """Makes the playbook ready for customers of one kind. Whoever never bought is served as a prospect."""
    row = playbook.served(tier, customer_class if buyer else PROSPECT)
    kind = playbook.kind(customer_class) if buyer else None
    tasks = tuple(
        _ready(task, order, playbook, row, tier, reading)
        for order, task in enumerate(playbook.tasks)
        if _is_for(task, tier, kind, buyer)
    )
    language = reading.language
    scope, form = _told(row.sla.scope, language), _told(row.content.form, language)
    return Desk(
        row=row,
        tasks=tasks,
        sla=Sla(row.sla.response_hours, row.sla.channels, scope),
        content=Content(row.content.depth, form),
        owner_title=_told(playbook.owners[row.owner], language),
        text=_capital(
            said(SERVICE, language).format(
                tier=said(NAMES[tier], language),
                hours=row.sla.response_hours,
                channels=_listed(playbook, row.sla.channels, language),
                scope=scope,
                contact=CONTACT,
                form=form,
            )
        ),
        language=language,
    )


def _is_for(task: Task, tier: str, kind: str | None, buyer: bool) -> bool:
    """Whether a task is for customers of this kind: by class where the task names some and theirs is known."""
    if task.who != "everyone" and (task.who == "buyers") != buyer:
        return False
    return kind in task.classes if task.classes and kind is not None else tier in task.tiers


def _ready(task: Task, order: int, playbook: Playbook, row: ServiceRow, tier: str, reading: Reading) -> ReadyTask:
    columns, currency, language = reading.columns, reading.currency, reading.language
    owner = task.owner or row.owner
    channel = task.channel or (row.channel if task.contact else None)
    why = task.why
    return ReadyTask(
        task=task,
        order=order,
        owner=owner,
        owner_title=_told(playbook.owners[owner], language),
        channel=channel,
        channel_title=_told(playbook.channels[channel].words, language) if channel else "",
        exempt=not task.contact or _is_retention_by_a_person(task, channel, tier, playbook),
        text=Text.of(task.words, columns, currency, language),
        causes=tuple(calling(cause, columns, row.urgent_churn, currency, language) for cause in task.because),
        only_if=tuple(bounds_of(wanted, columns) for wanted in task.only_if),
        lately=tuple(
            Bounds(columns[name], -math.inf, days) for name, days in task.instead_after.items() if name in columns
        ),
        otherwise=_told(why, language)
        if why
        else said(PART_OF_SERVICE, language).format(tier=said(NAMES[tier], language)),
    )


def _is_retention_by_a_person(task: Task, channel: str | None, tier: str, playbook: Playbook) -> bool:
    return task.averts_loss and tier in TOP and channel is not None and playbook.channels[channel].person


def _listed(playbook: Playbook, channels: Sequence[str], language: Language) -> str:
    return said(COMMA, language).join(_told(playbook.channels[channel].words, language) for channel in channels)


def _told(words: object, language: Language) -> str:
    return str(getattr(words, language))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
