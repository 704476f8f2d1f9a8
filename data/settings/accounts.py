"""Who looks after whom: the table `[accounts]` of a book."""

from __future__ import annotations

from collections.abc import Mapping

from data.errors import did_you_mean, listed
from data.settings.declared import Declared

KINDS = ("category", "text")
"""The kinds of a profile column that hold words."""


class Accounts(Declared):
    """The profile columns with the account manager (`owner`) and with what people call the customer (`name`)."""

    owner: str | None = None
    name: str | None = None


def require_columns(accounts: Accounts, kinds: Mapping[str, str]) -> None:
    """ValueError for a key that names no profile column with words; `kinds` are the book's columns."""
    worded = [name for name, kind in kinds.items() if kind in KINDS]
    for key, column in (("owner", accounts.owner), ("name", accounts.name)):
        if column is None:
            continue
        if column not in kinds:
            known = f"expected a profile column with words ({listed(worded) if worded else 'the book has none'})"
            raise ValueError(f'accounts.{key}: {known}, got "{column}"{did_you_mean(column, worded)}')
        if column not in worded:
            kind = kinds[column]
            raise ValueError(f'accounts.{key}: expected a column of kind {" or ".join(KINDS)}, "{column}" is a {kind}')
