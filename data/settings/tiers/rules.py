"""Settings of the classic rule models. What the field leaves open is (ours), and may be set by the book."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from data.settings.declared import Declared
from data.settings.tiers.cuts import Pair, Percent, require_ascending

Days = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(gt=0, lt=1)]


class Rfm7(Declared):
    """The foreign-trade RFM matrix of seven classes.

    R is high up to the first of `recency_days` since the last order and low beyond the second. F (orders so far) and
    M (purchases so far) are mid from the first threshold on and high from the second; without thresholds, by terciles
    of the book's buyers (ours).
    """

    recency_days: Pair = (90.0, 365.0)
    orders: Pair | None = None
    spend: Pair | None = None

    @model_validator(mode="after")
    def _thresholds_ascend(self) -> Self:
        for name in ("recency_days", "orders", "spend"):
            require_ascending(name, getattr(self, name))
        return self


class Rfm8(Declared):
    """The eight RFM classes: each of R, F and M is high or low; without a threshold, by the median of buyers (ours)."""

    recency_days: Days | None = None
    orders: Days | None = None
    spend: Days | None = None


class Pyramid(Declared):
    """The customer pyramid: percent from the top by what was bought in the last 12 months (ours)."""

    top: Percent = 5.0
    high: Percent = 20.0
    middle: Percent = 50.0

    @model_validator(mode="after")
    def _widening(self) -> Self:
        if not self.top < self.high < self.middle:
            raise ValueError("expected top < high < middle, in percent of customers from the top")
        return self


class Matrix(Declared):
    """The B2B matrix: where current value and growth potential (currency a year) begin to be high; without a
    threshold, at the median of buyers (ours)."""

    current_value: float | None = None
    growth_potential: float | None = None


class Lifecycle(Declared):
    """The stages of a customer's life (ours): new are those with one order, known for at most `new_days`; lost are
    those without an order for more than `lost_days`; growing are those whose orders rose in the last 91 days with
    evidence of at least `rising`."""

    new_days: Days = 90.0
    lost_days: Days = 365.0
    rising: Share = 0.8
