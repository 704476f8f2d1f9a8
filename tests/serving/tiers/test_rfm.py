"""The exact rows of the RFM models."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from data.settings.tiers.rules import Rfm7, Rfm8
from serving.tiers.rfm import CELLS, EIGHT, SEVEN, learn_rfm7, learn_rfm8, rfm7, rfm8

LEARNT = {"recency_days": [90.0, 365.0], "orders": [3.0, 10.0], "spend": [1_000.0, 5_000.0]}
RECENCY = {"H": (0.0, 90.0), "M": (90.1, 365.0), "L": (365.1, float("nan"))}
ORDERS = {"L": (0.0, 2.0), "M": (3.0, 9.0), "H": (10.0, 99.0)}
SPEND = {"L": (0.0, 999.99), "M": (1_000.0, 4_999.0), "H": (5_000.0, 1e6)}

ROWS = {
    "core": ["HHH"],
    "potential_growth": ["HLH", "HLM"],
    "loyal_maintain": ["MHM", "MHL", "HHM", "HHL"],
    "win_back": ["LHH"],
    "general": ["MMM"],
    "new": ["HLL"],
    "low_value": ["LLL"],
}


def class_of(cell: str, rule=rfm7(LEARNT), end: int = 0) -> str:  # noqa: B008
    columns = {
        "last_order_age_days": np.array([RECENCY[cell[0]][end]]),
        "orders": np.array([ORDERS[cell[1]][end]]),
        "spend": np.array([SPEND[cell[2]][end]]),
    }
    return rule.classes[int(rule.classes_of(columns)[0])].name


@pytest.mark.parametrize(("name", "cells"), ROWS.items())
def test_the_rows_of_the_field_are_untouched(name: str, cells: list[str]) -> None:
    assert [class_of(cell, end=end) for cell in cells for end in (0, 1)] == [name] * 2 * len(cells)


def test_every_cell_has_exactly_one_class() -> None:
    cells = [cell for named in CELLS.values() for cell in named.split()]
    assert sorted(cells) == sorted("".join(cell) for cell in product("HML", repeat=3))
    assert all(class_of(cell) == name for name, named in CELLS.items() for cell in named.split())


def test_nobody_as_good_in_all_three_has_a_lower_tier() -> None:
    places = {each.name: each.place for each in SEVEN}
    for one, other in product(product("LMH", repeat=3), repeat=2):
        if all("LMH".index(a) >= "LMH".index(b) for a, b in zip(one, other, strict=True)):
            assert places[class_of("".join(one))] <= places[class_of("".join(other))]


def test_the_eight_classes_are_those_of_the_field() -> None:
    rule = rfm8({"recency_days": 90.0, "orders": 3.0, "spend": 1_000.0})
    told = {cell: class_of(cell, rule) for cell in map("".join, product("HL", repeat=3))}
    assert told == {
        "HHH": "important_value",
        "HLH": "important_develop",
        "LHH": "important_keep",
        "LLH": "important_win_back",
        "HHL": "general_value",
        "HLL": "general_develop",
        "LHL": "general_keep",
        "LLL": "general_win_back",
    }
    assert len(EIGHT) == len(told)


def test_terciles_are_those_of_buyers_and_ties_go_down() -> None:
    orders = np.array([0.0] * 50 + [1.0] * 40 + [2.0] * 20 + [5.0] * 30)
    columns = {"orders": orders, "spend": orders * 100, "last_order_age_days": orders}
    assert learn_rfm7(Rfm7(), columns)["orders"] == [2.0, 5.0]
    assert learn_rfm7(Rfm7(orders=(4.0, 8.0)), columns)["orders"] == [4.0, 8.0]
    even = {name: np.array([1.0, 1.0, 1.0]) for name in columns}
    assert learn_rfm7(Rfm7(), even)["orders"] == [None, None]


def test_medians_are_those_of_buyers_and_belong_to_high() -> None:
    orders = np.array([0.0] * 50 + [1.0] * 3 + [2.0] * 4)
    columns = {"orders": orders, "spend": orders * 100, "last_order_age_days": orders}
    assert learn_rfm8(Rfm8(), columns)["orders"] == 2.0
    assert rfm8(learn_rfm8(Rfm8(), columns)).places(columns)[-1] == 0
