"""Which horizons a book asks for, and how its models get from the trained one to the others."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from data.settings.book import Book
from training.labels import TARGETS, parts_of
from training.ladder import steps_between
from training.snapshots import SnapshotPlan

LOSSES = "losses"


def target_of(model: str) -> str:
    """The target that a model serves: that of losses is a part of lifetime value."""
    return "lifetime_value" if model == LOSSES else model


class Climb(NamedTuple):
    """One step of a model between two horizons in days, from `neighbour` to `days`."""

    model: str
    days: int
    neighbour: int

    @property
    def goes_up(self) -> bool:
        return self.days > self.neighbour

    @property
    def longest(self) -> int:
        """The window in days that labels need."""
        return max(self.days, self.neighbour)


def horizons(book: Book) -> dict[str, int]:
    """The main horizon of each target, in days."""
    return {target: getattr(book.targets, target).main for target in TARGETS}


def models_of(book: Book) -> tuple[str, ...]:
    """The models of a book, by name: one a target, and one of what is taken off value."""
    return (*TARGETS, LOSSES) if len(parts_of(book)) > 1 else TARGETS


def purchase_converts(book: Book) -> bool:
    """Whether who has bought has converted, whatever they bought."""
    types = book.targets.conversion.types
    purchases = {type_ for type_, role in book.roles.items() if role == "purchase"}
    return not types or purchases <= set(types)


def asked_of(book: Book, model: str) -> tuple[int, ...]:
    """The horizons in days that a model answers for, ascending; churn also for those that lean on it."""
    wanted = set(getattr(book.targets, target_of(model)).horizons)
    if model == "churn" and purchase_converts(book):
        wanted |= set(book.targets.conversion.horizons)
    return tuple(sorted(wanted))


def climbs_of(book: Book, plans: Mapping[str, SnapshotPlan], longest: int) -> Iterator[Climb]:
    """The steps that can be learnt: down to every shorter horizon, and up to those of at most `longest` days."""
    for model in models_of(book):
        plan, wanted = plans[target_of(model)], list(asked_of(book, model))
        if model == "churn" and book.targets.lifetime_value.main < plan.horizon_days:
            wanted.append(book.targets.lifetime_value.main)
        furthest = plan.horizon_days if plan.extrapolated else longest
        for days, neighbour in steps_between(plan.horizon_days, wanted, furthest):
            yield Climb(model, days, neighbour)
