"""Next steps: the events that a book's account managers may work towards, as rows of its TOML file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self

from pydantic import Field, model_validator

from data.errors import listed
from data.settings.declared import Declared
from data.settings.signals import Wording

MOST_NEXT_STEPS = 12
MOST_TIMES = 12
LONGEST_LIMIT = 365
DEFAULT_COST: dict[str, float] = {
    "touch": 1.0,
    "response": 1.0,
    "visit": 1.0,
    "content": 1.0,
    "inquiry": 2.0,
    "survey": 2.0,
    "quote": 3.0,
    "meeting": 3.0,
    "sample": 4.0,
    "purchase": 10.0,
}
"""(ours) The effort that an event of a role takes, relative to the others; the roles that a next step may have."""

ARRANGED = ("response", "content", "inquiry", "quote", "meeting", "sample", "purchase")
"""(ours) The roles of the steps of a book that names none: what an account manager can work towards."""

OFTEN = {"purchase": MOST_TIMES}
"""How many times an event of a role may be asked for where the book does not say; once for the others."""


class NextStep(Declared):
    """An event that may be the next step of a customer, at most `within_days` days ahead.

    `cost` is its effort relative to the other steps, `at_most` how many of them may be asked for together. `words`
    are nouns that fit into "If … followed" and "若有…"; `several` do so for more than one, with {count}.
    """

    type: str = Field(min_length=1)
    within_days: int = Field(default=30, ge=1, le=LONGEST_LIMIT)
    cost: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    at_most: int | None = Field(default=None, ge=1, le=MOST_TIMES)
    words: Wording | None = None
    several: Wording | None = None

    @model_validator(mode="before")
    @classmethod
    def _whole_costs(cls, values: Any) -> Any:
        """TOML tells 3 from 3.0; a cost does not."""
        if isinstance(values, dict) and type(values.get("cost")) is int:
            return {**values, "cost": float(values["cost"])}
        return values

    @model_validator(mode="after")
    def _several_are_counted(self) -> Self:
        if self.several is not None and not all("{count}" in text for text in (self.several.en, self.several.zh)):
            raise ValueError('several: expected {count} in both languages, such as "{count} meetings"')
        if self.several is not None and self.words is None:
            raise ValueError("several belongs to words, what one of them is called")
        return self

    def effort(self, role: str) -> float:
        """What one such event costs, relative to those of the other steps."""
        return DEFAULT_COST[role] if self.cost is None else self.cost

    def times(self, role: str) -> int:
        """How many of them may be asked for together."""
        return OFTEN.get(role, 1) if self.at_most is None else self.at_most


def require_next_steps(steps: Sequence[NextStep], roles: Mapping[str, str]) -> None:
    """ValueError for too many steps, two of one type, and a type whose role nobody can work towards."""
    if len(steps) > MOST_NEXT_STEPS:
        raise ValueError(f"next_steps: expected at most {MOST_NEXT_STEPS}, got {len(steps)}")
    types = [step.type for step in steps]
    for place, type_ in enumerate(types):
        if type_ in types[:place]:
            first = f"next_steps[{types.index(type_)}]"
            raise ValueError(f'next_steps[{place}].type: expected a type of its own, got "{type_}", which {first} has')
        if roles[type_] not in DEFAULT_COST:
            raise ValueError(
                f'next_steps[{place}].type: "{type_}" is a {roles[type_]}, which is no step to work towards; '
                f"expected a type with one of the roles {listed(DEFAULT_COST)}"
            )


def default_steps(roles: Mapping[str, str], occurring: Collection[str]) -> tuple[NextStep, ...]:
    """The steps of a book that names none: its types of the ARRANGED roles that occur; purchases always."""
    wanted = [type_ for type_, role in roles.items() if role in ARRANGED and (role == "purchase" or type_ in occurring)]
    return tuple(NextStep(type=type_) for type_ in sorted(wanted, key=lambda type_: ARRANGED.index(roles[type_])))
