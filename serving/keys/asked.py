"""What somebody asks for when making a key, and what may be wrong with it."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from data.clock import parse_cutoff
from data.errors import BookError, did_you_mean, listed
from serving.caller import SCOPES, Scope
from serving.errors import Fault, RequestError
from serving.ledger.asked import LONGEST_NAME, TURNING, UNSEEN


@dataclass(frozen=True)
class AskedKey:
    """A key as it was asked for (texts as given)."""

    name: str
    scopes: Sequence[str]
    owner: str | None = None
    until: str | None = None


@dataclass(frozen=True)
class Terms:
    """A key that can be made: `expires` in µs UTC, None for good."""

    name: str
    scopes: frozenset[Scope]
    owner: str | None
    expires: int | None


def terms_of(asked: AskedKey, time_zone: str, now: int) -> Terms:
    """What was asked for, once nothing is wrong with it. Raises RequestError that names every fault."""
    end = _end(asked.until, time_zone, now)
    faults = [*_faults(asked)]
    if isinstance(end, Fault):
        faults.append(end)
    if faults or isinstance(end, Fault):
        raise RequestError(*faults)
    scopes = frozenset(cast(Scope, scope) for scope in asked.scopes)
    return Terms(asked.name.strip(), scopes, asked.owner.strip() if asked.owner is not None else None, end)


def _faults(asked: AskedKey) -> Iterator[Fault]:
    for option, text in (("--name", asked.name), ("--owner", asked.owner)):
        if text is not None and not _is_name(text):
            yield Fault(option, f"expected a name of 1 to {LONGEST_NAME} characters in one line")
    if not asked.scopes:
        yield Fault("--scope", f"name at least one of {listed(SCOPES)}")
    for scope in asked.scopes:
        if scope not in SCOPES:
            yield Fault("--scope", f'expected {listed(SCOPES)}, got "{scope}"{did_you_mean(scope, SCOPES)}')
    if asked.owner is not None and "admin" in asked.scopes:
        yield Fault("--owner", "a key with the scope admin sees every account; leave one of them out")


def _end(until: str | None, time_zone: str, now: int) -> int | Fault | None:
    if until is None:
        return None
    try:
        end = parse_cutoff(until, time_zone)
    except BookError as error:
        return Fault("--until", str(error).removeprefix("cutoff: "))
    return end if end > now else Fault("--until", f"{until} is over; choose a later day")


def _is_name(text: str) -> bool:
    seen = all(unicodedata.category(letter) not in UNSEEN and letter not in TURNING for letter in text)
    return seen and any(letter.isalnum() for letter in text) and len(text) <= LONGEST_NAME
