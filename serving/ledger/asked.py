"""What somebody asks of the ledger, and what may be wrong with it, by the fields of a request."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data.clock import local_date, parse_cutoff
from data.errors import BookError, did_you_mean, listed
from data.store.store import Store
from serving.errors import Fault
from serving.tiers.ladder import TIERS

LONGEST_NAME = 100
LONGEST_REASON = 500
NEIGHBOURS = 100
"""Ids before and after an unknown one that are searched for a likely spelling."""

UNSEEN = ("Cc", "Cs", "Zl", "Zp")
"""Unicode categories that belong in no line of text: controls, halves of characters, breaks of lines."""

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows, so that it reads as something else."""


@dataclass(frozen=True)
class Asked:
    """An override as it was asked for: who decides about whom, which tier and when (texts as given)."""

    customer: str
    by: str
    reason: str
    tier: str | None = None
    starts: str | None = None
    until: str | None = None


def faults_of_person(asked: Asked) -> Iterator[Fault]:
    """What is wrong with the name of who decides, and with the reason."""
    for field, text, most in (("by", asked.by, LONGEST_NAME), ("reason", asked.reason, LONGEST_REASON)):
        wrong = _wrong_with(text, most)
        if wrong:
            yield Fault(field, wrong)


def faults_of_customer(asked: Asked, store: Store) -> Iterator[Fault]:
    """That nobody is on record under the id."""
    if not len(store.histories([asked.customer])):
        yield Fault(
            "customer_id",
            f'book {store.book.name} has nobody under "{asked.customer}"; check spelling, capitals and leading zeros'
            f"{near(asked.customer, store.customers())}",
        )


def faults_of_tier(asked: Asked) -> Iterator[Fault]:
    """That the tier is missing or none."""
    if asked.tier not in TIERS:
        given = "" if asked.tier is None else f', got "{asked.tier}"{did_you_mean(asked.tier, TIERS)}'
        yield Fault("tier", f"expected one of {listed(TIERS)}{given}")


def faults_of_withdrawal(asked: Asked) -> Iterator[Fault]:
    """That somebody who withdraws asks for something else as well."""
    for field, text in (("tier", asked.tier), ("from", asked.starts), ("until", asked.until)):
        if text is not None:
            yield Fault("withdraw", f"takes no {field}: it ends what is in force; leave one of them out")


def end_of(asked: Asked, starts: int, last: int, time_zone: str) -> int | Fault:
    """The last instant (µs UTC) of an override that starts at `starts`, in a book whose records end at `last`."""
    if asked.until is None:
        return Fault("until", "an override needs an end; give its last day, such as 2027-03-31")
    try:
        end = parse_cutoff(asked.until, time_zone)
    except BookError as error:
        return Fault("until", str(error).removeprefix("cutoff: "))
    for moment, what in ((last, "the book's last day on record"), (starts, "the day from which it is in force")):
        if end <= moment:
            day = local_date(moment, time_zone)
            return Fault("until", f"{asked.until} is not after {day}, {what}; choose a later day")
    return end


def near(customer: str, known: Sequence[str]) -> str:
    """A known id (sorted) that is the same but for capitals, width, spaces and leading zeros, or one like it."""
    bare = _bare(customer)
    for one in known:
        if _bare(one) == bare:
            return f'; did you mean "{one}"?'
    place = bisect_left(known, customer)
    return did_you_mean(customer, known[max(place - NEIGHBOURS, 0) : place + NEIGHBOURS])


def _bare(customer: str) -> str:
    return unicodedata.normalize("NFKC", customer).strip().casefold().lstrip("0")


def _wrong_with(text: str, most: int) -> str | None:
    if not any(letter.isalnum() for letter in text):
        return "is empty; say it in words"
    if len(text) > most:
        return f"has {len(text):,} characters, at most {most} fit; shorten it"
    for place, letter in enumerate(text, start=1):
        if unicodedata.category(letter) in UNSEEN or letter in TURNING:
            return f"holds the control character U+{ord(letter):04X} at place {place}; leave it out"
    return None
