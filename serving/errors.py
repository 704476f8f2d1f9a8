"""What can go wrong between histories and an answer."""

import re
from dataclasses import dataclass

from data.errors import TierwiseError


class PlanError(TierwiseError):
    """A tier plan is damaged or cannot be fitted."""


class PlaybookError(TierwiseError):
    """A playbook cannot be used."""


NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


def shown_name(name: str | int) -> str:
    """A field's name as a refusal shows it: `?` for one that is no plain name, for it could be somebody's."""
    return str(name) if NAME.fullmatch(str(name)) else "?"


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a request: where (`customers.0.events.2.type`) and what to do about it."""

    path: str
    message: str


class RequestError(TierwiseError):
    """A request that no answer can be given to; `faults` name every field."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in faults))
        self.faults = faults


class ServingError(TierwiseError):
    """A door was opened without what it needs."""
