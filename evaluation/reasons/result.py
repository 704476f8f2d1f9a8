"""What the scores of a bundle rest on, in one piece."""

from collections.abc import Mapping
from dataclasses import dataclass

from data.settings.book import Book
from evaluation.dependence import Dependence
from evaluation.drivers import Driver, GroupDriver
from evaluation.reasons.pairs import Pair
from evaluation.reasons.stability import Stability
from training.bundle import Bundle


@dataclass(frozen=True)
class Grounds:
    """Of a `bundle` trained at `cutoff` with `seed`, as explained to `explained` of its `customers`, `buyers` of whom
    bought; and how stable that is beside the bundle `again`, trained with the next seed.

    `first` and `cutoff` (ISO dates) are the ends of what it learnt from; `populations` says of whom each target is
    asked: "everyone", "buyers" or "prospects".
    """

    book: Book
    bundle: Bundle
    again: str
    first: str
    cutoff: str
    customers: int
    buyers: int
    explained: int
    populations: Mapping[str, str]
    drivers: tuple[Driver, ...]
    groups: tuple[GroupDriver, ...]
    dependences: tuple[Dependence, ...]
    stabilities: tuple[Stability, ...]
    pairs: tuple[Pair, ...]
    seed: int

    @property
    def targets(self) -> tuple[str, ...]:
        """Those that were explained."""
        return tuple(found.target for found in self.stabilities)
