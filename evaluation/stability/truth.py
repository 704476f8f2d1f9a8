"""What was to be expected of simulated customers at the end of each month, by the simulator's own account."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.clock import local_date
from data.reading.place import files_of
from data.settings.book import Book
from evaluation.reviews.review import Review
from serving.tiers.inputs import CHURN, VALUE
from training.horizons import horizons

Floats = NDArray[np.float64]

SIMULATED = "trade"


def truth_file(book: Book, home: Path) -> Path | None:
    """The file beside the simulated events that tells the truth; None for any other book."""
    if book.name != SIMULATED:
        return None
    events = files_of(book.sources[0], book, home)[0]
    file = events.parent / "truth" / "truth.parquet"
    return file if file.is_file() else None


def enlightened(file: Path, book: Book, told: Sequence[Review]) -> list[Review] | None:
    """The same reviews, whose expected value and churn are true; None where the truth of one of them is not told.

    Who never bought has no churn, as in the scores.
    """
    value, churn = (_column(file, book, told, name) for name in ("expected_value", "churn"))
    if value is None or churn is None:
        return None
    return [_with(review, *pair) for review, *pair in zip(told, value, churn, strict=True)]


def _with(review: Review, value: Floats, churn: Floats) -> Review:
    leads = np.isnan(review.found.columns[CHURN.name])
    columns = {**review.found.columns, VALUE.name: value, CHURN.name: np.where(leads, np.nan, churn)}
    return replace(review, found=replace(review.found, columns=columns))


def _column(file: Path, book: Book, told: Sequence[Review], name: str) -> list[Floats] | None:
    target = "lifetime_value" if name == "expected_value" else name
    table = pl.scan_parquet(file).filter(horizon_days=horizons(book)[target]).select("customer_id", "cutoff", name)
    found = []
    for review in told:
        rows = table.filter(cutoff=local_date(review.cutoff, book.time_zone)).collect()
        asked = pl.DataFrame({"customer_id": list(review.found.customers)})
        column = asked.join(rows, on="customer_id", how="left", maintain_order="left")[name]
        if column.has_nulls():
            return None
        found.append(column.to_numpy())
    return found
