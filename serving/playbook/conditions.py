"""When a task is called for, as rows of a playbook's TOML file."""

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from data.errors import did_you_mean, listed
from data.settings.declared import Declared
from data.settings.signals import Wording
from features.groups import GROUPS
from features.spec import FEATURES

GROUP_NAMES = tuple(group.name for group in GROUPS)
Score = Literal["lifetime_value", "conversion", "churn"]
Direction = Literal["raises", "lowers"]


def require_feature(name: str) -> str:
    """ValueError for a name that the catalogue does not have."""
    if name not in FEATURES:
        raise ValueError(f'expected a feature of the catalogue, got "{name}"{did_you_mean(name, FEATURES)}')
    return name


class Range(Declared):
    """A feature of the catalogue between two values, both included; an unknown value lies in no range."""

    feature: str
    at_least: float | None = Field(default=None, allow_inf_nan=False)
    at_most: float | None = Field(default=None, allow_inf_nan=False)

    @field_validator("feature")
    @classmethod
    def _known(cls, name: str) -> str:
        return require_feature(name)

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.feature and self.at_least is None and self.at_most is None:
            raise ValueError("expected at_least, at_most or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"expected at_least <= at_most, got {self.at_least:g} and {self.at_most:g}")
        return self


class FactCause(Range):
    """Something seen of the customer, and how it is told; the words may name features in braces."""

    words: Wording


class GroupCause(Declared):
    """One of the strongest groups of reasons of a score, which raises or lowers it."""

    group: str
    direction: Direction
    score: Score = "lifetime_value"

    @field_validator("group")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in GROUP_NAMES:
            expected = f"expected one of {listed(GROUP_NAMES)}"
            raise ValueError(f'{expected}, got "{name}"{did_you_mean(name, GROUP_NAMES)}')
        return name


class RiskCause(Declared):
    """A churn from the tier's `urgent_churn` on."""

    risk: Literal["churn"]


Cause = RiskCause | GroupCause | FactCause
KINDS: dict[str, type[Declared]] = {"risk": RiskCause, "group": GroupCause, "feature": FactCause}


def cause_of(values: Any) -> Any:
    """The cause that a table declares, by the key that tells its kind."""
    if not isinstance(values, dict):
        return values
    kinds = [kind for key, kind in KINDS.items() if key in values]
    if len(kinds) != 1:
        raise ValueError(f"expected a table with one of {listed(KINDS)}")
    return kinds[0].model_validate(values)
