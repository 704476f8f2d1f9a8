"""The compiled walks: down the trees for a prediction, over the tables for an explanation."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from training.trees.splits import Splits
from training.trees.tables import Tables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK = 256
"""So many rows share a group's table while it is near; a few are walked one by one."""
FEW = 8

NOTHING = float(np.float32(1e-35))
"""LightGBM's 0, where 0 counts as missing: a number of single precision."""


class Nodes(NamedTuple):
    """All trees as one list of inner nodes: tree i begins at `roots[i]`, below 0 a leaf alone. A child below 0 is the
    leaf −1 − child of `leaf`."""

    roots: Ints
    splits: Splits
    left: Ints
    right: Ints
    leaf: Floats


@njit(cache=True, nogil=True, inline="always")
def is_among(value: float, first: int, last: int, members: NDArray[np.bool_]) -> bool:
    """Whether LightGBM sends a category left; `members` from `first` to `last` are those that go."""
    return bool(value > -1.0 and value < last - first and members[first + int(value)])


@njit(cache=True, nogil=True, inline="always")
def is_at_most(value: float, threshold: float, missing: int | np.int64) -> bool:
    """Whether LightGBM sends a number left where 0 counts as missing."""
    if np.isnan(value) or abs(value) <= NOTHING:
        return missing == 1
    return bool(value <= threshold)


@njit(cache=True, nogil=True)
def predict(nodes: Nodes, features: Floats, total: Floats) -> None:
    """Writes the sum of the leaves of (n, f) features into `total`, shape (n,), added in the order of the trees."""
    roots, left, right, leaf = nodes.roots, nodes.left, nodes.right, nodes.leaf
    feature, threshold = nodes.splits.feature, nodes.splits.threshold
    missing, plain, among = nodes.splits.missing, nodes.splits.plain, nodes.splits.among
    sets, members = nodes.splits.sets, nodes.splits.members
    for row in range(len(features)):
        summed = 0.0
        for root in roots:
            node = root
            while node >= 0:
                value = features[row, feature[node]]
                if plain[node]:
                    is_left = (value <= threshold[node]) | (np.isnan(value) & (missing[node] == 1))
                elif among[node]:
                    is_left = is_among(value, sets[node], sets[node + 1], members)
                else:
                    is_left = is_at_most(value, threshold[node], missing[node])
                node = left[node] if is_left else right[node]
            summed += leaf[-1 - node]
        total[row] = summed


@njit(cache=True, nogil=True)
def explain(tables: Tables, features: Floats, contributions: Floats) -> None:
    """Adds the contributions of (n, f) features to `contributions`, shape (n, f + 1), in the order of the groups, and
    their sum in its last column.

    A row's bytes are the same alone and among others.
    """
    if len(features) < FEW:
        for row in range(len(features)):
            explain_one(tables, features[row], contributions[row])
        return
    for first in range(0, len(features), BLOCK):
        last = min(first + BLOCK, len(features))
        explain_block(tables, features[first:last], contributions[first:last])


@njit(cache=True, nogil=True)
def explain_one(tables: Tables, features: Floats, contributions: Floats) -> None:
    """One row, shape (f,), group by group."""
    conditions, others, left, bit, bits = tables.conditions, tables.others, tables.left, tables.bit, tables.bits
    columns, column, places, table = tables.columns, tables.column, tables.places, tables.table
    feature, threshold, missing = tables.splits.feature, tables.splits.threshold, tables.splits.missing
    among, sets, members = tables.splits.among, tables.splits.sets, tables.splits.members
    total = 0.0
    for group in range(len(bits)):
        missed = np.int64(0)
        for k in range(np.uint64(conditions[group]), np.uint64(others[group])):
            value = features[feature[k]]
            is_left = np.int64(value <= threshold[k]) | (np.int64(np.isnan(value)) & np.int64(missing[k]))
            missed |= (is_left ^ np.int64(left[k])) << np.int64(bit[k])
        for k in range(others[group], conditions[group + 1]):
            value = features[feature[k]]
            if among[k]:
                is_left = np.int64(is_among(value, sets[k], sets[k + 1], members))
            else:
                is_left = np.int64(is_at_most(value, threshold[k], missing[k]))
            missed |= (is_left ^ np.int64(left[k])) << np.int64(bit[k])
        first, last = columns[group], columns[group + 1]
        place = places[group] + (((1 << bits[group]) - 1) ^ missed) * (last - first)
        for k in range(np.uint64(last - first)):
            share = table[np.uint64(place) + k]
            contributions[column[np.uint64(first) + k]] += share
            total += share
    contributions[len(features)] = total


@njit(cache=True, nogil=True)
def explain_block(tables: Tables, features: Floats, contributions: Floats) -> None:
    """Some rows, group by group: each condition is read for all of them at once."""
    conditions, others, left, bit, bits = tables.conditions, tables.others, tables.left, tables.bit, tables.bits
    columns, column, places, table = tables.columns, tables.column, tables.places, tables.table
    feature, threshold, missing = tables.splits.feature, tables.splits.threshold, tables.splits.missing
    among, sets, members = tables.splits.among, tables.splits.sets, tables.splits.members
    across = features.T.copy()
    misses, total = np.empty(len(features), np.int64), np.zeros(len(features))
    for group in range(len(bits)):
        misses[:] = 0
        for k in range(conditions[group], others[group]):
            values, limit = across[feature[k]], threshold[k]
            passes, side, place = np.int64(missing[k]), np.int64(left[k]), np.int64(bit[k])
            for row in range(len(values)):
                is_left = np.int64(values[row] <= limit) | (np.int64(np.isnan(values[row])) & passes)
                misses[row] |= (is_left ^ side) << place
        for k in range(others[group], conditions[group + 1]):
            values, limit = across[feature[k]], threshold[k]
            passes, side, place = np.int64(missing[k]), np.int64(left[k]), np.int64(bit[k])
            start, end = sets[k], sets[k + 1]
            for row in range(len(values)):
                if among[k]:
                    is_left = np.int64(is_among(values[row], start, end, members))
                else:
                    is_left = np.int64(is_at_most(values[row], limit, passes))
                misses[row] |= (is_left ^ side) << place
        first, last = columns[group], columns[group + 1]
        for row in range(len(features)):
            place = places[group] + (((1 << bits[group]) - 1) ^ misses[row]) * (last - first)
            for k in range(np.uint64(last - first)):
                share = table[np.uint64(place) + k]
                contributions[row, column[np.uint64(first) + k]] += share
                total[row] += share
    contributions[:, features.shape[1]] = total
