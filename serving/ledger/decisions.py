"""What was decided about customers before a cutoff: the tiers they had, and those that persons gave them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from serving.ledger.override import Override
from serving.ledger.previous import Previous


@dataclass(frozen=True)
class Decisions:
    """Previous tiers and overrides by customer, as `Ledger.previous` and `overrides_at` tell them."""

    previous: Mapping[str, Previous]
    overrides: Mapping[str, Override]

    def about(self, customers: Sequence[str]) -> "Decisions":
        """Those about some customers."""
        previous, overrides = self.previous, self.overrides
        return Decisions(
            {each: previous[each] for each in customers if each in previous},
            {each: overrides[each] for each in customers if each in overrides},
        )

    @cached_property
    def digest(self) -> str:
        """The same for the same decisions."""
        told = [sorted(each.items(), key=_customer) for each in (self.previous, self.overrides)]
        return hashlib.sha256(repr(told).encode()).hexdigest()


def _customer(item: tuple[str, object]) -> str:
    return item[0]
