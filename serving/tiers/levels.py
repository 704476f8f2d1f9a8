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


def category_name(column: str, spec: FeatureSpec, where: str) -> str:
    """The feature that holds a profile column of categories; PlanError for any other."""
    name = profile_name(column, spec, where)
    if name not in spec.categorical:
        raise PlanError(f'{where}: the profile column "{column}" is no category; name one that is')
    return name


def number_name(column: str, spec: FeatureSpec, where: str) -> str:
    """The feature that holds a profile column of numbers or dates; PlanError for any other."""
    name = profile_name(column, spec, where)
    if name in spec.categorical:
        raise PlanError(f'{where}: the profile column "{column}" is a category, which has no order; give its levels')
    return name


def codes_of(column: str, levels: Sequence[str], spec: FeatureSpec, where: str) -> list[float]:
    """The code of every level; −1, which no customer has, for one that the model has never met. PlanError where it has
    met none of them."""
    known = spec.levels(f"profile_{column}") or ()
    hashes = [hash_text(level) for level in levels]
    if not any(each in known for each in hashes):
        raise PlanError(
            f'{where}: no customer that the model learnt from has {listed(levels)} in the profile column "{column}"; '
            "correct the levels, or train again"
        )
    return [float(known.index(each)) if each in known else -1.0 for each in hashes]


def ranked(codes: Floats, order: Sequence[float]) -> Floats:
    """The place of every code, shape (n,), in an order from low to high; nan for one that is not in it."""
    ranks = np.full(len(codes), np.nan)
    for rank, code in enumerate(order):
        ranks = np.where(codes == code, float(rank), ranks)
    return ranks
