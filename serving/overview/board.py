"""The RFM board: buyers by recency and frequency, and the seven classes of the foreign-trade matrix."""

from itertools import product

import numpy as np

from serving.overview.overview import Cell, Size
from serving.tiers.graded import GradedRule
from serving.tiers.inputs import ORDERS, Columns, Floats

GRADES = 3
RECENCY, FREQUENCY = 0, 1
"""The places of both among the gradings of the matrix."""


def board(rule: GradedRule, columns: Columns, value: Floats) -> tuple[Cell, ...]:
    """The nine cells, the best first; `value` (n,) is the money expected of each customer."""
    bought = np.nan_to_num(columns[ORDERS.name]) > 0
    grades = rule.grades_of(columns)
    recency, frequency = grades[RECENCY], grades[FREQUENCY]
    cells = []
    for high, often in product(reversed(range(GRADES)), reversed(range(GRADES))):
        members = bought & (recency == high) & (frequency == often)
        cells.append(
            Cell(recency=high, frequency=often, customers=int(members.sum()), value=float(value[members].sum()))
        )
    return tuple(cells)


def class_sizes(rule: GradedRule, columns: Columns, value: Floats) -> tuple[Size, ...]:
    """The size of every class, the most important first; who never bought is in none of them."""
    bought = np.nan_to_num(columns[ORDERS.name]) > 0
    classes = rule.classes_of(columns)
    found = []
    for place, each in enumerate(rule.classes):
        members = bought & (classes == place)
        found.append(Size(name=each.name, customers=int(members.sum()), value=float(value[members].sum())))
    return tuple(found)
