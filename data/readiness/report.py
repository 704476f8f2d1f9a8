"""Whether a book can be predicted: what is there, what is missing, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from data.account import Account
from data.clock import end_of_day, local_day
from data.engines.choice import LOCAL
from data.events import ROLES
from data.ingest.opening import open_store
from data.readiness.hints import faults, hints
from data.readiness.tally import Tally, tally_of
from data.readiness.value import value_hints, value_in_words
from data.reading.place import WORKING
from data.settings.book import Book, Target

# A model learns at past cutoffs that see at least a third of the history and whose labels ended by the cutoff, so
# a horizon of up to a third can be trained as it is. Below the least history, nothing can (ours).
HORIZONS_IN_HISTORY = 3
LEAST_HISTORY_DAYS = 12
LEAST_TRAINING_BUYERS = 30  # below, training refuses
LEAST_BUYERS = 1_000  # from which learned models lead

COSTS: dict[str, str] = {
    "purchase": "nothing can be predicted",
    "return": "value cannot be net of returns; rising returns go unseen",
    "payment": "no payment behaviour: credit risk and punctuality stay unknown",
    "inquiry": "no inquiries: purchase signals start only at the order",
    "quote": "no quotes: the stage between inquiry and order is invisible",
    "sample": "no samples: the strongest sign before a first order is missing",
    "visit": "no visits: interest without contact stays unseen",
    "content": "no content affinity: topics for the next message are guesses",
    "touch": "our own contacts are unknown: fatigue and response cannot be told apart from interest",
    "response": "no responses: whether contacts work cannot be measured",
    "meeting": "no meetings or calls: the human relationship stays invisible",
    "support": "no support load: service cost and trouble stay unknown",
    "survey": "no survey answers: satisfaction and referral stay unknown",
}


@dataclass(frozen=True, slots=True)
class RoleCount:
    """How many events and customers have a role; what is lost when none does."""

    role: str
    events: int
    customers: int
    cost: str | None


@dataclass(frozen=True, slots=True)
class HorizonReport:
    """The days from the first purchase to the last label that ends by the judged cutoff, and by the end.

    `model` is what may be fitted for the judged cutoff: "trained" (mature windows at this horizon),
    "extrapolated" (trained at a shorter one and stretched), or "none" (too little history for any).
    """

    target: str
    horizon_days: int
    main: bool
    before_judged: int
    before_end: int
    judged_is_complete: bool
    model: str


@dataclass(frozen=True, slots=True)
class ColumnCoverage:
    """The share of customers with a value of a declared column, and with one known and not lapsed at the judged
    cutoff.
    """

    column: str
    kind: str
    filled: float
    known_by_judged: float


@dataclass(frozen=True, slots=True)
class Readiness:
    """What `check` finds; days are counted in the book's time zone. With `faults` nothing can be predicted."""

    book: str
    accounts: tuple[Account, ...]
    customers: int
    buyers: int
    buyers_by_judged: int
    events: int
    first_time: int
    last_time: int
    judged: int
    late_share: float
    roles: tuple[RoleCount, ...]
    horizons: tuple[HorizonReport, ...]
    profile: tuple[ColumnCoverage, ...]
    value: str
    hints: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def leader(self) -> str:
        """Which kind of model the number of buyers allows to lead."""
        return "learned models" if self.buyers_by_judged >= LEAST_BUYERS else "buy-till-you-die models"


def check(book: Book, home: Path = WORKING, on: str = LOCAL) -> Readiness:
    """The readiness of a book, whose store `on` makes where it has to be made; without a judged date, the end of the
    data takes its place."""
    store = open_store(book, home, on)
    judged = end_of_day(book.judged, book.time_zone) if book.judged else store.last_time
    found = tally_of(book, store.each(), judged)
    return Readiness(
        book=book.name,
        accounts=store.manifest.accounts,
        customers=found.customers,
        buyers=found.buyers,
        buyers_by_judged=found.buyers_by_judged,
        events=found.events,
        first_time=store.first_time,
        last_time=store.last_time,
        judged=judged,
        late_share=found.late / found.events,
        roles=tuple(_role(code, found) for code in range(len(ROLES))),
        horizons=tuple(_horizons(book, min(found.first_purchase, judged), judged, store.last_time)),
        profile=tuple(_coverage(name, kind, found) for name, kind in book.profile_kinds.items()),
        value=value_in_words(book),
        hints=(
            *hints(book, store.manifest.accounts, home / book.name / "quarantine", found.below_zero),
            *value_hints(book, found.money, store.words),
        ),
        faults=tuple(faults(book, store.manifest.accounts, found.purchases)),
    )


def _role(code: int, found: Tally) -> RoleCount:
    events = found.role_events[code]
    cost = None if events else COSTS[ROLES[code]]
    return RoleCount(ROLES[code], events, found.role_customers[code], cost)


def _horizons(book: Book, *instants: int) -> list[HorizonReport]:
    """For every target and horizon; the instants are the first purchase, the judged cutoff and the end."""
    first, cutoff, last = (local_day(instant, book.time_zone) for instant in instants)
    targets: dict[str, Target] = dict(book.targets)
    return [
        HorizonReport(
            target=name,
            horizon_days=days,
            main=days == target.main,
            before_judged=cutoff - first + 1 - days,
            before_end=last - first + 1 - days,
            judged_is_complete=cutoff + days <= last,
            model=_model(cutoff - first + 1, days),
        )
        for name, target in targets.items()
        for days in target.horizons
    ]


def _model(history_days: int, horizon_days: int) -> str:
    if history_days < LEAST_HISTORY_DAYS:
        return "none"
    return "trained" if HORIZONS_IN_HISTORY * horizon_days <= history_days else "extrapolated"


def _coverage(name: str, kind: str, found: Tally) -> ColumnCoverage:
    return ColumnCoverage(name, kind, found.filled[name] / found.customers, found.held[name] / found.customers)
