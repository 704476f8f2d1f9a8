"""A customer's tier as it is answered; `to_dict` gives the fields that HTTP and the batch file show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that decided the tier: an input with its `value` (null where there is none), and its `grade`."""

    input: str
    title: str
    value: float | None
    unit: str
    grade: str | None
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Condition:
    """What separates from a neighbouring tier: the input would have to be `value`, which is `difference` away.

    Both are in the input's `unit`; upwards the tier begins at the value, downwards it lasts until there. The difference
    is null where the customer has no value of the input.
    """

    input: str
    title: str
    value: float
    difference: float | None
    unit: str

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbouring tier, which need not be the next name, and the conditions that together lead there.

    `regret` is the money that would be lost if the customer were served there now, net of what seats and hours are
    worth; null where a policy does not count money.
    """

    name: str
    conditions: tuple[Condition, ...]
    text: str
    regret: float | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "conditions": [condition.to_dict() for condition in self.conditions],
            "text": self.text,
            "regret": self.regret,
        }


@dataclass(frozen=True, slots=True)
class CustomerClass:
    """The class that a rule model puts a customer into, by its name and its title."""

    name: str
    title: str

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "title": self.title}


@dataclass(frozen=True, slots=True)
class SetByHand:
    """A tier that a person set: who, why, until when (local ISO times), and what the policy alone would say."""

    tier: str
    by: str
    reason: str
    starts: str
    expires: str

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Tier:
    """A customer's tier and what decided it.

    `by_policy` is what the policy says of the customer without a past and without anybody's hand; `held` tells that
    the tier is kept, for the policy is not sure enough of another one; `override` that a person set it.
    `probabilities` are those of the tiers at the next review, by what became of customers who stood a review ago as
    this one stands now; null where nobody was on record then.
    """

    name: str
    policy: str
    customer_class: CustomerClass | None
    why: str
    criteria: tuple[Criterion, ...]
    next_up: Neighbour | None
    next_down: Neighbour | None
    probabilities: Mapping[str, float] | None
    by_policy: str
    held: bool = False
    override: SetByHand | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "policy": self.policy,
            "class": self.customer_class.to_dict() if self.customer_class else None,
            "why": self.why,
            "criteria": [criterion.to_dict() for criterion in self.criteria],
            "next_up": self.next_up.to_dict() if self.next_up else None,
            "next_down": self.next_down.to_dict() if self.next_down else None,
            "probabilities": dict(self.probabilities) if self.probabilities else None,
            "by_policy": self.by_policy,
            "held": self.held,
            "override": self.override.to_dict() if self.override else None,
        }
