"""Standing tiers in the ledger: who had which tier at which cutoff, and since when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select

from serving.ledger.previous import Previous
from serving.ledger.question import Question
from serving.ledger.tables import STANDING, WRITES

Assigned = tuple[str, str, bool]
"""A customer's id, the tier, and whether a policy's memory held it."""

_LATEST = (
    select(WRITES.c.id)
    .where(WRITES.c.cutoff <= bindparam("moment"))
    .order_by(WRITES.c.cutoff.desc(), WRITES.c.id.desc())
    .limit(1)
)
_TIERS = Question(
    select(STANDING.c.customer_id, STANDING.c.tier, STANDING.c.since, STANDING.c.moved_from).where(
        STANDING.c.write_id == _LATEST.scalar_subquery()
    ),
    STANDING.c.customer_id,
)


def written(
    connection: Connection, cutoff: int, plan_version: str, model_version: str, rows: Iterable[Assigned]
) -> int:
    """Writes the tiers of a plan at a cutoff in place of those that it had there, and answers their number."""
    _forget(connection, cutoff, plan_version)
    before = previous(connection, cutoff, None, through=False)
    given = {"cutoff": cutoff, "plan_version": plan_version, "model_version": model_version}
    key = connection.execute(insert(WRITES).values(given)).inserted_primary_key
    assert key is not None
    standing = list(_standing(int(key[0]), cutoff, rows, before))
    if standing:
        connection.execute(insert(STANDING), standing)
    return len(standing)


def previous(
    connection: Connection, cutoff: int, customers: Sequence[str] | None, *, through: bool
) -> dict[str, Previous]:
    """The tiers of the latest write before `cutoff`, or `through` it; for some customers or all (None)."""
    moment = cutoff if through else cutoff - 1
    rows = _TIERS.rows(connection, customers, moment=moment)
    return {customer: Previous(tier, since, moved_from) for customer, tier, since, moved_from in rows}


def of_write(connection: Connection, number: int) -> dict[str, Previous]:
    """All tiers of one write."""
    columns = (STANDING.c.customer_id, STANDING.c.tier, STANDING.c.since, STANDING.c.moved_from)
    rows = connection.execute(select(*columns).where(STANDING.c.write_id == number))
    return {customer: Previous(tier, since, moved_from) for customer, tier, since, moved_from in rows}


def _forget(connection: Connection, cutoff: int, plan_version: str) -> None:
    same = select(WRITES.c.id).where(WRITES.c.cutoff == cutoff, WRITES.c.plan_version == plan_version)
    number = connection.execute(same).scalar_one_or_none()
    if number is not None:
        connection.execute(delete(STANDING).where(STANDING.c.write_id == number))
        connection.execute(delete(WRITES).where(WRITES.c.id == number))


def _standing(
    write: int, cutoff: int, rows: Iterable[Assigned], before: Mapping[str, Previous]
) -> Iterator[dict[str, object]]:
    for customer, tier, held in rows:
        now = after(before.get(customer), tier, cutoff)
        yield {
            "write_id": write,
            "customer_id": customer,
            "tier": tier,
            "held": held,
            "since": now.since,
            "moved_from": now.moved_from,
        }


def after(before: Previous | None, tier: str, cutoff: int) -> Previous:
    """A tier as it stands after this assignment: the stay goes on, or a move starts another."""
    if before is None:
        return Previous(tier, cutoff, None)
    return before if before.tier == tier else Previous(tier, cutoff, before.tier)
