"""What was found of the ceiling, in one piece."""

import math
from dataclasses import dataclass
from typing import Literal

Whom = Literal["everyone", "buyers", "prospects", "low", "middle", "high", "paying"]


@dataclass(frozen=True)
class Figure:
    """A metric of one model on `n` customers, with its 95 % bootstrap interval over customers.

    Value is held against the money that was to be expected, chances against what came. `spearman` and `auc` tell
    the order, `bias` what is predicted in all for every unit that was to be expected.
    """

    target: str
    horizon_days: int
    whom: Whom
    metric: str
    model: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Gap:
    """Our metric minus the ceiling's on the same customers, with its paired 95 % bootstrap interval.

    `least` is what is asked of it, None where nothing is.
    """

    target: str
    horizon_days: int
    whom: Whom
    metric: str
    value: float
    low: float
    high: float
    least: float | None

    @property
    def met(self) -> bool | None:
        """Whether the gap is as small as asked; None where nothing is, or the gap is undefined."""
        return None if self.least is None or math.isnan(self.value) else self.value >= self.least


@dataclass(frozen=True)
class Held:
    """The share of `n` customers whose money that came lies in its interval of `level` percent, with the 95 %
    bootstrap interval of the share.

    `nothing` is the share of them that brought nothing, which every interval from 0 holds; `asked` are the ends
    between which `value` should lie, None where nothing is asked.
    """

    level: int
    whom: Whom
    value: float
    low: float
    high: float
    nothing: float
    n: int
    asked: tuple[float, float] | None

    @property
    def met(self) -> bool | None:
        """Whether the share is as asked."""
        return None if self.asked is None else self.asked[0] <= self.value <= self.asked[1]


@dataclass(frozen=True)
class Ceiling:
    """What `taught` customers can teach of the `unseen` others of a simulated world, and what could be known.

    Models: `tierwise`, taught by what came; `ceiling`, the same learner with the same features and customers,
    taught by what was to be expected; `pareto_nbd`, fitted on the taught; `truth`, the probability itself.
    `unseen` counts those with an event by the cutoff.
    """

    book: str
    cutoff: str
    customers: int
    taught: int
    unseen: int
    seed: int
    figures: tuple[Figure, ...]
    gaps: tuple[Gap, ...]
    coverage: tuple[Held, ...]

    @property
    def judged(self) -> list[Gap | Held]:
        """The rows of which something is asked."""
        rows: list[Gap | Held] = [*self.gaps, *self.coverage]
        return [row for row in rows if row.met is not None]

    @property
    def pairs(self) -> list[tuple[Held, Held]]:
        """The coverage of each group at 90 and at 80 %, group by group."""
        narrow = {row.whom: row for row in self.coverage if row.level == 80}
        return [(row, narrow[row.whom]) for row in self.coverage if row.level == 90]

    @property
    def met(self) -> bool:
        """Whether all that is asked holds."""
        return all(row.met for row in self.judged)
