"""Row accounts: what became of every row of a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Account:
    """rows = kept + known + filtered + quarantined, always."""

    source: str
    rows: int
    kept: int
    known: int
    filtered: Mapping[str, int]
    quarantined: Mapping[str, int]

    @property
    def balanced(self) -> bool:
        """Whether every row is accounted for."""
        rest = sum(self.filtered.values()) + sum(self.quarantined.values())
        return self.rows == self.kept + self.known + rest

    def line(self) -> str:
        """The account in one line."""
        return (
            f"{self.source}: {self.rows:,} rows in = {self.kept:,} kept + {self.known:,} already known"
            f" + {_total('filtered', self.filtered)} + {_total('quarantined', self.quarantined)}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def account_from(values: Mapping[str, Any]) -> Account:
    """An account from its plain JSON values."""
    return Account(**values)


def _total(word: str, parts: Mapping[str, int]) -> str:
    counted = {name: count for name, count in parts.items() if count}
    told = ", ".join(f"{name} {count:,}" for name, count in counted.items())
    return f"{sum(counted.values()):,} {word}" + (f" ({told})" if told else "")
