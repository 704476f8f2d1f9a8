"""Settings that several policies share: cuts in percent from the top, and thresholds in the customer's own numbers."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from data.settings.declared import Declared

Percent = Annotated[float, Field(gt=0, lt=100)]
Pair = tuple[float, float]


class PercentCuts(Declared):
    """The top percent of customers that reach a tier or a higher one."""

    diamond: Percent = 5.0
    gold: Percent = 20.0
    silver: Percent = 50.0

    @model_validator(mode="after")
    def _widening(self) -> Self:
        if not self.diamond < self.gold < self.silver:
            raise ValueError("expected diamond < gold < silver, in percent of customers from the top")
        return self


def require_ascending(name: str, pair: Pair | None) -> None:
    """ValueError unless the second of two thresholds lies above the first, and none below 0."""
    if pair is not None and not 0 <= pair[0] < pair[1]:
        raise ValueError(f"{name}: expected two numbers of 0 or more, the second above the first, got {list(pair)}")
