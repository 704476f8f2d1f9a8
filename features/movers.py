"""Who is rising and who is falling: tomorrow's stars and yesterday's glory as two lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.clock import add_days
from data.errors import listed
from data.histories.histories import Histories
from data.store.store import Store
from features.build import build_features
from features.errors import FeatureError
from features.families.evidence import INTERACTION_RISES, ORDER_WINDOWS
from features.feature import Words
from features.kernel.columns import Floats
from features.spec import FeatureSpec
from features.table import check_cutoffs, later_than_told

Counted = Literal["orders", "interactions"]

STARS = Words("Tomorrow's stars", "明日之星")
GLORY = Words("Yesterday's glory", "昨日辉煌")
WINDOWS: dict[Counted, tuple[int, ...]] = {"orders": ORDER_WINDOWS, "interactions": INTERACTION_RISES}
FALSE_SHARE = 0.1  # of the customers called sure, the share that chance may have put there

SCHEMA: dict[str, pl.DataType] = {
    "customer_id": pl.String(),
    "direction": pl.String(),
    "before": pl.Int64(),
    "recent": pl.Int64(),
    "spend_before": pl.Float64(),
    "spend_recent": pl.Float64(),
    "evidence": pl.Float64(),
    "sure": pl.Boolean(),
}
"""`before` and `recent` count the events of two windows of one length, the recent one ending at the cutoff; spend
is in the book's currency; `evidence` of a rise lies between 0 (surely falling) and 1 (surely rising)."""


@dataclass(frozen=True)
class Window:
    """What is counted, and in how many days. FeatureError where the catalogue has no evidence for it."""

    counted: Counted
    days: int

    def __post_init__(self) -> None:
        if self.days not in WINDOWS[self.counted]:
            windows = listed(map(str, WINDOWS[self.counted]))
            raise FeatureError(f"--days {self.days}: expected one of {windows} for {self.counted}")

    @property
    def columns(self) -> tuple[str, str, str]:
        """The catalogue's count, spend and evidence of this window."""
        spend = f"spend_{self.days}d"
        return f"{self.counted}_{self.days}d", spend, f"{self.counted}_rise_{self.days}d"


def movers(store: Store, cutoff: int, window: Window) -> pl.DataFrame:
    """Everybody who rose or fell by `cutoff` (µs UTC), as known then, the surest first: a table of `SCHEMA`.

    Sure are those whom the procedure of Benjamini and Hochberg (1995) picks from all customers of a direction,
    so that a tenth of them at most is expected to be there by chance.
    """
    check_cutoffs([cutoff], store)
    if told := later_than_told(cutoff, store):
        raise FeatureError(f"{told}, or move the cutoff: else everybody would seem to fall")
    parts = [
        _bucket(histories, cutoff, window, store.book.time_zone, store.book.minor_digits) for histories in store.each()
    ]
    table = pl.concat(parts).filter(pl.col("evidence").is_not_nan())
    rising, falling = table["evidence"].to_numpy(), 1.0 - table["evidence"].to_numpy()
    stars = table.with_columns(direction=pl.lit("rising"), sure=pl.Series(discoveries(1.0 - rising)))
    glory = table.with_columns(direction=pl.lit("falling"), sure=pl.Series(discoveries(1.0 - falling)))
    strength = (pl.col("evidence") - 0.5).abs()
    change = (pl.col("spend_recent") - pl.col("spend_before")).abs()
    return (
        pl.concat([stars.filter(pl.col("evidence") > 0.5), glory.filter(pl.col("evidence") < 0.5)])
        .sort("direction", strength, change, "customer_id", descending=[True, True, True, False])
        .select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    )


def discoveries(chances: Sequence[float] | Floats) -> NDArray[np.bool_]:
    """Which of the p-values, shape (n,), are so small that at most `FALSE_SHARE` of the chosen are expected false."""
    given = np.asarray(chances, dtype=np.float64)
    order = np.sort(given)
    passed = order <= FALSE_SHARE * np.arange(1, len(given) + 1) / max(len(given), 1)
    return np.asarray(given <= order[passed][-1]) if passed.any() else np.zeros(len(given), dtype=bool)


def _bucket(histories: Histories, cutoff: int, window: Window, time_zone: str, minor_digits: int) -> pl.DataFrame:
    """Both windows of every customer; the earlier one is counted with what is known now."""
    spec = FeatureSpec(time_zone, minor_digits, columns=window.columns)
    earlier = add_days(cutoff, -window.days, time_zone)
    before, recent = build_features(histories, [earlier, cutoff], spec, known_at=[cutoff, cutoff])
    return pl.DataFrame(
        {
            "customer_id": pl.Series(list(histories.customer_ids), dtype=pl.String),
            "before": np.nan_to_num(before[:, 0]).astype(np.int64),
            "recent": np.nan_to_num(recent[:, 0]).astype(np.int64),
            "spend_before": np.nan_to_num(before[:, 1]),
            "spend_recent": np.nan_to_num(recent[:, 1]),
            "evidence": recent[:, 2],
        }
    )
