"""What a user can do about rows that could not be used, or that may mean something else than the book says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from data.account import Account
from data.events import NEGATIVE_PURCHASE, UNREAD_TIME, WRONG_BYTES
from data.ingest.quarantine import read_quarantine
from data.settings.book import Book
from data.settings.source import SET_ENCODING, Source


def hints(book: Book, accounts: Sequence[Account], quarantine: Path, below_zero: int) -> Iterator[str]:
    """One text for each thing that the book's settings may put right."""
    for account in accounts:
        if account.quarantined.get(UNREAD_TIME):
            yield unread_time(read_quarantine(account.source, quarantine), account.source)
        if account.quarantined.get(WRONG_BYTES):
            yield f"{account.source}: {WRONG_BYTES}: {SET_ENCODING}"
    negative = sum(account.quarantined.get(NEGATIVE_PURCHASE, 0) for account in accounts)
    if negative:
        yield f"{negative:,} purchases with a negative amount: {_as_returns(book)}"
    if below_zero:
        yield f"{below_zero:,} purchases with a negative amount as a whole, kept: {_as_returns(book)}"


def unread_time(rejected: pl.DataFrame, source: str) -> str:
    """The first time that is no date, and the setting that would read it."""
    found = rejected.filter(pl.col("reason") == UNREAD_TIME)["value"].drop_nulls()
    example = f' such as "{found[0]}"' if len(found) else ""
    return f'{source}: a time{example} is not a date: set time_format, for example time_format = "%d.%m.%Y"'


def faults(book: Book, accounts: Sequence[Account], purchases: int) -> Iterator[str]:
    """Why nothing can be predicted, or what a source was declared for in vain."""
    for account in accounts:
        rejected = sum(account.quarantined.values())
        if rejected and account.kept + account.known == 0:
            yield f"{account.source}: every usable row is quarantined, none was kept; {account.line()}"
    if not purchases:
        types = ", ".join(type_ for type_, role in book.roles.items() if role == "purchase") or "no type"
        yield f"book {book.name}: no purchase was kept (role purchase: {types}), so nothing can be predicted"


def _as_returns(book: Book) -> str:
    """The lines of a book that make them returns."""
    source = next((source for source in book.sources if source.columns.amount), book.sources[0])
    refund = next((type_ for type_, role in book.roles.items() if role == "return"), "refund")
    place = f"in source {source.name}, instead of type and columns.type"
    if source.types:
        place = f"in source {source.name}, first in its types"
    lines = "\n".join(f"      {line}," for line in (_refund_rule(source, refund), *_other_rules(book, source, refund)))
    return f'map them to a return\n  [roles]\n  {refund} = "return"\n  {place}:\n  types = [\n{lines}\n  ]'


def _refund_rule(source: Source, refund: str) -> str:
    amount = source.columns.amount
    column = amount.factors[0] if amount else "amount"
    op = ">" if amount and amount.negate else "<"
    return f'{{ type = "{refund}", where = {{ column = "{column}", op = "{op}", value = 0 }} }}'


def _other_rules(book: Book, source: Source, refund: str) -> list[str]:
    """The rules after it, which leave the other rows what they are."""
    if source.columns.type is not None:
        of_column = f'{{ column = "{source.columns.type}", op = "equals", value = "%s" }}'
        return [f'{{ type = "{type_}", where = {of_column % type_} }}' for type_ in book.roles if type_ != refund]
    return [f'{{ type = "{source.type}" }}'] if source.type is not None else ["..."]
