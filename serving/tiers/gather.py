"""The columns of a whole book: what its policy looks at, of everybody who is on record at a moment."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.clock import add_days
from data.histories.histories import Histories
from features.build import build_features
from serving.tiers.inputs import Columns, columns_of
from serving.tiers.moves import REVIEW_DAYS
from training.bundle import Bundle
from training.labels import population


@dataclass(frozen=True)
class Gathered:
    """The `customers` with an event by the cutoff, and their columns, shape (n,), in their order.

    `then` are the columns a review earlier, as known then, of those of them who were on record: shape (m,), and
    `known_then` (n,) says who they are.
    """

    customers: tuple[str, ...]
    columns: Columns
    then: Columns
    known_then: NDArray[np.bool_]


def joined(parts: Sequence[Gathered], names: Sequence[str]) -> Gathered:
    """The columns of these names of all parts, part after part."""
    nothing = np.empty(0)
    now, then = (
        {name: np.concatenate([nothing, *(getattr(part, side)[name] for part in parts)]) for name in names}
        for side in ("columns", "then")
    )
    known = np.concatenate([np.empty(0, np.bool_), *(part.known_then for part in parts)])
    return Gathered(tuple(customer for part in parts for customer in part.customers), now, then, known)


def gather(
    parts: Iterable[Histories],
    cutoff: int,
    bundle: Bundle,
    names: Sequence[str],
    advance: Callable[[int], None] = lambda _: None,
) -> Gathered:
    """The columns of these names at `cutoff` (µs UTC), as known then; `advance` is told of every part's customers."""
    earlier = add_days(cutoff, -REVIEW_DAYS, bundle.spec.time_zone)
    customers: list[str] = []
    found = ({name: [np.empty(0)] for name in names}, {name: [np.empty(0)] for name in names})
    known_then = [np.empty(0, np.bool_)]
    for histories in parts:
        tables = build_features(histories, [cutoff, earlier], bundle.spec)
        seen, before = (population(histories, moment, "everyone") for moment in (cutoff, earlier))
        customers += [customer for customer, known in zip(histories.customer_ids, seen, strict=True) if known]
        known_then.append(before[seen])
        for columns, features, known in zip(found, tables, (seen, before), strict=True):
            for name, column in columns_of(names, bundle.predict(features), features, bundle).items():
                columns[name].append(column[known])
        advance(len(histories))
    now, then = ({name: np.concatenate(columns) for name, columns in each.items()} for each in found)
    return Gathered(tuple(customers), now, then, np.concatenate(known_then))
