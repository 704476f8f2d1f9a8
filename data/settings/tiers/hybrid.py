"""Settings of the hybrid classification: value times what the customer's attributes and behaviour are worth."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from data.settings.declared import Declared
from data.settings.signals import Wording
from data.settings.tiers.cuts import PercentCuts


class Factor(Declared):
    """By how much value counts more (above 1) or less (below) for a customer with an attribute.

    The attribute is a profile column with one of the `levels`, or a number (of the profile or the catalogue of
    features) that is `at_least` or `at_most` so much.
    """

    name: str = Field(min_length=1)
    words: Wording | None = None
    times: float = Field(gt=0, le=10)
    column: str | None = None
    feature: str | None = None
    levels: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _one_attribute_one_test(self) -> Self:
        if (self.column is None) == (self.feature is None):
            raise ValueError("expected either column (of the profile) or feature (of the catalogue)")
        tests = [bool(self.levels), self.at_least is not None, self.at_most is not None]
        if sum(tests) != 1:
            raise ValueError("expected one of levels, at_least and at_most")
        if self.levels and self.column is None:
            raise ValueError("levels: a feature is a number; use at_least or at_most")
        return self

    @property
    def source(self) -> str:
        """What the factor looks at."""
        return self.column or self.feature or ""

    @property
    def pulls(self) -> int:
        """1 where more of the number is better, −1 where less is, 0 for levels, which have no order."""
        if self.levels:
            return 0
        return 1 if (self.at_least is not None) == (self.times >= 1) else -1


RISING = Factor(
    name="orders rising",
    words=Wording(en="orders rising", zh="订单上升"),
    times=1.2,
    feature="orders_rise_91d",
    at_least=0.8,
)
FALLING = Factor(
    name="orders falling",
    words=Wording(en="orders falling", zh="订单下降"),
    times=0.8,
    feature="orders_rise_91d",
    at_most=0.2,
)


class Hybrid(PercentCuts):
    """Value × industry × size × behaviour: lifetime value times every factor that applies, cut in percent from the
    top. Behaviour counts by default (ours); what industry and size are worth, only the book can say."""

    factors: tuple[Factor, ...] = (RISING, FALLING)

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        names = [factor.name for factor in self.factors]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f'factors: the name "{name}" is used twice')
        for factor in self.factors:
            others = [other for other in self.factors if other.source == factor.source and other.pulls != factor.pulls]
            if others:
                raise ValueError(
                    f'factors: "{factor.name}" and "{others[0].name}" both look at {factor.source} and pull against '
                    "each other; more of it has to be better, or worse, throughout"
                )
        return self
