"""Rises and falls in plain Polars: counts of two windows, and the mid-p value of their binomial test."""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import bdtr

from data.events import ROLES
from features.families.evidence import INTERACTION_RISES, ORDER_WINDOWS
from features.kernel.engagement import DEPTH_OF

INTERACTIONS = [ROLES.index(role) for role in DEPTH_OF]
LAST_YEAR = ("orders_year_rise_91d", 91, 365)
RISES = (
    *((f"orders_rise_{days}d", days, days) for days in ORDER_WINDOWS),
    *((f"interactions_rise_{days}d", days, days) for days in INTERACTION_RISES),
    LAST_YEAR,
)  # name, days of a window, days from one window to the other


def counts(names: str) -> list[pl.Expr]:
    """How many orders or interactions each pair of windows holds, for the features that begin so."""
    counted = pl.lit(value=True) if names == "orders" else pl.col("role").is_in(INTERACTIONS)
    age = pl.col("age")
    return [
        (counted & (age >= start) & (age < start + days)).sum().alias(f"{name} {part}")
        for name, days, distance in RISES
        if name.startswith(names)
        for part, start in (("recent", 0), ("before", distance))
    ]


def with_rises(joined: pl.DataFrame) -> pl.DataFrame:
    """The counts and `first_age` give way to the evidence; null where the record does not cover both windows."""
    for name, days, distance in RISES:
        recent, before = (joined[f"{name} {part}"].fill_null(0).to_numpy() for part in ("recent", "before"))
        covered = (joined["first_age"] >= distance + days - 1).fill_null(value=False)
        rise = pl.Series(mid_p(recent, before)).fill_nan(None)
        joined = joined.drop(f"{name} recent", f"{name} before")
        joined = joined.with_columns(rise.set(~covered, None).alias(name))
    return joined.drop("first_age")


def mid_p(recent: NDArray[np.uint32], before: NDArray[np.uint32]) -> NDArray[np.float64]:
    """P(X < recent) + P(X = recent) / 2 for X binomial(recent + before, 1/2); nan where both are 0."""
    both = recent.astype(np.int64) + before
    fewer = np.where(recent > 0, bdtr(np.maximum(recent, 1) - 1.0, both, 0.5), 0.0)
    return np.where(both > 0, (fewer + bdtr(recent.astype(np.float64), both, 0.5)) / 2, np.nan)
