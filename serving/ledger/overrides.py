"""Overrides in the ledger: rows are added, and never changed."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from sqlalchemy import BindParameter, Connection, bindparam, exists, insert, select

from serving.ledger.entry import Entry, entries
from serving.ledger.override import Override, Withdrawal
from serving.ledger.question import Question
from serving.ledger.tables import OVERRIDES, WITHDRAWALS

_CUTOFF: BindParameter[int] = bindparam("cutoff")
_ENDED = exists().where(WITHDRAWALS.c.override_id == OVERRIDES.c.id, WITHDRAWALS.c.ends <= _CUTOFF)
_IN_FORCE = Question(
    select(OVERRIDES)
    .where(OVERRIDES.c.starts <= _CUTOFF, OVERRIDES.c.expires > _CUTOFF, ~_ENDED)
    .order_by(OVERRIDES.c.id),
    OVERRIDES.c.customer_id,
)


def added(connection: Connection, override: Override) -> Override:
    """The override as it was recorded, with its id."""
    row = asdict(override)
    del row["id"]
    key = connection.execute(insert(OVERRIDES).values(row)).inserted_primary_key
    assert key is not None
    return replace(override, id=int(key[0]))


def withdrawn(
    connection: Connection, customer_id: str, cutoff: int, by: str, reason: str, recorded: int
) -> list[Override]:
    """Ends every override of a customer that is in its time or still to come at `cutoff`, and answers them."""
    standing = [entry for entry in told(connection, cutoff, customer_id) if entry.withdrawal is None]
    ended = [entry.override for entry in standing if entry.state != "expired"]
    rows = [asdict(Withdrawal(override.id, by, reason, cutoff, recorded)) for override in ended]
    if rows:
        connection.execute(insert(WITHDRAWALS), rows)
    return ended


def in_force(connection: Connection, cutoff: int, customers: Sequence[str] | None) -> dict[str, Override]:
    """The override in force at `cutoff` of each customer who has one."""
    return {row.customer_id: Override(*row) for row in _IN_FORCE.rows(connection, customers, cutoff=cutoff)}


def customers(connection: Connection) -> frozenset[str]:
    """Everybody about whom an override was ever recorded."""
    return frozenset(connection.execute(select(OVERRIDES.c.customer_id).distinct()).scalars())


def told(connection: Connection, cutoff: int, customer_id: str | None = None) -> list[Entry]:
    """The overrides of one customer, or of all, as they stand at `cutoff`; in the order of recording."""
    recorded = select(OVERRIDES).order_by(OVERRIDES.c.id)
    ends = select(WITHDRAWALS)
    if customer_id is not None:
        recorded = recorded.where(OVERRIDES.c.customer_id == customer_id)
        ends = ends.join(OVERRIDES).where(OVERRIDES.c.customer_id == customer_id)
    overrides = [Override(*row) for row in connection.execute(recorded)]
    return entries(overrides, [Withdrawal(*row) for row in connection.execute(ends)], cutoff)
