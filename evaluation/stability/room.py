"""Whether a policy that shares out seats ever gave more than it has."""

from typing import cast

import numpy as np

from data.settings.book import Book
from data.settings.tiers.profit import ExpectedProfit
from serving.capacity.limits import UNLIMITED
from serving.plan import Plan
from serving.tiers.inputs import Columns
from serving.tiers.ladder import TIERS
from serving.tiers.profit import ProfitRule
from serving.tiers.room import room
from serving.tiers.rule import Places


def beyond_seats(book: Book, plan: Plan, columns: Columns, places: Places) -> int | None:
    """How many customers of a plan stand beyond the seats of their tier, (n,); None for a policy without seats."""
    if plan.policy != "expected_profit":
        return None
    rule = cast(ProfitRule, plan.rule)
    return beyond(book.tiers.expected_profit, max(len(plan.learnt["owners"]), 1), rule.groups(columns), places)


def beyond(settings: ExpectedProfit, owners: int, groups: Places, places: Places) -> int:
    """The same by the settings, of customers in the groups (n,) of so many owners."""
    seats = room(settings, len(places), None, owners, np.empty(0, np.int64)).seats
    taken = np.zeros((owners, len(TIERS)), dtype=np.int64)
    np.add.at(taken, (groups, places), 1)
    return int(np.where(seats == UNLIMITED, 0, np.maximum(taken - seats, 0)).sum())
