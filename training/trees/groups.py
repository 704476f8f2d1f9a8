"""A tree cut into groups of neighbouring leaves that share one table of contributions.

A row meets some conditions of a group and misses others; that pattern, as bits, is the place in the group's table
where the contributions of all of its leaves stand summed. A group reads the splits inside it, a bit each, and the
splits on the way to it, a bit for each feature.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from training.errors import BundleError
from training.trees.splits import is_plain
from training.trees.text import Tree

MOST_BITS = 9
"""More bits make fewer groups, hence fewer look-ups, and larger tables; beyond this the tables leave the cache."""

DEEPEST = 16
"""More features on the way to one leaf are refused: its table alone would hold millions of numbers."""


@dataclass(frozen=True)
class Condition:
    """That a row goes to one side of a node; it clears the `bit` of a pattern where it does not."""

    node: int
    left: bool
    bit: int


@dataclass(frozen=True)
class Demand:
    """What a leaf asks of one feature: these bits of the pattern, so, and the share of rows that comply."""

    feature: int
    mask: int
    wanted: int
    share: float

    def and_also(self, mask: int, wanted: int, share: float) -> "Demand":
        """One more split on the same feature."""
        return Demand(self.feature, self.mask | mask, self.wanted | wanted, self.share * share)


@dataclass(frozen=True)
class Group:
    """Leaves below one node: the conditions that make a pattern of `bits` bits, those of plain splits first, and each
    leaf's demands."""

    conditions: tuple[Condition, ...]
    bits: int
    leaves: tuple[tuple[int, tuple[Demand, ...]], ...]

    @property
    def features(self) -> list[int]:
        """The features that any of the leaves asks about, ascending."""
        return sorted({demand.feature for _, demands in self.leaves for demand in demands})


@dataclass
class _Way:
    """The splits from the root to a node, as conditions, and as what they demand of each feature."""

    conditions: tuple[Condition, ...] = ()
    bit_of: dict[int, int] = field(default_factory=dict)
    demands: dict[int, Demand] = field(default_factory=dict)

    def after(self, tree: Tree, node: int, left: bool) -> "_Way":
        feature = int(tree.feature[node])
        bit = self.bit_of.get(feature, len(self.bit_of))
        share = share_of(tree, node, left)
        known = self.demands.get(feature, Demand(feature, 0, 0, 1.0))
        return _Way(
            (*self.conditions, Condition(node, left, bit)),
            {**self.bit_of, feature: bit},
            {**self.demands, feature: known.and_also(1 << bit, 1 << bit, share)},
        )


def groups_of(tree: Tree) -> Iterator[Group]:
    """The groups of a tree with splits, from the left to the right."""
    yield from _cut(tree, 0, _Way())


def share_of(tree: Tree, node: int, left: bool) -> float:
    """The share of the training rows in a node that went to one side."""
    child = int((tree.left if left else tree.right)[node])
    rows = tree.count[child] if child >= 0 else tree.leaf_count[-1 - child]
    return float(rows / tree.count[node])


def _cut(tree: Tree, node: int, way: _Way) -> Iterator[Group]:
    inside = _inner(tree, node)
    bits = len(way.bit_of) + len(inside)
    if bits <= MOST_BITS or node < 0:
        if bits > DEEPEST:
            raise BundleError(
                f"a leaf of the trees is {bits} features deep; train with a max_depth of {DEEPEST} at most"
            )
        bit_of = {inner: len(way.bit_of) + place for place, inner in enumerate(inside)}
        asked = [*way.conditions, *(Condition(inner, True, bit) for inner, bit in bit_of.items())]
        plain_first = sorted(asked, key=lambda condition: not is_plain(tree, condition.node))
        yield Group(tuple(plain_first), bits, tuple(_leaves(tree, node, dict(way.demands), bit_of)))
        return
    yield from _cut(tree, int(tree.left[node]), way.after(tree, node, True))
    yield from _cut(tree, int(tree.right[node]), way.after(tree, node, False))


def _inner(tree: Tree, node: int) -> list[int]:
    """The inner nodes at and below a node."""
    if node < 0:
        return []
    return [node, *_inner(tree, int(tree.left[node])), *_inner(tree, int(tree.right[node]))]


def _leaves(
    tree: Tree, node: int, demands: dict[int, Demand], bit_of: dict[int, int]
) -> Iterator[tuple[int, tuple[Demand, ...]]]:
    if node < 0:
        yield -1 - node, tuple(demands.values())
        return
    feature, mask = int(tree.feature[node]), 1 << bit_of[node]
    known = demands.get(feature, Demand(feature, 0, 0, 1.0))
    for left in (True, False):
        further = known.and_also(mask, mask if left else 0, share_of(tree, node, left))
        yield from _leaves(tree, int((tree.left if left else tree.right)[node]), {**demands, feature: further}, bit_of)
