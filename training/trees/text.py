"""LightGBM's text of a model, read into plain arrays."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.errors import BundleError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TREE = re.compile(r"^Tree=\d+\n", flags=re.MULTILINE)
END = "end of trees"

CATEGORICAL, DEFAULT_LEFT = 1, 2
MISSING_NONE, MISSING_ZERO = range(2)
"""The bits of `decision_type`: how a split decides, where the missing go, and from bit 2 on what counts as missing."""


@dataclass(frozen=True)
class Tree:
    """One tree of n leaves: inner nodes 0 to n − 2, the root first; a child below 0 is the leaf −1 − child.

    `feature`, `decision`, `left`, `right` int64[n − 1], `threshold` float64[n − 1]: what goes left is at most the
    threshold, or for a categorical split one of `categories` (a set per node). `value` float64[n] of the leaves;
    `count` of training rows in inner nodes, `leaf_count` in leaves.
    """

    feature: Ints
    threshold: Floats
    decision: Ints
    left: Ints
    right: Ints
    categories: Mapping[int, frozenset[int]]
    count: Floats
    value: Floats
    leaf_count: Floats


def trees_of(text: str) -> Iterator[Tree]:
    """The trees in the order in which they are added up. Raises BundleError for what is no such text, and for
    kinds of trees that are not read here (linear leaves, several classes)."""
    if END not in text or "\ntree_sizes=" not in text:
        raise BundleError("the trees are not LightGBM's text of a model")
    if "\nnum_tree_per_iteration=1\n" not in text:
        raise BundleError("trees of several classes are not read here; train one model for each")
    columns, blocks = len(features_of(text)), TREE.split(text[: text.index(END)])[1:]
    sizes = re.findall(r"^tree_sizes=(.*)$", text, flags=re.MULTILINE)[0].split()
    if len(blocks) != len(sizes):
        raise BundleError(f"the model speaks of {len(sizes)} trees and has {len(blocks)}")
    for block in blocks:
        try:
            yield _tree(dict(line.partition("=")[::2] for line in block.splitlines() if "=" in line), columns)
        except (KeyError, ValueError, IndexError) as error:
            raise BundleError(f"a tree of the model cannot be read: {error!r}") from error


def features_of(text: str) -> tuple[str, ...]:
    """The names of the columns that the trees were grown on."""
    found = re.findall(r"^feature_names=(.*)$", text, flags=re.MULTILINE)
    if len(found) != 1:
        raise BundleError("the trees are not LightGBM's text of a model: no names of features")
    return tuple(str(found[0]).split(" "))


def _tree(fields: Mapping[str, str], columns: int) -> Tree:
    if fields.get("is_linear", "0") != "0":
        raise BundleError("trees with linear leaves cannot be explained; train without `linear_tree`")
    inner = int(fields["num_leaves"]) - 1
    decision, threshold = _ints(fields, "decision_type", inner), _floats(fields, "threshold", inner)
    tree = Tree(
        feature=_ints(fields, "split_feature", inner),
        threshold=threshold,
        decision=decision,
        left=_ints(fields, "left_child", inner),
        right=_ints(fields, "right_child", inner),
        categories=_categories(fields, decision, threshold),
        count=_floats(fields, "internal_count", inner),
        value=_floats(fields, "leaf_value", inner + 1),
        leaf_count=_floats(fields, "leaf_count", inner + 1),
    )
    _require_a_tree(tree, inner, columns)
    return tree


def _require_a_tree(tree: Tree, inner: int, columns: int) -> None:
    """BundleError for what would lead a compiled walk, which asks nothing, astray: every node follows its parent."""
    nodes = np.arange(inner)
    for children in (tree.left, tree.right):
        follows = ((children > nodes) & (children < inner)) | ((children < 0) & (children >= -1 - inner))
        if len(children) != inner or not follows.all():
            raise BundleError("a tree of the model leads to a node that it does not have")
    lengths = {len(part) for part in (tree.feature, tree.threshold, tree.decision, tree.count)}
    leaves = len(tree.value) == len(tree.leaf_count) == inner + 1
    if not leaves or not (tree.count > 0).all() or not np.isfinite(tree.value).all():
        raise BundleError("a tree of the model has leaves without values or nodes without rows")
    if lengths != {inner} or not ((tree.feature >= 0) & (tree.feature < columns)).all():
        raise BundleError("a tree of the model splits on a feature that it does not have")


def _categories(fields: Mapping[str, str], decision: Ints, threshold: Floats) -> dict[int, frozenset[int]]:
    """The categories that go left, by node; the text holds them as bits of 32-bit words."""
    nodes = np.flatnonzero(decision & CATEGORICAL).tolist()
    if not nodes:
        return {}
    ends = [int(end) for end in fields["cat_boundaries"].split()]
    words = [int(word) for word in fields["cat_threshold"].split()]
    return {
        node: frozenset(_set_bits(words[ends[place] : ends[place + 1]])) for node, place in _places(nodes, threshold)
    }


def _places(nodes: list[int], threshold: Floats) -> Iterator[tuple[int, int]]:
    yield from ((node, int(threshold[node])) for node in nodes)


def _set_bits(words: list[int]) -> Iterator[int]:
    for place, word in enumerate(words):
        yield from (32 * place + bit for bit in range(32) if word >> bit & 1)


def _ints(fields: Mapping[str, str], name: str, count: int) -> Ints:
    return np.array([int(number) for number in fields[name].split()] if count else [], dtype=np.int64)


def _floats(fields: Mapping[str, str], name: str, count: int) -> Floats:
    given = fields.get(name, "").split() if count else []
    return np.array([float(number) for number in given] or [0.0] * count, dtype=np.float64)
