"""Flows from tiers to tiers as ribbons between two columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from serving.overview.overview import Flow
from serving.tiers.ladder import TIERS

WIDTH, HEIGHT, COLUMN, GAP = 640.0, 320.0, 14.0, 12.0
NEW = "new"
"""The start of who was not on record."""


@dataclass(frozen=True, slots=True)
class Node:
    """A tier at one end: `customers` of them, from `y` on, `height` high."""

    name: str
    x: float
    y: float
    height: float
    customers: int


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Customers on their way, as an SVG path as wide as they are many; `direction` is "up", "down" or "same"."""

    path: str
    width: float
    before: str
    after: str
    customers: int
    direction: str


@dataclass(frozen=True, slots=True)
class Sankey:
    """Both columns and the ribbons between them."""

    before: tuple[Node, ...]
    after: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]


def sankey(flows: Sequence[Flow]) -> Sankey:
    """The drawing of flows, the highest tier on top at either end."""
    starts = {name: sum(flow.customers for flow in flows if (flow.before or NEW) == name) for name in (*TIERS, NEW)}
    ends = {name: sum(flow.customers for flow in flows if flow.after == name) for name in TIERS}
    everybody = max(1, sum(ends.values()))
    scale = (HEIGHT - GAP * len(TIERS)) / everybody
    before, after = _column(starts, 0.0, scale), _column(ends, WIDTH - COLUMN, scale)
    left, right = ({node.name: node.y for node in column} for column in (before, after))
    ribbons = []
    for flow in sorted(flows, key=lambda flow: (_place(flow.before), TIERS.index(flow.after))):
        start, width = flow.before or NEW, flow.customers * scale
        ribbons.append(_ribbon(flow, start, left[start] + width / 2, right[flow.after] + width / 2, width))
        left[start] += width
        right[flow.after] += width
    return Sankey(before, after, tuple(ribbons))


def _column(sizes: dict[str, int], x: float, scale: float) -> tuple[Node, ...]:
    nodes, y = [], 0.0
    for name, customers in sizes.items():
        if customers:
            nodes.append(Node(name, x, round(y, 1), round(max(1.0, customers * scale), 1), customers))
            y += customers * scale + GAP
    return tuple(nodes)


def _ribbon(flow: Flow, start: str, y: float, to: float, width: float) -> Ribbon:
    left, right, middle = COLUMN, WIDTH - COLUMN, WIDTH / 2
    path = f"M{left:.0f},{y:.1f} C{middle:.0f},{y:.1f} {middle:.0f},{to:.1f} {right:.0f},{to:.1f}"
    return Ribbon(path, round(max(0.6, width), 2), start, flow.after, flow.customers, direction_of(flow))


def direction_of(flow: Flow) -> str:
    """Which way a flow leads: "up", "down", "same", or "new" for who was not on record."""
    if flow.before is None:
        return NEW
    step = TIERS.index(flow.after) - TIERS.index(flow.before)
    return "same" if step == 0 else "up" if step < 0 else "down"


def _place(tier: str | None) -> int:
    return len(TIERS) if tier is None else TIERS.index(tier)
