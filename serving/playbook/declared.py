"""A playbook: owners, channels, the floor of service, the service of every tier, and tasks that fit together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from data.errors import did_you_mean, listed
from data.settings.declared import Declared
from data.settings.signals import Wording
from serving.playbook.classes import CLASSES
from serving.playbook.rows import Channel, ClassRow, Days, ServiceRow, SlaRow, Task
from serving.playbook.urgency import urgency
from serving.tiers.ladder import TIERS
from training.manifest import canonical_json


class Playbook(Declared):
    """A playbook: owners, channels, the floor of service, the service of every tier, and tasks."""

    title: Wording
    most_actions: int = Field(default=5, ge=1, le=20)
    urgency_half_life_days: Days = 30
    owners: dict[str, Wording] = Field(min_length=1)
    channels: dict[str, Channel] = Field(min_length=1)
    floor: SlaRow
    service: dict[str, ServiceRow]
    classes: dict[str, ClassRow] = Field(default_factory=dict)
    tasks: tuple[Task, ...] = Field(min_length=1)

    def served(self, tier: str, customer_class: str | None) -> ServiceRow:
        """The service of a tier, with what its class has of its own."""
        row = self.classes.get(self.kind(customer_class) or "")
        return self.service[tier] if row is None else self.service[tier].model_copy(update=row.given)

    def kind(self, customer_class: str | None) -> str | None:
        """The class itself, or the one that it is like."""
        row = self.classes.get(customer_class or "")
        return customer_class if row is None or row.like is None else row.like

    @cached_property
    def version(self) -> str:
        """The first 16 hex digits of the SHA-256 of all that the playbook says."""
        return hashlib.sha256(canonical_json(self.model_dump(mode="json"))).hexdigest()[:16]

    @cached_property
    def urgent_churn(self) -> dict[str, float]:
        """By tier, the churn from which on a customer is called before anything else."""
        return {tier: row.urgent_churn for tier, row in self.service.items() if row.urgent_churn is not None}

    @model_validator(mode="after")
    def _tiers_and_classes(self) -> Self:
        _require_known("service", self.service, TIERS)
        for tier in TIERS:
            if tier not in self.service:
                raise ValueError(f"service: the tier {tier} is missing; every tier has its service")
        _require_known("classes", self.classes, CLASSES)
        for name, row in self.classes.items():
            if row.like is not None:
                _require_known(f"classes.{name}.like", (row.like,), CLASSES)
                if self.kind(row.like) != row.like:
                    raise ValueError(f"classes.{name}.like: {row.like} is like another class itself; name that one")
        return self

    @model_validator(mode="after")
    def _owners_and_channels(self) -> Self:
        for where, row in self._rows():
            self._require_parties(where, row.owner, row.channel)
            if row.sla is not None:
                _require_known(f"{where}.sla.channels", row.sla.channels, self.channels)
        _require_known("floor.channels", self.floor.channels, self.channels)
        for place, task in enumerate(self.tasks):
            self._require_parties(f"tasks[{place}]", task.owner, task.channel)
        return self

    @model_validator(mode="after")
    def _nobody_below_the_floor(self) -> Self:
        for where, row in self._rows():
            if row.sla is not None and row.sla.response_hours > self.floor.response_hours:
                raise ValueError(
                    f"{where}.sla.response_hours: the floor promises everybody {self.floor.response_hours} hours, "
                    f"got {row.sla.response_hours}"
                )
        for higher, lower in pairwise(TIERS):
            fast, slow = (self.service[tier].sla.response_hours for tier in (higher, lower))
            if fast > slow:
                raise ValueError(
                    f"service.{higher}.sla.response_hours: expected at most the {slow} hours of {lower}, got {fast}"
                )
        return self

    @model_validator(mode="after")
    def _tasks_fit(self) -> Self:
        names = [task.name for task in self.tasks]
        for place, task in enumerate(self.tasks):
            where = f"tasks[{place}]"
            if task.name in names[:place]:
                raise ValueError(f'{where}.name: expected a name of its own, got "{task.name}" once more')
            _require_known(f"{where}.tiers", task.tiers, TIERS)
            _require_known(f"{where}.classes", task.classes, CLASSES)
            _require_known(f"{where}.replaces", task.replaces, names)
            for other in self.tasks:
                if other.name in task.replaces and task.name in other.replaces:
                    raise ValueError(
                        f"{where}.replaces: {task.name} and {other.name} replace each other; keep one of the two"
                    )
        for tier in TIERS:
            if not any(task.regular and tier in task.tiers for task in self.tasks):
                raise ValueError(f"tasks: expected a task with regular = true for every tier, none for {tier}")
        return self

    @model_validator(mode="after")
    def _retention_comes_first(self) -> Self:
        for tier, churn in self.urgent_churn.items():
            least = min((churn * self._share(task) for task in self._of(tier) if task.averts_loss), default=None)
            if least is None:
                raise ValueError(f"service.{tier}.urgent_churn: no task for the tier is because of the risk churn")
            for place, task in enumerate(self.tasks):
                if (
                    tier in task.tiers
                    and not task.averts_loss
                    and task.who != "prospects"
                    and task.stake.share >= least
                ):
                    raise ValueError(
                        f"tasks[{place}].stake.share: {task.stake.share:g} of the value would come before the "
                        f"retention of {tier}, which may have as little as {least:.2g} at stake; expected less"
                    )
        return self

    def _of(self, tier: str) -> list[Task]:
        return [task for task in self.tasks if tier in task.tiers]

    def _share(self, task: Task) -> float:
        """What a task has at stake when it is due as late as it can be, of the money it is about."""
        return urgency(task.within_days or 0, self.urgency_half_life_days) * task.stake.share

    def _rows(self) -> Iterable[tuple[str, ServiceRow | ClassRow]]:
        yield from ((f"service.{tier}", row) for tier, row in self.service.items())
        yield from ((f"classes.{name}", row) for name, row in self.classes.items())

    def _require_parties(self, where: str, owner: str | None, channel: str | None) -> None:
        if owner is not None:
            _require_known(f"{where}.owner", (owner,), self.owners)
        if channel is not None:
            _require_known(f"{where}.channel", (channel,), self.channels)


def _require_known(where: str, names: Iterable[str], known: Iterable[str]) -> None:
    """ValueError for a name that is none of those."""
    allowed = list(known)
    for name in names:
        if name not in allowed:
            raise ValueError(f'{where}: expected one of {listed(allowed)}, got "{name}"{did_you_mean(name, allowed)}')
