"""What a reader chose to see of the roster: filters, order and page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from serving.caller import CALLER
from serving.ledger.roster import Sort
from serving.tiers.ladder import TIERS

SORTS: tuple[Sort, ...] = ("priority", "lifetime_value", "churn", "conversion", "customer_id")
FURTHEST = 100_000


@dataclass(frozen=True, slots=True)
class Choice:
    """None where nothing is asked; `page` counts from 1. An account manager's key chooses the owner."""

    tier: str | None
    owner: str | None
    search: str | None
    sort: Sort
    page: int

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Choice":
        """That of the address; what is none there is not asked."""
        tier, page = query.get("tier"), query.get("page", "1")
        return cls(
            tier=tier if tier in TIERS else None,
            owner=CALLER.get().owner or query.get("owner"),
            search=query.get("search", "").strip() or None,
            sort=next((sort for sort in SORTS if sort == query.get("sort")), "priority"),
            page=min(int(page), FURTHEST) if page.isdecimal() and int(page) > 0 else 1,
        )

    def offset(self, size: int) -> int:
        """How many rows come before the page."""
        return (self.page - 1) * size

    @property
    def narrows(self) -> bool:
        """Whether the reader asked for less than all that there is to see."""
        asked = None if CALLER.get().owner else self.owner
        return any((self.tier, asked, self.search))

    def within(self, total: int, size: int) -> "Choice":
        """The same, or its last page where the page asked for lies beyond it."""
        return replace(self, page=min(self.page, max(1, -(-total // size))))


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page among others: rows `first` to `last` of `total`."""

    page: int
    pages: int
    first: int
    last: int
    total: int

    @classmethod
    def of(cls, choice: Choice, size: int, total: int, shown: int) -> "Leaf":
        """The page that shows so many rows."""
        first = choice.offset(size)
        return cls(choice.page, max(1, -(-total // size)), min(first + 1, total), first + shown, total)
