"""Levels of profile columns as the codes that a model's features hold."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.errors import listed
from data.hashing import hash_text
from features.spec import FeatureSpec
from serving.errors import PlanError

Floats = NDArray[np.float64]


def profile_name(column: str, spec: FeatureSpec, where: str) -> str:
    """The feature that holds a profile column; PlanError names `where` it was asked for."""
    name = f"profile_{column}"
    if name not in spec.names:
        known = [each.column for each in spec.profile]
        has = f"it has {listed(known)}" if known else "it has none"
        raise PlanError(f'{where}: the book has no profile column "{column}" that is a number or a category; {has}')
    return name


def codes_of(column: str, levels: Sequence[str], spec: FeatureSpec) -> list[float]:
    """The code of every level; −1, which no customer has, for one that the model has never met."""
    known = spec.levels(f"profile_{column}") or ()
    hashes = [hash_text(level) for level in levels]
    return [float(known.index(each)) if each in known else -1.0 for each in hashes]


def ranked(codes: Floats, order: Sequence[float]) -> Floats:
    """The place of every code, shape (n,), in an order from low to high; nan for one that is not in it."""
    ranks = np.full(len(codes), np.nan)
    for rank, code in enumerate(order):
        ranks = np.where(codes == code, float(rank), ranks)
    return ranks
