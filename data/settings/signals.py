"""Purchase signals: combinations of events that a book watches for, as rows of its TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, TypeAdapter, field_validator, model_validator

from data.errors import did_you_mean, listed
from data.events import ROLES
from data.settings.declared import SIGNAL_NAME, Declared, frozen

SETS = Path(__file__).parents[1] / "signal_sets"
MOST_SIGNALS = 24
MOST_STEPS = 6
MOST_DISTINCT = 6
LONGEST_WINDOW = 3650
FILTERED = ("type", "product", "category", "channel", "contact")
OF_LINES = ("product", "category")  # the lines of one order differ in these
ORDERED = ("purchase", "return")
SetName = Literal["none", "trade", "retail"]
Texts = tuple[str, ...]


class Wording(Declared):
    """What the signal is called, in English and Chinese."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class Step(Declared):
    """One event of a pattern: any of `role`, with one of the texts in every column that is named."""

    role: Texts = Field(min_length=1)
    type: Texts = ()
    product: Texts = ()
    category: Texts = ()
    channel: Texts = ()
    contact: Texts = ()

    @field_validator("role", *FILTERED, mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("role")
    @classmethod
    def _known_roles(cls, roles: Texts) -> Texts:
        for role in roles:
            if role not in ROLES:
                raise ValueError(f'expected one of {listed(ROLES)}, got "{role}"{did_you_mean(role, ROLES)}')
        return roles

    @model_validator(mode="after")
    def _orders_as_a_whole(self) -> Self:
        if set(self.role) & set(ORDERED) and any(getattr(self, column) for column in OF_LINES):
            raise ValueError(
                "an order counts as a whole, and its lines differ in product and category; "
                "filter purchases and returns by type, channel or contact"
            )
        return self


class Signal(Declared):
    """A pattern of events in this order, the last at most `days` days after the first.

    With `distinct` and `least` it is instead so many different values of a column among events of one step
    within `days` days, such as several contacts of one company. Events that completed a signal once do not
    count for it again.
    """

    name: str = Field(pattern=SIGNAL_NAME, max_length=40)
    words: Wording
    pattern: tuple[Step, ...] = Field(min_length=1, max_length=MOST_STEPS)
    days: int = Field(ge=1, le=LONGEST_WINDOW)
    distinct: Literal["type", "product", "category", "channel", "contact"] | None = None
    least: int = Field(default=2, ge=2, le=MOST_DISTINCT)

    @field_validator("pattern", mode="before")
    @classmethod
    def _role_alone(cls, value: Any) -> Any:
        if not isinstance(value, tuple):
            return value
        return tuple({"role": step} if isinstance(step, str) else step for step in value)

    @model_validator(mode="after")
    def _one_step_if_distinct(self) -> Self:
        if self.distinct is not None and len(self.pattern) > 1:
            raise ValueError("distinct counts the events of one step; expected a pattern of one step")
        if self.distinct in OF_LINES and set(ORDERED) & {role for step in self.pattern for role in step.role}:
            raise ValueError(
                f"an order counts as a whole, and its lines differ in {self.distinct}; "
                "with purchases and returns, distinct counts type, channel or contact"
            )
        if self.distinct is None and "least" in self.model_fields_set:
            raise ValueError("least belongs to distinct, the column whose different values are counted")
        return self


def require_distinct_names(signals: Sequence[Signal], given: int) -> None:
    """ValueError for two signals of one name; the last `given` are the book's own."""
    names = [signal.name for signal in signals]
    for place, name in enumerate(names):
        if name in names[:place]:
            where = f"signals[{place - (len(names) - given)}].name"
            earlier = names.index(name) - (len(names) - given)
            other = f"signals[{earlier}]" if earlier >= 0 else "a signal of the signal_set"
            raise ValueError(f'{where}: expected a name of its own, got "{name}", which {other} has too')


@cache
def signal_set(name: SetName) -> tuple[Signal, ...]:
    """The signals that ship under a name."""
    if name == "none":
        return ()
    rows = tomllib.loads((SETS / f"{name}.toml").read_text(encoding="utf-8"))["signals"]
    return TypeAdapter(tuple[Signal, ...]).validate_python(frozen(rows))


def signal_of(values: Mapping[str, Any]) -> Signal:
    """The signal that was written as plain JSON values."""
    return Signal.model_validate(frozen(values))
