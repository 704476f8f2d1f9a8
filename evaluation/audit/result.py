"""What an audit found, in one piece."""

from dataclasses import dataclass

from data.settings.book import Book
from evaluation.audit.planted import Planted
from evaluation.audit.shuffled import Shuffle
from evaluation.audit.times import Check, Known
from features.spec import FeatureSpec
from training.audit.scan import Scan
from training.audit.suspects import Suspect


@dataclass(frozen=True)
class Audit:
    """Of a book as trained at `cutoff` (ISO date): its `suspects`, all that features alone tell (`scans`), the
    tripwires of shuffled labels and planted leaks, when events became known, and the checks of time."""

    book: Book
    cutoff: str
    spec: FeatureSpec
    customers: int
    suspects: tuple[Suspect, ...]
    scans: tuple[Scan, ...]
    shuffles: tuple[Shuffle, ...]
    planted: tuple[Planted, ...]
    known: tuple[Known, ...]
    checks: tuple[Check, ...]
    seed: int

    @property
    def tripped(self) -> int:
        """How many tripwires and checks failed."""
        tried: tuple[Shuffle | Planted | Check, ...] = (*self.shuffles, *self.planted, *self.checks)
        return sum(not row.passed for row in tried)
