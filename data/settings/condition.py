"""Conditions on the columns of a source, and what they decide: which rows are dropped, which type a row has."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from data.settings.declared import Declared

Operator = Literal[
    "is_missing",
    "is_present",
    "equals",
    "not_equals",
    "in",
    "not_in",
    "starts_with",
    "not_starts_with",
    "<",
    "<=",
    ">",
    ">=",
]
WITHOUT_VALUE: tuple[Operator, ...] = ("is_missing", "is_present")
NUMERIC: tuple[Operator, ...] = ("<", "<=", ">", ">=")


class Condition(Declared):
    """A test of one column of the source, on its text or (for <, <=, >, >=) on its number."""

    column: str
    op: Operator
    value: str | int | float | tuple[str | int | float, ...] | None = None

    @model_validator(mode="after")
    def _value_fits(self) -> Self:
        if (self.op in WITHOUT_VALUE) != (self.value is None):
            raise ValueError(f'"{self.op}" takes {"no value" if self.op in WITHOUT_VALUE else "a value"}')
        if (self.op in ("in", "not_in")) != isinstance(self.value, tuple):
            raise ValueError('a list as value belongs to "in" and "not_in", a single value to the others')
        if self.op in NUMERIC and not isinstance(self.value, int | float):
            raise ValueError(f'"{self.op}" compares numbers, got "{self.value}"')
        return self


Where = tuple[Condition, ...]


def _one_condition_or_several(value: Any) -> Any:
    return (value,) if isinstance(value, dict) else value


class Filter(Declared):
    """Rows that are dropped on purpose, and counted, because every condition holds."""

    name: str = Field(min_length=1)
    where: Where = Field(min_length=1)

    _several = field_validator("where", mode="before")(_one_condition_or_several)


class TypeRule(Declared):
    """The type of the rows for which every condition holds."""

    type: str = Field(min_length=1)
    where: Where = ()

    _several = field_validator("where", mode="before")(_one_condition_or_several)
