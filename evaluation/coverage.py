"""Do the intervals hold what came as often as they say, for everybody and for each kind of customer?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluation.comparison import DRAWS, OURS, MetricRow
from evaluation.interval import interval
from evaluation.replay import Replay
from serving.tiers.ladder import TIERS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

THIRDS = ("low", "middle", "high")


@dataclass(frozen=True)
class Held:
    """The customers whose money has an interval: its ends, what came, and the groups they fall into.

    Arrays have shape (n,); `groups` are by name, "" being everybody.
    """

    low: Floats
    high: Floats
    truth: Floats
    groups: dict[str, Flags]

    @property
    def inside(self) -> Floats:
        """1 where what came lies in the interval, its ends included, else 0."""
        return ((self.low <= self.truth) & (self.truth <= self.high)).astype(np.float64)


def coverage(replayed: Replay, seed: int, draws: int = DRAWS) -> Iterator[MetricRow]:
    """The rows `coverage_90`, `coverage_80`, those of each group (`coverage_90_tier_diamond`,
    `coverage_90_buying_low`, `coverage_90_buyers`, …) and the mean width of the intervals (`width_90`).

    `low` and `high` are the 95 % bootstrap interval over the group's customers; `n` counts them. Groups without
    anybody have no row; without intervals there is none at all. Buying thirds are of equal size, by 1 − predicted
    churn; buyers are those who brought any money in the window.
    """
    said = replayed.whole.filter((pl.col("model") == OURS) & pl.col("low").is_not_null())
    main = replayed.bundle.horizons["lifetime_value"]
    for (level,), rows in said.filter(target="lifetime_value", horizon_days=main).group_by(
        "level", maintain_order=True
    ):
        held = _held(rows, replayed)
        percent = round(100 * float(str(level)))
        key = (rows["book"][0], rows["cutoff"][0], main, "lifetime_value", OURS)
        for name, members in held.groups.items():
            if members.any():
                metric = f"coverage_{percent}{name}"
                yield MetricRow(*key, metric, *_mean(held.inside[members], seed, draws), int(members.sum()))
        yield MetricRow(*key, f"width_{percent}", *_mean(held.high - held.low, seed, draws), len(rows))


def _held(rows: pl.DataFrame, replayed: Replay) -> Held:
    ours = replayed.predictions.filter(model=OURS)
    churn = ours.filter(target="churn").select("customer_id", churn="prediction")
    joined = rows.join(churn, on="customer_id", how="left", maintain_order="left")
    truth = joined["label"].to_numpy()
    return Held(
        low=joined["low"].to_numpy(),
        high=joined["high"].to_numpy(),
        truth=truth,
        groups={
            "": np.ones(len(truth), dtype=bool),
            **_tiers([replayed.tiers[customer] for customer in joined["customer_id"]]),
            **_thirds(1.0 - joined["churn"].fill_null(np.nan).to_numpy()),
            "_buyers": truth != 0,
        },
    )


def _tiers(names: Sequence[str]) -> dict[str, Flags]:
    assigned = np.array(names, dtype=np.str_)
    return {f"_tier_{tier}": assigned == tier for tier in TIERS}


def _thirds(buying: Floats) -> dict[str, Flags]:
    order = np.array_split(np.argsort(buying, kind="stable"), len(THIRDS))
    places = np.arange(len(buying))
    return {f"_buying_{name}": np.isin(places, members) for name, members in zip(THIRDS, order, strict=True)}


def _mean(values: Floats, seed: int, draws: int) -> tuple[float, float, float]:
    """(mean, low, high) of (n,) values, by the bootstrap over customers (Efron 1979)."""
    rng = np.random.default_rng(seed)
    drawn = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(draws)]
    return interval(np.array([values.mean(), *drawn]))
