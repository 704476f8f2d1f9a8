"""Histories and cutoffs become the feature table: the one definition for a request, a book and a bucket."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.clock import local_day
from data.histories.histories import Histories
from features.catalog import NAMES
from features.decay import decay_table
from features.errors import FeatureError
from features.kernel.columns import Floats, Ints
from features.kernel.desk import Events, Moments, Scales
from features.kernel.walk import Run, compiled_walk
from features.spec import FeatureSpec


def build_features(
    histories: Histories,
    cutoffs: Sequence[int],
    spec: FeatureSpec,
    known_at: Sequence[int] | None = None,
    threads: int = 1,
) -> Floats:
    """The features of n customers at every cutoff.

    `cutoffs` and `known_at` (default: the cutoffs) are in microseconds UTC. Only events with time <= cutoff
    and known_time <= known_at count, and only profile values known by then. Returns
    float64[len(cutoffs), n, len(spec.names)], nan where undefined or missing; a customer's bytes are the same
    alone, among others, and for any number of threads. FeatureError if the histories lack a profile column.

    The first call on a machine compiles for some seconds; calling it for nobody warms a server up.
    """
    known = cutoffs if known_at is None else known_at
    if len(known) != len(cutoffs):
        raise FeatureError(f"known_at: expected one time per cutoff ({len(cutoffs)}), got {len(known)}")
    spec.require(histories)
    table = np.empty((len(cutoffs), len(histories), len(spec.computed) + len(spec.profile)))
    write_catalog(table, histories, moments_of(cutoffs, known, spec.time_zone), spec, threads)
    write_profile(table, histories, cutoffs, known, spec)
    return table if spec.columns == NAMES else table[:, :, chosen(spec)]


def chosen(spec: FeatureSpec) -> list[int]:
    """Where the columns of a smaller specification stand in the full table."""
    return [*map(NAMES.index, spec.columns), *range(len(NAMES), len(spec.computed) + len(spec.profile))]


def moments_of(cutoffs: Sequence[int], known_at: Sequence[int], time_zone: str) -> Moments:
    """The moments to look at, with the local calendar day of each cutoff."""
    days = [local_day(int(cutoff), time_zone) for cutoff in cutoffs]
    return Moments(*(read_only(np.array(numbers, np.int64)) for numbers in (cutoffs, known_at, days)))


def write_catalog(table: Floats, histories: Histories, moments: Moments, spec: FeatureSpec, threads: int) -> None:
    """Writes all columns but the profile's, of every customer; each thread has its own run of customers."""
    walk = compiled_walk()
    events = Events(*(read_only(getattr(histories, column)) for column in Events._fields))
    scales = Scales(decay_table(), 10.0**spec.minor_digits)
    if threads == 1:
        walk(table, events, moments, scales, spec.fitted, (0, len(histories)))
        return
    fitted = spec.fitted
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda run: walk(table, events, moments, scales, fitted, run), runs(events.offsets, threads)))


def runs(offsets: Ints, count: int) -> Iterator[Run]:
    """Cuts the customers into runs of about as many events each."""
    ends = np.searchsorted(offsets, np.linspace(offsets[0], offsets[-1], count + 1)).tolist()
    ends[0], ends[-1] = 0, len(offsets) - 1
    return pairwise(ends)


def read_only(column: NDArray[Any]) -> NDArray[Any]:
    """A contiguous read-only view, so that mapped files and fresh arrays meet the same compiled code."""
    flags = column.flags
    if flags.c_contiguous and flags.aligned and not flags.writeable:
        return column
    view = np.require(column, requirements=["C", "A"]).view()
    view.flags.writeable = False
    return view


def write_profile(
    table: Floats, histories: Histories, cutoffs: Sequence[int], known_at: Sequence[int], spec: FeatureSpec
) -> None:
    """Writes the profile's columns, after all others."""
    for position, column in enumerate(spec.profile, start=len(spec.computed)):
        for moment, (cutoff, known) in enumerate(zip(cutoffs, known_at, strict=True)):
            table[moment, :, position] = column.values(histories, int(cutoff), int(known))
