"""How indicators are judged: the table `[indicators]` of a book; every default is marked (ours).

A model never learns from it: it changes what is said of a customer, not what is predicted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from data.errors import did_you_mean, listed
from data.settings.declared import Declared

PARTS = ("loyalty", "interaction", "breadth", "payment")
"""The parts of relationship health."""


def _weight(weight: float) -> float:
    if not 0 <= weight <= 1e6:
        raise ValueError(f"expected a weight of 0 or more, such as 0.25, got {weight:g}")
    return weight


Weight = Annotated[float, AfterValidator(_weight)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=1000)]


class Health(Declared):
    """(ours) The weights of the parts of relationship health, and the scales of the parts.

    `interaction_half` is the engagement depth, `breadth_half` the number of products (of categories where no source
    tells the product), that are worth 50 of 100; `full_streak` the periods of 91 days in a row, `full_repeats` the
    orders after the first, that are as loyal as it gets; `worst_delay` the mean days late that are as bad as it gets.
    """

    loyalty: Weight = 0.35
    interaction: Weight = 0.25
    breadth: Weight = 0.15
    payment: Weight = 0.25
    full_streak: Count = 4
    full_repeats: Count = 5
    interaction_half: Positive = 10.0
    breadth_half: Positive = 10.0
    worst_delay: Positive = 30.0

    @model_validator(mode="after")
    def _something_counts(self) -> Self:
        if not any(self.weights):
            raise ValueError(f"expected a weight above 0 for one of {listed(PARTS)} at least, got 0 for all of them")
        return self

    @property
    def weights(self) -> tuple[float, ...]:
        """Those of PARTS, in their order."""
        return (self.loyalty, self.interaction, self.breadth, self.payment)


class Rising(Declared):
    """From `watch` on a number is a sign, from `alert` on a strong one; without `alert` it is never one."""

    watch: float = Field(allow_inf_nan=False)
    alert: float | None = Field(default=None, allow_inf_nan=False)

    @model_validator(mode="after")
    def _worse_upwards(self) -> Self:
        if self.alert is not None and self.alert < self.watch:
            raise ValueError(f"expected alert at or above watch ({self.watch:g}), got {self.alert:g}")
        return self


class Falling(Declared):
    """From `watch` down a number is a sign, from `alert` down a strong one; without `alert` it is never one."""

    watch: float = Field(allow_inf_nan=False)
    alert: float | None = Field(default=None, allow_inf_nan=False)

    @model_validator(mode="after")
    def _worse_downwards(self) -> Self:
        if self.alert is not None and self.alert > self.watch:
            raise ValueError(f"expected alert at or below watch ({self.watch:g}), got {self.alert:g}")
        return self


class CompetitiveThreat(Declared):
    """(ours) Interest holds while orders lag behind the customer's own habit; `least_interest` is the evidence (0 to 1)
    that interactions rose in 91 days from which interest holds."""

    fewest_orders: Count = 3
    fewest_quotes: Count = 3
    least_interest: float = Field(default=0.25, ge=0, le=1)
    overdue: Rising = Rising(watch=1.5, alert=2.5)
    orders_fall: Falling = Falling(watch=0.1, alert=0.025)
    quotes_won: Falling = Falling(watch=0.34)


class BusinessChange(Declared):
    """(ours) Order size, cadence or the mix of categories departs from the customer's own habit.

    `smaller_orders` and `larger_orders` are standard errors that the last three orders lie below or above the average;
    a rise is a change too, but no strong sign. `least_season` is the evidence (0 to 1) that orders rose against the
    same 91 days of a year ago from which a fall is the season's.
    """

    fewest_orders: Count = 5
    smaller_orders: Rising = Rising(watch=1.25, alert=1.5)
    larger_orders: Rising = Rising(watch=2.0)
    orders_fall: Falling = Falling(watch=0.05, alert=0.02)
    least_season: float = Field(default=0.25, ge=0, le=1)
    longer_gaps: Rising = Rising(watch=2.0, alert=3.0)
    shorter_gaps: Falling = Falling(watch=0.4)
    new_categories: Rising = Rising(watch=0.5)


class RelationshipWeakness(Declared):
    """(ours) Weak points of the relationship: a sign counts one, a strong one two, and their sum makes the level.

    Fewer than `fewest_signs` that can be told are no ground for a level.
    """

    fewest_signs: Count = 3
    fewest_touches: Count = 10
    watch_points: Count = 2
    alert_points: Count = 4
    contacts: Falling = Falling(watch=1)
    active_contacts: Falling = Falling(watch=0, alert=0)
    answers: Falling = Falling(watch=0.1, alert=0.02)
    interactions_fall: Falling = Falling(watch=0.05, alert=0.01)
    meeting_age: Rising = Rising(watch=180, alert=365)
    days_late: Rising = Rising(watch=30, alert=60)
    survey: Falling = Falling(watch=6, alert=3)
    tickets: Rising = Rising(watch=3, alert=5)

    @model_validator(mode="after")
    def _alert_is_more(self) -> Self:
        if self.alert_points < self.watch_points:
            expected = f"expected watch_points or more ({self.watch_points})"
            raise ValueError(f"alert_points: {expected}, got {self.alert_points}")
        return self


class Risks(Declared):
    """The rules of the risk scan. (ours) Who has ordered nothing for `longest_silence` days is lost, not at risk."""

    longest_silence: Count = 365
    competitive_threat: CompetitiveThreat = CompetitiveThreat()
    business_change: BusinessChange = BusinessChange()
    relationship_weakness: RelationshipWeakness = RelationshipWeakness()


class IndicatorSettings(Declared):
    """The table `[indicators]`: `strategic` are the profile columns that people rate from `lowest` to `highest`."""

    strategic: tuple[str, ...] = ()
    lowest: float = Field(default=1.0, allow_inf_nan=False)
    highest: float = Field(default=5.0, allow_inf_nan=False)
    health: Health = Health()
    risks: Risks = Risks()

    @model_validator(mode="after")
    def _a_scale(self) -> Self:
        if self.lowest >= self.highest:
            raise ValueError(f"highest: expected more than lowest ({self.lowest:g}), got {self.highest:g}")
        return self


def require_ratings(strategic: Sequence[str], kinds: Mapping[str, str]) -> None:
    """ValueError for a rating that is no profile column, no number, or named twice; `kinds` are the book's columns."""
    rated = [name for name, kind in kinds.items() if kind == "number"]
    for place, name in enumerate(strategic):
        where = f"indicators.strategic[{place}]"
        if name not in kinds:
            known = f"expected a profile column with numbers ({listed(rated) if rated else 'the book has none'})"
            raise ValueError(f'{where}: {known}, got "{name}"{did_you_mean(name, rated)}')
        if name not in rated:
            raise ValueError(f'{where}: expected a column of kind "number", got "{name}" of kind "{kinds[name]}"')
        if name in strategic[:place]:
            raise ValueError(f'{where}: "{name}" is named twice')
