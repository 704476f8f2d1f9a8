"""What the ledger has about one customer, whatever the table."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select

from serving.ledger.tables import METADATA

About = tuple[Table, ColumnElement[bool]]
"""A table, and which of its rows are meant."""


def counted(connection: Connection, customer_id: str) -> int:
    """How many rows are about the customer."""
    questions = (select(func.count()).select_from(table).where(own) for table, own in _about(customer_id))
    return sum(int(connection.execute(question).scalar_one()) for question in questions)


def deleted(connection: Connection, customer_id: str) -> int:
    """Deletes those rows, those that refer to others first, and answers their number."""
    return sum(connection.execute(delete(table).where(own)).rowcount for table, own in _about(customer_id))


def _about(customer_id: str) -> Iterator[About]:
    """The rows that name the customer, and those that refer to one; those that refer come first."""
    for table in reversed(METADATA.sorted_tables):
        if "customer_id" in table.c:
            yield table, _names(table, customer_id)
            continue
        for key in table.foreign_keys:
            owner = key.column.table
            if "customer_id" in owner.c:
                yield table, key.parent.in_(select(key.column).where(_names(owner, customer_id)))


def _names(table: Table, customer_id: str) -> ColumnElement[bool]:
    """The rows with the id; blanks around it do not count."""
    return func.trim(table.c.customer_id) == customer_id.strip()
