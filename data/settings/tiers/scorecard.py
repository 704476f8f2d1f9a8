"""Settings of the weighted scorecard: a weight for each of the fourteen indicators, and where a book keeps them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from data.errors import did_you_mean, listed
from data.settings.declared import Declared
from data.settings.tiers.cuts import PercentCuts

INDICATORS = (
    "total_purchases",
    "purchase_frequency",
    "average_order_value",
    "lifetime_value",
    "recency",
    "industry_outlook",
    "company_size",
    "inquiry_quality",
    "key_contacts",
    "years_of_cooperation",
    "loyalty",
    "payment_credit",
    "referral_willingness",
    "cultural_fit",
)
"""The fourteen indicators, in the order of their three dimensions: transactional, potential, relationship value."""

Weight = Annotated[float, Field(ge=0, le=1e6)]
EQUAL = {
    **dict.fromkeys(INDICATORS[:5], 12.0),
    **dict.fromkeys(INDICATORS[5:9], 5.0),
    **dict.fromkeys(INDICATORS[9:], 4.0),
}
"""(ours) Transactional value 60, potential value 20, relationship value 20, equal within each."""


class Rated(Declared):
    """The profile column that tells an indicator: a number, or a category whose `levels` go from low to high."""

    column: str = Field(min_length=1)
    levels: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _levels_once(self) -> Self:
        for level in self.levels:
            if self.levels.count(level) > 1:
                raise ValueError(f'levels: "{level}" is named twice')
        return self


class Scorecard(PercentCuts):
    """Weights need not add up to anything. An indicator without a weight counts nothing; one that the book lacks gets
    none, and the others are rescaled. `columns` names the profile column of an indicator that no event tells."""

    weights: dict[str, Weight] = Field(default_factory=lambda: dict(EQUAL))
    columns: dict[str, Rated] = Field(default_factory=dict)

    @field_validator("weights", "columns")
    @classmethod
    def _known_indicators(cls, given: dict[str, object]) -> dict[str, object]:
        for name in given:
            if name not in INDICATORS:
                meant = did_you_mean(name, INDICATORS)
                raise ValueError(f'unknown indicator "{name}"; expected one of {listed(INDICATORS)}{meant}')
        return given

    @model_validator(mode="after")
    def _something_counts(self) -> Self:
        if not any(self.weights.values()):
            raise ValueError("weights: expected at least one above 0")
        return self
