"""The tiers that the book's policy gave: what was expected of their customers, and what they brought."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluation.comparison import OURS
from evaluation.interval import standard_error
from evaluation.replay import Replay
from serving.tiers.ladder import TIERS

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TierView:
    """The `n` customers of one tier: mean money predicted and true, the `error` of the true mean (its standard
    error), the chance of churn predicted and the share that churned, and the tier's share of all money."""

    tier: str
    n: int
    predicted: float
    true: float
    error: float
    churn_predicted: float
    churn_true: float
    share_predicted: float
    share_true: float


def tier_views(replayed: Replay) -> Iterator[TierView]:
    """Every tier that has a customer, the highest first; each customer is in one of them."""
    ours = replayed.predictions.filter(model=OURS)
    churn = ours.filter(target="churn").select("customer_id", silence="prediction", silent="label")
    rows = ours.filter(target="lifetime_value").join(churn, on="customer_id", how="left", maintain_order="left")
    rows = rows.with_columns(tier=pl.Series([replayed.tiers[customer] for customer in rows["customer_id"]]))
    for tier in TIERS:
        members = rows.filter(tier=tier)
        if len(members):
            yield _view(tier, members, rows)


def _view(tier: str, members: pl.DataFrame, rows: pl.DataFrame) -> TierView:
    true = members["label"].to_numpy()
    return TierView(
        tier=tier,
        n=len(members),
        predicted=_mean(members["prediction"]),
        true=float(true.mean()),
        error=standard_error(true),
        churn_predicted=_mean(members["silence"]),
        churn_true=_mean(members["silent"]),
        share_predicted=_share(members["prediction"], rows["prediction"]),
        share_true=_share(members["label"], rows["label"]),
    )


def _mean(column: pl.Series) -> float:
    return float(np.mean(column.fill_null(np.nan).to_numpy()))


def _share(part: pl.Series, whole: pl.Series) -> float:
    total = float(whole.sum())
    return float(part.sum()) / total if total else np.nan
