"""The service that a customer of a tier gets, as it is answered."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Sla:
    """What the customer may rely on: an answer within so many hours, through these channels, for this scope."""

    response_hours: int
    channels: tuple[str, ...]
    scope: str

    def to_dict(self) -> dict[str, Any]:
        return {"response_hours": self.response_hours, "channels": list(self.channels), "scope": self.scope}


@dataclass(frozen=True, slots=True)
class Fatigue:
    """At most `touches` contacts of ours in `days` days; `counted` have been made in the last so many.

    Where the cap is reached, `until` is the first local day (ISO) on which there is room for another.
    """

    touches: int
    days: int
    counted: int
    until: str | None

    def to_dict(self) -> dict[str, Any]:
        return {"touches": self.touches, "days": self.days, "counted": self.counted, "until": self.until}


@dataclass(frozen=True, slots=True)
class Content:
    """How deep what we send goes, and its form in words."""

    depth: str
    form: str

    def to_dict(self) -> dict[str, Any]:
        return {"depth": self.depth, "form": self.form}


@dataclass(frozen=True, slots=True)
class Service:
    """How a customer is served. `frozen`: shelved, no active follow-up until the customer acts."""

    sla: Sla
    contact_every_days: int
    channel: str
    fatigue: Fatigue
    owner_role: str
    content: Content
    frozen: bool
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "sla": self.sla.to_dict(),
            "contact_every_days": self.contact_every_days,
            "channel": self.channel,
            "fatigue": self.fatigue.to_dict(),
            "owner_role": self.owner_role,
            "content": self.content.to_dict(),
            "frozen": self.frozen,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Action:
    """A task for somebody (`owner`), to be done within some days; null where nothing is to be done by a day.

    `priority` is the money at stake (the book's currency) times the urgency, so that the actions of all customers
    can be sorted into one list. `channel` is null for a task that does not reach the customer. The titles are what
    people call owner and channel; they stay in Python.
    """

    name: str
    owner: str
    within_days: int | None
    text: str
    priority: float = 0.0
    because: str = ""
    channel: str | None = None
    owner_title: str = ""
    channel_title: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "owner": self.owner,
            "within_days": self.within_days,
            "text": self.text,
            "priority": self.priority,
            "because": self.because,
            "channel": self.channel,
        }
