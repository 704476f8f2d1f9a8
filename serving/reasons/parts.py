"""What is told of a score: a base, groups that add up to the score, and in each its strongest features."""

from typing import Any, NamedTuple


class Reason(NamedTuple):
    """A feature's contribution to a score, and the sentence about it.

    `value` is the customer's, `typical` the median of the book, both in `unit` (one of `features.feature.UNITS`);
    a level of a category by its name. Null where there is none. `shown` is the contribution as it is printed,
    `fact` what was seen, `text` the fact and what it does to the score.
    """

    feature: str
    value: float | str | None
    typical: float | str | None
    unit: str
    contribution: float
    shown: str
    fact: str
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "feature": self.feature,
            "value": self.value,
            "typical": self.typical,
            "unit": self.unit,
            "contribution": self.contribution,
            "shown": self.shown,
            "fact": self.fact,
            "text": self.text,
        }


class ReasonGroup(NamedTuple):
    """What a group of features contributes to a score: its strongest `features`, and `rest` for all others.

    The contributions of `features` and `rest` add up to `contribution`; so do the figures as they are printed.
    """

    group: str
    title: str
    contribution: float
    shown: str
    text: str
    features: tuple[Reason, ...]
    rest: float
    rest_shown: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "group": self.group,
            "title": self.title,
            "contribution": self.contribution,
            "shown": self.shown,
            "text": self.text,
            "features": [reason.to_dict() for reason in self.features],
            "rest": self.rest,
            "rest_shown": self.rest_shown,
        }


class Reasons(NamedTuple):
    """How a score comes about, in `unit`: a currency (ISO 4217), or "probability".

    `base_value` is the model's own starting point. It and the contributions of all groups add up to the score, up
    to a rounding error of 1e-9 of the largest of them; as printed they add up to the last digit.
    """

    base_value: float
    base_shown: str
    score_shown: str
    unit: str
    text: str
    groups: tuple[ReasonGroup, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "base_value": self.base_value,
            "base_shown": self.base_shown,
            "score_shown": self.score_shown,
            "unit": self.unit,
            "text": self.text,
            "groups": [group.to_dict() for group in self.groups],
        }
