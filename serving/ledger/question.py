"""A query about some customers or all, built once; what is built anew takes longer than what it asks."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam

MOST = 500
"""Customers of one statement."""


class Question:
    """A query, and the column that holds the customers of its rows."""

    def __init__(self, query: Select[Any], customer: ColumnElement[str]) -> None:
        self._about_all = query
        self._about_some = query.where(customer.in_(bindparam("customers", expanding=True)))

    def rows(self, connection: Connection, customers: Sequence[str] | None, **given: int) -> Iterator[Any]:
        """The rows about these customers, in parts that every database takes, or about everybody (None)."""
        if customers is None:
            yield from connection.execute(self._about_all, given).all()
            return
        for start in range(0, len(customers), MOST):
            some = list(customers[start : start + MOST])
            yield from connection.execute(self._about_some, {**given, "customers": some}).all()
