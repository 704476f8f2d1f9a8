"""What was found of the stability of tiers, in one piece."""

import math
from dataclasses import dataclass
from typing import Literal

from evaluation.interval import Estimate

Who = Literal["ours", "memoryless"]
WHO: tuple[Who, ...] = ("ours", "memoryless")

MOST_FLAPS = 0.2
MOST_LOST = 0.01
LEAST_FOLLOWED = 0.9
"""What is asked."""


@dataclass(frozen=True)
class Month:
    """The tiers of one review, by `ours` or by the `memoryless` policy.

    `moves` since the review before, and those of them that were taken back soon, `flaps`; `best` customers are diamond
    or gold, and `captured` is the share of the money of the horizon after that they brought, nan where it has not
    ended. `over` counts
    the customers beyond the seats of a tier, None for a policy without seats.
    """

    who: Who
    date: str
    customers: int
    moves: int
    flaps: int
    best: int
    captured: float
    over: int | None


@dataclass(frozen=True)
class Captured:
    """The share of all money that diamond and gold customers brought, over the `reviews` whose horizon has ended;
    `lost` is what ours captures less of it than the memoryless policy, as a share of the latter's."""

    reviews: int
    ours: Estimate
    memoryless: Estimate
    lost: Estimate


@dataclass(frozen=True)
class Followed:
    """Of `n` customers whose oracle tier changed for good, the share that moved the same way soon, or stood there;
    `change` names by how much their true value changed."""

    who: Who
    change: str
    n: int
    share: Estimate


@dataclass(frozen=True)
class Stability:
    """The policy of a book, replayed month by month with and without memory.

    `oracle_moves` and `oracle_flaps` are those of the memoryless policy that is told the truth; None, and no
    `followed`, where nobody knows it.
    """

    book: str
    policy: str
    settings: dict[str, float]
    horizon_days: int
    seed: int
    degraded: tuple[str, ...]
    months: tuple[Month, ...]
    captured: Captured
    oracle_moves: int | None
    oracle_flaps: int | None
    followed: tuple[Followed, ...]

    def of(self, who: Who) -> list[Month]:
        """The months of one of the two."""
        return [month for month in self.months if month.who == who]

    def moves(self, who: Who) -> int:
        """All moves."""
        return sum(month.moves for month in self.of(who))

    def flaps(self, who: Who) -> int:
        """All flaps."""
        return sum(month.flaps for month in self.of(who))

    def best(self, who: Who) -> float:
        """The share of customers in diamond and gold, over the reviews whose money is known."""
        known = [month for month in self.of(who) if not math.isnan(month.captured)]
        customers = sum(month.customers for month in known)
        return sum(month.best for month in known) / customers if customers else math.nan

    @property
    def flaps_share(self) -> float:
        """Our flaps as a share of the memoryless policy's; nan where it has none."""
        memoryless = self.flaps("memoryless")
        return self.flaps("ours") / memoryless if memoryless else math.nan

    @property
    def over(self) -> int | None:
        """The customers beyond any seats at any of our reviews."""
        found = [month.over for month in self.of("ours") if month.over is not None]
        return sum(found) if found else None

    @property
    def whole(self) -> Followed | None:
        """How many of all changes for good ours followed."""
        return next((row for row in self.followed if row.who == "ours" and row.change == "all"), None)

    @property
    def met(self) -> dict[str, bool]:
        """Whether each thing that is asked holds, of those that can be told."""
        told = {"flaps": self.flaps_share <= MOST_FLAPS, "captured": self.captured.lost.value <= MOST_LOST}
        if self.over is not None:
            told["seats"] = self.over == 0
        if self.whole is not None:
            told["followed"] = self.whole.share.value >= LEAST_FOLLOWED
        return told
