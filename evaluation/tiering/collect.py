"""Overridden accounts and their peers, collected from the ledger and the store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.clock import add_days
from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.ceiling.answers import predictions
from evaluation.overridden import Accounts
from serving.ledger.ledger import Ledger
from serving.ledger.override import Override
from serving.ledger.previous import Previous
from serving.tiers.ladder import TIERS
from training.bundle import Bundle
from training.horizons import horizons
from training.labels import label
from training.shelf import shelf, versions

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NO_PEERS = -1
"""The stratum of who cannot be compared with anybody."""


@dataclass(frozen=True)
class Collected:
    """The overridden accounts of a book, their `peers`, and of the accounts the places that the person gave and that
    the models gave then, (n,) each; `missing` overrides are of customers who are not in the store."""

    accounts: Accounts
    peers: Accounts
    place: Ints
    place_then: Ints
    missing: int


def collected_of(book: Book, histories: Histories, last: int, home: Path) -> Collected | None:
    """The overridden accounts in the ledger of a book, whose last event is at `last` (µs UTC), and the models in its
    working folder `home`."""
    shelved = versions(book.name, home)

    def bundle_of(version: str) -> Bundle | None:
        return Bundle.load(shelf(book.name, home) / version) if version in shelved else None

    ledger = Ledger.of(book, home)
    return collect(ledger, book, histories, last, bundle_of)


def collect(
    ledger: Ledger, book: Book, histories: Histories, until: int, bundle_of: Callable[[str], Bundle | None]
) -> Collected | None:
    """Everybody whose tier a person set by `until` (µs UTC), over the horizon of value from the override's start; None
    where there is nobody.

    An account was predicted what the models said when it was overridden. Its peers are the customers who were never
    overridden and had, in the latest tiers on record at the start, the tier that the models gave the account; they are
    predicted what the same model version says of them at the start. `bundle_of` finds that version, or None, and then
    the account has no peers. Withdrawn and expired overrides count as the others: the whole horizon does.
    """
    given = [entry.override for entry in ledger.all_overrides(until)]
    if not given:
        return None
    rows = {customer: row for row, customer in enumerate(histories.customer_ids)}
    known = [override for override in given if override.customer_id in rows]
    by_hand = {override.customer_id for override in given}
    others = np.array([row for customer, row in rows.items() if customer not in by_hand], dtype=np.int64)
    windows = _windows(book, histories, known)
    peers = [_peers(window, ledger.previous(window.start, through=True), histories, others, bundle_of)
             for window in windows.values()]  # fmt: skip
    return Collected(
        accounts=_accounts(known, rows, windows),
        peers=_joined(peers),
        place=np.array([TIERS.index(each.tier) for each in known], dtype=np.int64),
        place_then=np.array([TIERS.index(each.tier_then or each.tier) for each in known], dtype=np.int64),
        missing=len(given) - len(known),
    )


@dataclass(frozen=True)
class _Window:
    """The horizon from a `start` to its `ends` (µs UTC), judged by one `model` version: the first `stratum` of its
    tiers, and the money that `came` (n,)."""

    start: int
    ends: int
    model: str
    stratum: int
    came: Floats


def _windows(book: Book, histories: Histories, known: Sequence[Override]) -> dict[tuple[int, str], _Window]:
    days = horizons(book)["lifetime_value"]
    found = {}
    for turn, (start, model) in enumerate(sorted({(each.starts, each.model_version) for each in known})):
        came = label(histories, start, "lifetime_value", days, book)
        ends = add_days(start, days, book.time_zone)
        found[start, model] = _Window(start, ends, model, turn * len(TIERS), came)
    return found


def _accounts(
    known: Sequence[Override], rows: Mapping[str, int], windows: Mapping[tuple[int, str], _Window]
) -> Accounts:
    own = [(each, rows[each.customer_id], windows[each.starts, each.model_version]) for each in known]
    return Accounts(
        customer=np.array([row for _, row, _ in own], dtype=np.int64),
        stratum=np.array([_stratum(each, window) for each, _, window in own], dtype=np.int64),
        predicted=np.array([each.value_then for each, _, _ in own], dtype=np.float64),
        realised=np.array([window.came[row] for _, row, window in own], dtype=np.float64),
        ends=np.array([window.ends for _, _, window in own], dtype=np.int64),
    )


def _stratum(override: Override, window: _Window) -> int:
    return NO_PEERS if override.tier_then is None else window.stratum + TIERS.index(override.tier_then)


def _peers(
    window: _Window,
    standing: Mapping[str, Previous],
    histories: Histories,
    others: Ints,
    bundle_of: Callable[[str], Bundle | None],
) -> Accounts:
    bundle = bundle_of(window.model)
    who = np.array([row for row in others if histories.customer_ids[row] in standing], dtype=np.int64)
    if bundle is None or not len(who):
        return _joined([])
    tiers = np.array([TIERS.index(standing[histories.customer_ids[row]].tier) for row in who], dtype=np.int64)
    predicted = predictions(histories.select(who).known_by(window.start), window.start, bundle)["lifetime_value"]
    return Accounts(who, window.stratum + tiers, predicted, window.came[who], np.full(len(who), window.ends))


def _joined(parts: Sequence[Accounts]) -> Accounts:
    nobody, nothing = np.empty(0, np.int64), np.empty(0)
    everybody = [Accounts(nobody, nobody, nothing, nothing, nobody), *parts]
    return Accounts(
        **{field.name: np.concatenate([getattr(part, field.name) for part in everybody]) for field in fields(Accounts)}
    )
