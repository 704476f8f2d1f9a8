"""Overrides measured afterwards: did the accounts that people gave a tier do better or worse than was predicted?"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluation.interval import Estimate, estimate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Verdict = Literal["better", "worse", "no difference", "too few to tell"]
Split = Literal["all", "raised", "lowered"]

FEWEST = 30
"""(ours) Customers, and peers, below which nothing is concluded."""


@dataclass(frozen=True)
class Accounts:
    """n customers over a window each: (start, `ends`], µs UTC; every array has shape (n,).

    `predicted` is the money (currency) that the models expected at its start, `realised` what came. Accounts of one
    `stratum` are comparable: the models gave them the same tier at the same time; a negative one is comparable with
    none. `customer` numbers the customers, who may occur more than once among overridden accounts.
    """

    customer: Ints
    stratum: Ints
    predicted: Floats
    realised: Floats
    ends: Ints

    def __post_init__(self) -> None:
        shapes = {field.name: getattr(self, field.name).shape for field in fields(self)}
        if len(set(shapes.values())) > 1 or self.customer.ndim != 1:
            raise ValueError(f"accounts: expected equally long columns, got {shapes}")

    def __len__(self) -> int:
        return len(self.customer)

    def only(self, rows: Flags) -> "Accounts":
        """Those where `rows` (n,) is true."""
        return Accounts(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True)
class Overridden:
    """What overridden accounts brought of what was predicted, beside their peers.

    `n` overrides of `customers`, `peers` in the same strata; `ratio` is realised to predicted money, `peers_ratio`
    the same of the peers, each stratum weighted by the money predicted for its overridden accounts, and
    `against_peers` the one over the other. The verdict is that of `against_peers`.
    """

    split: Split
    n: int
    customers: int
    peers: int
    ratio: Estimate
    peers_ratio: Estimate
    against_peers: Estimate
    verdict: Verdict


def overridden(
    accounts: Accounts,
    peers: Accounts,
    place: Ints,
    place_then: Ints,
    *,
    recorded_until: int,
    seed: int,
    draws: int = 500,
) -> tuple[Overridden, ...]:
    """All overrides, those that raised and those that lowered, whose windows ended by `recorded_until` (µs UTC).

    `place` and `place_then` (n,) are the tiers that the person and the models gave (0 is the highest). Peers are
    customers who were not overridden. Overrides without a peer whose window ended are left out. Intervals are 95 %
    percentile bootstraps that draw customers, and peers within their strata (Efron 1979). What is measured is how
    the accounts did, not what the override brought about: people choose whom they override.
    """
    matured = peers.only(peers.ends <= recorded_until)
    comparable = np.isin(accounts.stratum, _strata(matured)) & (accounts.ends <= recorded_until)
    splits: tuple[tuple[Split, Flags], ...] = (
        ("all", comparable),
        ("raised", comparable & (place < place_then)),
        ("lowered", comparable & (place > place_then)),
    )
    return tuple(_measured(split, accounts.only(rows), matured, seed, draws) for split, rows in splits)


def _strata(peers: Accounts) -> Ints:
    """The strata in which money was predicted for peers."""
    strata, codes = np.unique(peers.stratum, return_inverse=True)
    predicted = np.bincount(codes, peers.predicted, len(strata))
    return strata[(strata >= 0) & (predicted > 0)]


def _measured(split: Split, accounts: Accounts, peers: Accounts, seed: int, draws: int) -> Overridden:
    own = peers.only(np.isin(peers.stratum, accounts.stratum))
    customers = len(np.unique(accounts.customer))
    drawn = np.array(list(_ratios(accounts, own, np.random.default_rng(seed), draws)))
    against = estimate(_over(drawn[:, 0], drawn[:, 1]))
    return Overridden(
        split=split,
        n=len(accounts),
        customers=customers,
        peers=len(own),
        ratio=estimate(drawn[:, 0]),
        peers_ratio=estimate(drawn[:, 1]),
        against_peers=against,
        verdict=_verdict(against, min(customers, len(own))),
    )


def _verdict(against: Estimate, fewest: int) -> Verdict:
    if fewest < FEWEST or np.isnan(against.low):
        return "too few to tell"
    if against.low > 1:
        return "better"
    return "worse" if against.high < 1 else "no difference"


def _ratios(accounts: Accounts, peers: Accounts, rng: np.random.Generator, draws: int) -> Iterator[tuple[float, float]]:
    """(realised to predicted of the accounts, the same of their peers): first as they are, then a pair a draw."""
    groups = _Groups.of(peers)
    place = np.searchsorted(groups.strata, accounts.stratum)
    people, person = np.unique(accounts.customer, return_inverse=True)
    yield _pair(accounts, np.ones(len(accounts)), groups.ratios(groups.rows)[place])
    for _ in range(draws):
        drawn = np.bincount(rng.integers(0, max(len(people), 1), len(people)), minlength=len(people))
        yield _pair(accounts, drawn[person].astype(np.float64), groups.ratios(groups.drawn(rng))[place])


def _pair(accounts: Accounts, weights: Floats, peers_ratio: Floats) -> tuple[float, float]:
    """Both ratios of weighted accounts, whose peers have these; shapes (n,)."""
    predicted = weights * accounts.predicted
    sums = np.array([(weights * accounts.realised).sum(), (predicted * peers_ratio).sum()])
    realised, as_peers = _over(sums, np.full(2, predicted.sum()))
    return float(realised), float(as_peers)


@dataclass(frozen=True)
class _Groups:
    """m peers by their k strata: `rows` (m,) are sorted by `codes` (m,); `first` and `size` (m,) are their group's."""

    peers: Accounts
    strata: Ints
    codes: Ints
    rows: Ints
    first: Ints
    size: Ints

    @classmethod
    def of(cls, peers: Accounts) -> "_Groups":
        strata, codes = np.unique(peers.stratum, return_inverse=True)
        sizes = np.bincount(codes, minlength=len(strata))
        first = np.repeat(np.cumsum(sizes) - sizes, sizes)
        rows = np.argsort(codes, kind="stable")
        return cls(peers, strata, codes[rows], rows, first, np.repeat(sizes, sizes))

    def drawn(self, rng: np.random.Generator) -> Ints:
        """As many peers of every stratum as it has, drawn with replacement."""
        chosen: Ints = self.rows[self.first + rng.integers(0, self.size)]
        return chosen

    def ratios(self, rows: Ints) -> Floats:
        """Realised to predicted money of each stratum, shape (k,)."""
        return _over(self._sums(self.peers.realised[rows]), self._sums(self.peers.predicted[rows]))

    def _sums(self, money: Floats) -> Floats:
        return np.bincount(self.codes, money, len(self.strata)).astype(np.float64)


def _over(part: Floats, whole: Floats) -> Floats:
    """Part over whole, shape (n,); nan where the whole is not above nothing."""
    ratio = np.full(len(whole), np.nan)
    np.divide(part, whole, out=ratio, where=whole > 0)
    return ratio
