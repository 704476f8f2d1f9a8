"""A forest: LightGBM's text of a model, and the compiled walks that answer for it."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from training.errors import BundleError
from training.trees import walk
from training.trees.splits import splits_of
from training.trees.tables import Tables, tables_of
from training.trees.text import Tree, features_of, trees_of

Floats = NDArray[np.float64]

CORES = os.cpu_count() or 1
MANY_ROWS = 4_096
"""From so many rows on they are shared out to all cores; the bytes are the same."""


@dataclass(frozen=True)
class Forest:
    """Trees as LightGBM wrote them; its raw predictions to the last bit, its contributions to 1e-9.

    Raises BundleError for a text that is no such model.
    """

    text: str

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The features that the trees read, in the order of the columns."""
        return features_of(self.text)

    def predict(self, features: Floats) -> Floats:
        """The sum of the leaves of (n, f) features, shape (n,)."""
        total = np.empty(len(features))
        nodes, plain = self._nodes, self._read(features)
        if len(features) < MANY_ROWS:
            walk.predict(nodes, plain, total)
        else:
            _share_out(lambda rows: walk.predict(nodes, plain[rows], total[rows]), len(features))
        return total

    def explain(self, features: Floats) -> tuple[float, Floats]:
        """(base value, contributions of shape (n, f)): exact path-dependent TreeSHAP of the sum of the leaves."""
        explained = self.explain_with_sum(features)
        return self.base_value, explained[:, :-1]

    def explain_with_sum(self, features: Floats) -> Floats:
        """The contributions, and in a last column what they amount to, shape (n, f + 1)."""
        contributions = np.zeros((len(features), features.shape[1] + 1))
        tables, plain = self._tables, self._read(features)
        if len(features) < MANY_ROWS:
            walk.explain(tables, plain, contributions)
        else:
            _share_out(lambda rows: walk.explain(tables, plain[rows], contributions[rows]), len(features))
        return contributions

    @property
    def table_bytes(self) -> int:
        """How much memory the tables of contributions take."""
        return self._tables.table.nbytes

    @cached_property
    def base_value(self) -> float:
        """The sum over the trees of their mean over the training rows."""
        return float(sum(_mean(tree) for tree in self._trees))

    def _read(self, features: Floats) -> Floats:
        if features.shape[1] != len(self.names):
            raise BundleError(f"the trees read {len(self.names)} features, got {features.shape[1]}")
        return np.ascontiguousarray(features)

    @cached_property
    def _trees(self) -> tuple[Tree, ...]:
        return tuple(trees_of(self.text))

    @cached_property
    def _nodes(self) -> walk.Nodes:
        inner = np.cumsum([0, *(len(tree.feature) for tree in self._trees)])
        leaves = np.cumsum([0, *(len(tree.value) for tree in self._trees)])
        placed = list(zip(self._trees, inner.tolist(), leaves.tolist(), strict=False))

        def children(side: str) -> list[NDArray[np.int64]]:
            found = [(getattr(tree, side), node, leaf) for tree, node, leaf in placed]
            return [np.where(child >= 0, child + node, child - leaf) for child, node, leaf in found]

        return walk.Nodes(
            roots=np.array([node if len(tree.feature) else -1 - leaf for tree, node, leaf in placed], dtype=np.int64),
            splits=splits_of((tree, node) for tree in self._trees for node in range(len(tree.feature))),
            left=np.concatenate([np.zeros(0, np.int64), *children("left")]),
            right=np.concatenate([np.zeros(0, np.int64), *children("right")]),
            leaf=np.concatenate([np.zeros(0), *(tree.value for tree in self._trees)]),
        )

    @cached_property
    def _tables(self) -> Tables:
        return tables_of(self._trees)


def _mean(tree: Tree) -> float:
    """Of the leaves, by the training rows in them; a leaf alone has no count."""
    if not len(tree.feature):
        return float(tree.value[0])
    return float((tree.leaf_count / tree.count[0] * tree.value).sum())


def _share_out(task: Callable[[slice], None], rows: int) -> None:
    """Runs the task on all rows, on all cores."""
    ends = np.linspace(0, rows, CORES + 1).astype(int).tolist()
    with ThreadPoolExecutor(CORES) as pool:
        list(pool.map(lambda pair: task(slice(*pair)), pairwise(ends)))
