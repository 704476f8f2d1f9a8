"""Purchase histories in three numbers each: repeat purchases, time of the last one, age."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def columns(*values: ArrayLike) -> list[Floats]:
    """The values broadcast to contiguous float columns of one shape (n,); scalars become n = 1."""
    arrays = [np.ascontiguousarray(value, dtype=np.float64) for value in values]
    shapes = {array.shape for array in arrays}
    if len(shapes) == 1:
        return arrays
    shape = np.broadcast_shapes(*shapes)
    return [array if array.shape == shape else np.full(shape, array) for array in arrays]


def checked(frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> list[Floats]:
    """The three columns of shape (n,), fit to fit a model to.

    Raises ValueError without a customer, for unequal lengths, and unless 0 <= frequency and
    0 <= recency <= age, all finite.
    """
    x, t_x, T = (np.asarray(column, dtype=np.float64) for column in (frequency, recency, age))
    if x.ndim != 1 or not x.shape == t_x.shape == T.shape:
        shapes = f"{x.shape}, {t_x.shape}, {T.shape}"
        raise ValueError(f"frequency, recency, age: expected equal lengths, got {shapes}")
    if len(x) == 0:
        raise ValueError("a purchase model needs at least one customer who has bought, got none")
    if not ((x >= 0) & (t_x >= 0) & (t_x <= T) & np.isfinite(x) & np.isfinite(T)).all():
        raise ValueError("expected 0 <= frequency and 0 <= recency <= age, all finite, in every row")
    return [x, t_x, T]


def distinct(*values: Floats) -> tuple[list[Floats], Floats]:
    """The distinct rows of k columns of shape (n,), as k sorted columns, and how often each row occurs.

    Identical customers share one likelihood, and sorting makes a fit blind to the order of customers.
    """
    rows, counts = np.unique(np.column_stack(values), axis=0, return_counts=True)
    return [np.ascontiguousarray(column) for column in rows.T], counts.astype(np.float64)


def typical_pace(frequency: Floats, age: Floats, counts: Floats) -> tuple[float, float]:
    """(mean age, mean time between repeat purchases); half a purchase is added, so both are positive."""
    mean_age = float((counts * age).sum() / counts.sum()) or 1.0
    purchases = float((counts * frequency).sum()) + 0.5
    return mean_age, mean_age * (float(counts.sum()) + 0.5) / purchases
