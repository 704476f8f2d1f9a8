"""The rows of a playbook's TOML file: channels, service, tasks; every number in them is the book's to change."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from data.settings.declared import SIGNAL_NAME, Declared
from data.settings.signals import Wording
from features.spec import FEATURES
from serving.playbook.conditions import Cause, FactCause, Range, RiskCause, cause_of, require_feature
from serving.playbook.texts import require_alike
from serving.tiers.ladder import TIERS

LONGEST_DAYS = 730
Days = Annotated[int, Field(ge=1, le=LONGEST_DAYS)]
Who = Literal["everyone", "buyers", "prospects"]
Causes = tuple[Annotated[Cause, BeforeValidator(cause_of)], ...]


class Channel(Declared):
    """A way to the customer; `person` where somebody of ours is at the other end."""

    words: Wording
    person: bool


class SlaRow(Declared):
    """The service level: an answer within so many hours, the channels, what is covered."""

    response_hours: int = Field(ge=1, le=24 * 31)
    channels: tuple[str, ...] = Field(min_length=1)
    scope: Wording


class FatigueRow(Declared):
    """At most `touches` contacts of ours in `days` days."""

    touches: int = Field(ge=1)
    days: Days


class FreezeRow(Declared):
    """Shelved after `attempts` contacts within `days` days of which none was answered in `wait_days`."""

    attempts: int = Field(ge=1)
    days: Days
    wait_days: int = Field(ge=0, le=LONGEST_DAYS)


class ContentRow(Declared):
    """How deep what we send goes, and its form."""

    depth: Literal["brief", "standard", "detailed", "tailored"]
    form: Wording


class ServiceRow(Declared):
    """How the customers of a tier are served."""

    owner: str
    contact_every_days: Days
    channel: str
    sla: SlaRow
    fatigue: FatigueRow
    content: ContentRow
    freeze: FreezeRow | None = None
    urgent_churn: float | None = Field(default=None, gt=0, lt=1)


class ClassRow(Declared):
    """What differs for a class from its tier, or the class whose row it shares (`like`)."""

    like: str | None = None
    owner: str | None = None
    contact_every_days: Days | None = None
    channel: str | None = None
    sla: SlaRow | None = None
    fatigue: FatigueRow | None = None
    content: ContentRow | None = None
    freeze: FreezeRow | None = None

    @model_validator(mode="after")
    def _alike_or_own(self) -> Self:
        if self.like is not None and len(self.model_fields_set) > 1:
            raise ValueError("like takes the whole row of another class; remove it, or the other keys")
        return self

    @property
    def given(self) -> dict[str, Any]:
        """What the class has of its own."""
        return {name: getattr(self, name) for name in self.model_fields_set - {"like"}}


class Stake(Declared):
    """The money at stake: a `share` of the lifetime value, of what churn would lose, or of the value that the reason
    which called for the task moves, which is never taken for more than the share of the value."""

    of: Literal["value", "loss", "reason"] = "value"
    share: float = Field(default=0.02, gt=0, le=1)


class Task(Declared):
    """Something to do, for the customers of some tiers, or of some classes where the policy knows them."""

    name: str = Field(pattern=SIGNAL_NAME, max_length=40)
    words: Wording
    tiers: tuple[str, ...] = TIERS
    classes: tuple[str, ...] = ()
    who: Who = "everyone"
    owner: str | None = None
    channel: str | None = None
    contact: bool = True
    regular: bool = False
    within_days: Days | None = None
    because: Causes = ()
    why: Wording | None = None
    only_if: tuple[Range, ...] = ()
    instead_after: dict[str, Days] = Field(default_factory=dict)
    replaces: tuple[str, ...] = ()
    stake: Stake = Stake()

    @property
    def averts_loss(self) -> bool:
        """Whether the task is there to keep a customer who is about to leave."""
        return any(isinstance(cause, RiskCause) for cause in self.because)

    @field_validator("instead_after")
    @classmethod
    def _ages(cls, lately: dict[str, int]) -> dict[str, int]:
        for name in lately:
            if FEATURES[require_feature(name)].unit != "days":
                raise ValueError(f'"{name}" is no age; expected a feature in days such as last_meeting_age_days')
        return lately

    @model_validator(mode="after")
    def _told_in_both_languages(self) -> Self:
        for words in (self.words, self.why, *(cause.words for cause in self.because if isinstance(cause, FactCause))):
            if words is not None:
                require_alike(words)
        return self

    @model_validator(mode="after")
    def _regular_or_by_a_day(self) -> Self:
        if self.regular:
            bound = {"because", "only_if", "instead_after", "within_days", "classes", "why"} & self.model_fields_set
            if bound or self.who != "everyone" or not self.contact:
                raise ValueError(
                    "the regular contact is for everybody of its tiers; its day follows from contact_every_days; "
                    "remove its conditions, classes and within_days"
                )
        elif self.within_days is None:
            raise ValueError("within_days: this key is missing")
        return self
