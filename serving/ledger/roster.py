"""The roster: one row for each customer on record, as the last scoring of the whole book found them."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select, update

from data.errors import StoreError
from serving.ledger.database import Database
from serving.ledger.tables import ACCOUNTS, HEADCOUNTS, ROSTERS

Sort = Literal["priority", "lifetime_value", "churn", "conversion", "customer_id"]

PART = 20_000
"""Accounts that are written at once, so that other writers need not wait long."""

NO_CHANCE = -1.0
FIELDS = ("customer_id", "name", "owner", "tier", "lifetime_value", "conversion", "churn", "priority", "recommendation")


@dataclass(frozen=True, slots=True)
class Account:
    """A customer in the roster. `lifetime_value` and `priority` (of the most urgent action, 0 without any) are in the
    book's currency, the chances probabilities (None for who does not have them); `recommendation` is the id of what was
    recommended. Name and owner are None where the book or the profile has none."""

    customer_id: str
    name: str | None
    owner: str | None
    tier: str
    lifetime_value: float
    conversion: float | None
    churn: float | None
    priority: float
    recommendation: str


@dataclass(frozen=True, slots=True)
class Roster:
    """A page of the accounts: `total` fit the question, `accounts` are those of the page.

    `cutoff` (µs UTC) and the versions are those of the scoring; None where the book was never scored.
    """

    cutoff: int | None
    plan_version: str | None
    model_version: str | None
    total: int
    accounts: tuple[Account, ...]


NOBODY = Roster(None, None, None, 0, ())


def replaced(
    database: Database, cutoff: int, plan_version: str, model_version: str, accounts: Iterable[Account]
) -> int:
    """Puts a new roster in the place of the one before, and answers its size. It is written in parts that nobody
    sees, then counts whole; StoreError where another scoring has removed parts of it meanwhile."""
    with database.writing(decision=False) as connection:
        given = {"cutoff": cutoff, "plan_version": plan_version, "model_version": model_version, "whole": False}
        key = connection.execute(insert(ROSTERS).values(given)).inserted_primary_key
    assert key is not None
    number, size, counts = int(key[0]), 0, Counter[tuple[str, str | None]]()
    for part in _parts(accounts):
        with database.writing(decision=False) as connection:
            connection.execute(insert(ACCOUNTS), [_row(number, account) for account in part])
        size += len(part)
        counts.update((account.tier, account.owner) for account in part)
    with database.writing() as connection:
        _require_all(connection, number, size)
        heads = [
            {"roster_id": number, "tier": tier, "owner": owner, "customers": count}
            for (tier, owner), count in counts.items()
        ]
        if heads:
            connection.execute(insert(HEADCOUNTS), heads)
        connection.execute(update(ROSTERS).where(ROSTERS.c.id == number).values(whole=True))
    _removed_before(database, number)
    return size


def _parts(accounts: Iterable[Account]) -> Iterator[list[Account]]:
    left = iter(accounts)
    while part := list(islice(left, PART)):
        yield part


def _row(number: int, account: Account) -> dict[str, Any]:
    row = {name: getattr(account, name) for name in FIELDS}
    chances = {name: NO_CHANCE if row[name] is None else row[name] for name in ("conversion", "churn")}
    return {**row, **chances, "roster_id": number, "sought": _sought(f"{account.customer_id}\n{account.name or ''}")}


def _sought(text: str) -> str:
    """A text without the differences of capitals and width."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _require_all(connection: Connection, number: int, size: int) -> None:
    found = connection.execute(select(func.count()).where(ACCOUNTS.c.roster_id == number)).scalar_one()
    if found != size:
        raise StoreError("ledger: meanwhile another process scored the book or forgot a customer; score it again")


def _removed_before(database: Database, number: int) -> None:
    """Deletes earlier rosters part by part."""
    key = (ACCOUNTS.c.roster_id, ACCOUNTS.c.customer_id)
    ids = select(*key).where(ACCOUNTS.c.roster_id < number).order_by(*key).limit(PART)
    while True:
        with database.writing(decision=False) as connection:
            old = connection.execute(ids).all()
            for roster in {row.roster_id for row in old}:
                last = max(row.customer_id for row in old if row.roster_id == roster)
                these = (ACCOUNTS.c.roster_id == roster, ACCOUNTS.c.customer_id <= last)
                connection.execute(delete(ACCOUNTS).where(*these))
            if not old:
                connection.execute(delete(HEADCOUNTS).where(HEADCOUNTS.c.roster_id < number))
                connection.execute(delete(ROSTERS).where(ROSTERS.c.id < number))
                return


def standing(connection: Connection) -> Any:
    """The head of the roster that counts, None where there is none."""
    return connection.execute(select(ROSTERS).where(ROSTERS.c.whole).order_by(ROSTERS.c.id.desc()).limit(1)).first()


def page(
    connection: Connection,
    *,
    tier: str | None,
    owner: str | None,
    search: str | None,
    sort: Sort,
    descending: bool,
    limit: int,
    offset: int,
) -> Roster:
    """A page of the accounts that fit, sorted, those that tie by customer."""
    head = standing(connection)
    if head is None:
        return NOBODY
    fitting = [ACCOUNTS.c.roster_id == head.id, *_chosen(ACCOUNTS, tier, owner)]
    if search:
        fitting.append(ACCOUNTS.c.sought.contains(_sought(search), autoescape=True))
        total = connection.execute(select(func.count()).where(*fitting)).scalar_one()
        if not total:  # else every row would be looked up once more, in the order of the sort
            return Roster(head.cutoff, head.plan_version, head.model_version, 0, ())
    else:
        counted = select(func.coalesce(func.sum(HEADCOUNTS.c.customers), 0))
        chosen = (HEADCOUNTS.c.roster_id == head.id, *_chosen(HEADCOUNTS, tier, owner))
        total = int(connection.execute(counted.where(*chosen)).scalar_one())
    ids = connection.execute(_sorted(select(ACCOUNTS.c.customer_id).where(*fitting), sort, descending, limit, offset))
    accounts = _accounts(connection, head.id, list(ids.scalars()))
    return Roster(head.cutoff, head.plan_version, head.model_version, total, accounts)


def _chosen(table: Any, tier: str | None, owner: str | None) -> Iterator[ColumnElement[bool]]:
    if tier is not None:
        yield table.c.tier == tier
    if owner is not None:
        yield table.c.owner == owner


def _sorted(query: Select[Any], sort: Sort, descending: bool, limit: int, offset: int) -> Select[Any]:
    names = (sort,) if sort == "customer_id" else (sort, "customer_id")
    columns = [ACCOUNTS.c[name].desc() if descending else ACCOUNTS.c[name] for name in names]
    return query.order_by(*columns).limit(limit).offset(offset)


def _accounts(connection: Connection, roster: int, customers: Sequence[str]) -> tuple[Account, ...]:
    these = (ACCOUNTS.c.roster_id == roster, ACCOUNTS.c.customer_id.in_(customers))
    found = connection.execute(select(*(ACCOUNTS.c[name] for name in FIELDS)).where(*these))
    by_id = {row.customer_id: _account(row._asdict()) for row in found}
    return tuple(by_id[customer] for customer in customers)


def _account(row: dict[str, Any]) -> Account:
    chances = {name: None if row[name] == NO_CHANCE else row[name] for name in ("conversion", "churn")}
    return Account(**{**row, **chances})


def owners(connection: Connection) -> list[str]:
    """The account managers who have accounts in the roster that counts, sorted."""
    head = standing(connection)
    if head is None:
        return []
    theirs = (HEADCOUNTS.c.roster_id == head.id, HEADCOUNTS.c.owner.is_not(None), HEADCOUNTS.c.customers > 0)
    return sorted(connection.execute(select(HEADCOUNTS.c.owner).where(*theirs).distinct()).scalars())


def uncounted(connection: Connection, customer_id: str) -> None:
    """Takes a customer out of the headcounts, so that totals stay those of the rows once they are deleted."""
    found = select(ACCOUNTS.c.roster_id, ACCOUNTS.c.tier, ACCOUNTS.c.owner).where(ACCOUNTS.c.customer_id == customer_id)
    for row in connection.execute(found).all():
        same_owner = func.coalesce(HEADCOUNTS.c.owner, "") == (row.owner or "")
        counted = (HEADCOUNTS.c.roster_id == row.roster_id, HEADCOUNTS.c.tier == row.tier, same_owner)
        connection.execute(update(HEADCOUNTS).where(*counted).values(customers=HEADCOUNTS.c.customers - 1))
