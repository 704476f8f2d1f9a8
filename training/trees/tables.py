"""The tables of a forest: for every group of leaves and every pattern of met conditions, summed contributions."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from training.trees.groups import DEEPEST, Demand, Group, groups_of
from training.trees.splits import Bits, Places, Splits, splits_of
from training.trees.text import Tree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(DEEPEST // 2)
NODES: Floats = (_NODES + 1.0) / 2.0
WEIGHTS: Floats = _WEIGHTS / 2.0
"""Of Gauss and Legendre over (0, 1): exact for polynomials of degree DEEPEST − 1."""


class Tables(NamedTuple):
    """Groups 0 to g − 1, in the order of their trees.

    Group i reads the splits `conditions[i]` to `conditions[i + 1]`, from `others[i]` on those that are not plain; a
    row that goes left where `left` is 0, or right where it is 1, misses the condition, which clears its `bit` in a
    pattern of `bits[i]` ones. Row p of the group's table begins at `places[i] + p * width`, where `width` is the
    number of its columns `columns[i]` to `columns[i + 1]` (positions among the features), a contribution each.
    """

    conditions: Ints
    others: Ints
    splits: Splits
    left: Bits
    bit: Bits
    bits: Ints
    columns: Ints
    column: Places
    places: Ints
    table: Floats


class Leaves(NamedTuple):
    """What fills the tables: leaves of value `value`, of group `group`, with the demands `demands[i]` to
    `demands[i + 1]`: the place of the feature among the group's, the bits, how they must be, the share of rows."""

    group: Ints
    value: Floats
    demands: Ints
    place: Ints
    mask: Ints
    wanted: Ints
    share: Floats


def tables_of(trees: Iterable[Tree]) -> Tables:
    """The tables of trees; those of a leaf alone have none."""
    groups = [(tree, group) for tree in trees if len(tree.feature) for group in groups_of(tree)]
    read = [(tree, condition) for tree, group in groups for condition in group.conditions]
    splits = splits_of((tree, condition.node) for tree, condition in read)
    widths = [len(group.features) for _, group in groups]
    sizes = [(1 << group.bits) * width for (_, group), width in zip(groups, widths, strict=True)]
    ends, places = _ends([len(group.conditions) for _, group in groups]), _ends(sizes)
    tables = Tables(
        conditions=ends,
        others=ends[:-1] + np.array([splits.plain[first:last].sum() for first, last in pairwise(ends)], dtype=np.int64),
        splits=splits,
        left=_ints(condition.left for _, condition in read).astype(np.uint8),
        bit=_ints(condition.bit for _, condition in read).astype(np.uint8),
        bits=_ints(group.bits for _, group in groups),
        columns=_ends(widths),
        column=_ints(feature for _, group in groups for feature in group.features).astype(np.uint16),
        places=places[:-1].copy(),
        table=np.zeros(places[-1]),
    )
    fill(tables, _leaves_of(groups), NODES, WEIGHTS)
    return tables


def _leaves_of(groups: Sequence[tuple[Tree, Group]]) -> Leaves:
    numbers, values, counts = [], [], []
    demands: list[tuple[int, Demand]] = []
    for number, (tree, group) in enumerate(groups):
        place_of = {feature: place for place, feature in enumerate(group.features)}
        for leaf, asked in group.leaves:
            numbers.append(number)
            values.append(tree.value[leaf])
            counts.append(len(asked))
            demands += [(place_of[demand.feature], demand) for demand in asked]
    return Leaves(
        group=_ints(numbers),
        value=np.array(values, dtype=np.float64),
        demands=_ends(counts),
        place=_ints(place for place, _ in demands),
        mask=_ints(demand.mask for _, demand in demands),
        wanted=_ints(demand.wanted for _, demand in demands),
        share=np.array([demand.share for _, demand in demands], dtype=np.float64),
    )


@njit(cache=True, nogil=True)
def fill(tables: Tables, leaves: Leaves, nodes: Floats, weights: Floats) -> None:
    """Adds every leaf to the table of its group."""
    own = np.empty((1 << DEEPEST) * DEEPEST)
    for leaf in range(len(leaves.group)):
        group, first = leaves.group[leaf], leaves.demands[leaf]
        count = leaves.demands[leaf + 1] - first
        value, share = leaves.value[leaf], leaves.share[first : first + count]
        explain_leaf(own, value, share, nodes, weights)
        width = tables.columns[group + 1] - tables.columns[group]
        for pattern in range(1 << tables.bits[group]):
            met = 0
            for k in range(count):
                met |= ((pattern & leaves.mask[first + k]) == leaves.wanted[first + k]) << k
            start = tables.places[group] + pattern * width
            for k in range(count):
                tables.table[start + leaves.place[first + k]] += own[met * count + k]


@njit(cache=True, nogil=True)
def explain_leaf(own: Floats, value: float, share: Floats, nodes: Floats, weights: Floats) -> None:
    """Path-dependent Shapley values of one leaf of d features, for all 2^d ways to meet them: row p of `own` from
    p · d on, a value for each feature.

    With o(j) whether feature j is met and z(j) the share of training rows that meet it, feature i is worth
    (o(i) − z(i)) times the leaf's value times the integral over t from 0 to 1 of the product over the other j of
    o(j) t + z(j) (1 − t): its powers of t and 1 − t are Shapley's weights (Lundberg et al. 2018; the integral as in
    Owen 1972). The quadrature is exact, and all terms are positive.
    """
    d = len(share)
    before = np.empty(d + 1)
    for met in range(1 << d):
        row = own[met * d : met * d + d]
        row[:] = 0.0
        for node in range(len(nodes)):
            t, weight = nodes[node], weights[node]
            before[0] = weight
            for k in range(d):
                before[k + 1] = before[k] * ((met >> k & 1) * t + share[k] * (1.0 - t))
            after = 1.0
            for k in range(d - 1, -1, -1):
                row[k] += before[k] * after
                after *= (met >> k & 1) * t + share[k] * (1.0 - t)
        for k in range(d):
            row[k] *= ((met >> k & 1) - share[k]) * value


def _ends(lengths: Sequence[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(np.asarray(lengths, dtype=np.int64))]).astype(np.int64)


def _ints(numbers: object) -> Ints:
    return np.array(list(numbers), dtype=np.int64)  # type: ignore[call-overload]
