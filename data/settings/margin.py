"""What is left of a purchase, and what serving a customer costs: the money settings behind a book's value."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from data.settings.declared import Declared

MOST_COST = 1e9  # of one event, in the book's currency


def _share(rate: float) -> float:
    if not -1 <= rate <= 1:
        raise ValueError(f"expected a share of the money from -1 to 1, such as 0.35, got {rate:g}")
    return rate


def _money(cost: float) -> float:
    if not 0 <= cost <= MOST_COST:
        raise ValueError(f"expected money from 0 to {MOST_COST:,.0f}, such as 25.0, got {cost:g}")
    return cost


Rate = Annotated[float, AfterValidator(_share)]
Cost = Annotated[float, AfterValidator(_money)]
Category = Annotated[str, Field(min_length=1)]


class Margin(Declared):
    """The share of purchase money that is margin: `rates` by category, `rate` for all others.

    An event that brings a margin of its own needs neither. Returns take their share back.
    """

    rate: Rate
    rates: dict[Category, Rate] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _rate_for_all_others(cls, values: Any) -> Any:
        if isinstance(values, dict) and "rate" not in values:
            raise ValueError("rate is missing: it holds for all purchases whose category has none in rates")
        return values


def require_value_settings(value: str, margin: Margin | None, *, mapped: bool, costs: bool) -> None:
    """ValueError where the settings of value contradict each other; `mapped`: a source has a column of margins."""
    if value == "margin" and margin is None and not mapped:
        raise ValueError(
            'value: "margin" needs a table [margin] with a rate, or margin = "..." in the columns of a source'
        )
    if value != "margin" and margin is not None:
        raise ValueError(f'margin: this table belongs to value = "margin", got value = "{value}"; remove one of them')
    if value == "gross" and costs:
        raise ValueError(
            'service_cost: value = "gross" counts purchases alone; set value = "net" or "margin", or remove the costs'
        )
