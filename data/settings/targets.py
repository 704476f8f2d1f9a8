"""What is predicted of every customer, and over which horizons."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from data.settings.declared import Declared

Horizons = tuple[int, ...]


class Target(Declared):
    """Horizons in days, ascending; `main` is the one that is served and judged (default: the last)."""

    horizons: Horizons = Field(default=(30, 60, 90), min_length=1)
    main: int = 0

    @model_validator(mode="before")
    @classmethod
    def _main_is_last(cls, values: Any) -> Any:
        if not isinstance(values, dict) or "main" in values:
            return values
        horizons = values.get("horizons", cls.model_fields["horizons"].default)
        return {**values, "main": horizons[-1]} if isinstance(horizons, tuple) and horizons else values

    @model_validator(mode="after")
    def _ascending_days(self) -> Self:
        if any(days < 1 for days in self.horizons) or list(self.horizons) != sorted(set(self.horizons)):
            raise ValueError(f"horizons: expected ascending days of 1 or more, got {list(self.horizons)}")
        if self.main not in self.horizons:
            raise ValueError(f"main: expected one of the horizons {list(self.horizons)}, got {self.main}")
        return self


class Conversion(Target):
    """Whether one of the named events happens; no types mean any purchase."""

    types: tuple[str, ...] = ()
    population: Literal["everyone", "buyers", "prospects"] = "everyone"


class Targets(Declared):
    lifetime_value: Target = Target(main=90)
    conversion: Conversion = Conversion(main=90)
    churn: Target = Target(main=90)
