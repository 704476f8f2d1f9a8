"""Splits as the compiled walks read them."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from training.trees.text import CATEGORICAL, DEFAULT_LEFT, MISSING_NONE, MISSING_ZERO, Tree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Places = NDArray[np.uint16]
"""Of features: unsigned, so that the compiled walks need not ask whether they count from the end, and small, so that
many of them lie near."""
Bits = NDArray[np.uint8]


class Splits(NamedTuple):
    """Splits 0 to n − 1: the position of the feature, the threshold, and 1 where what is missing goes left.

    All but the `plain` are either `among`, which read rows `sets[i]` to `sets[i + 1]` of `members` (true for the
    categories that go left), or take 0 for missing.
    """

    feature: Places
    threshold: Floats
    missing: Bits
    plain: NDArray[np.bool_]
    among: NDArray[np.bool_]
    sets: Ints
    members: NDArray[np.bool_]


def splits_of(asked: Iterable[tuple[Tree, int]]) -> Splits:
    """The splits of these trees' nodes, in this order."""
    nodes = list(asked)
    sets = [_members(tree, node) for tree, node in nodes]
    return Splits(
        feature=np.array([tree.feature[node] for tree, node in nodes], dtype=np.uint16),
        threshold=np.array([tree.threshold[node] for tree, node in nodes], dtype=np.float64),
        missing=np.array([_missing_go_left(tree, node) for tree, node in nodes], dtype=np.uint8),
        plain=np.array([is_plain(tree, node) for tree, node in nodes], dtype=np.bool_),
        among=np.array([bool(tree.decision[node] & CATEGORICAL) for tree, node in nodes], dtype=np.bool_),
        sets=np.concatenate([[0], np.cumsum([len(members) for members in sets])]).astype(np.int64),
        members=np.concatenate([np.zeros(0, dtype=np.bool_), *sets]),
    )


def is_plain(tree: Tree, node: int) -> bool:
    """Whether a node compares with its threshold, and only what is no number is missing."""
    decision = int(tree.decision[node])
    return not decision & CATEGORICAL and decision >> 2 != MISSING_ZERO


def _missing_go_left(tree: Tree, node: int) -> bool:
    """Where nothing was missing in training, LightGBM takes what is missing for 0."""
    decision = int(tree.decision[node])
    if decision >> 2 == MISSING_NONE:
        return bool(tree.threshold[node] >= 0.0)
    return bool(decision & DEFAULT_LEFT)


def _members(tree: Tree, node: int) -> NDArray[np.bool_]:
    chosen = tree.categories.get(node, frozenset())
    members = np.zeros(max(chosen, default=-1) + 1, dtype=np.bool_)
    members[list(chosen)] = True
    return members
