"""The evenings before the last quarters of a simulated world, asked of customers whom the model has not seen."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.clock import end_of_day
from data.histories.histories import Histories
from data.settings.book import Book
from data.simulation.world import World
from evaluation.ceiling.people import parted
from evaluation.ceiling.world import opened
from evaluation.errors import EvaluationError
from evaluation.policies.care import Evening
from evaluation.policies.quarter import Ranked, on_record, ranked
from evaluation.policies.ranking import TOLD, ordered
from serving.tiers.inputs import CHURN, VALUE
from serving.tiers.policies import Ground, policy_of
from serving.tiers.stability import Past
from training.bundle import Bundle
from training.fit import fit
from training.labels import label
from training.tuning import Search

Ints = NDArray[np.int64]

QUARTERS = 3
TOLD_DAYS = 90
"""The horizon of the truth that comes nearest to a quarter."""


def evenings_of(world: World, taught: int, seed: int, home: Path, advance: Callable[[str], None]) -> list[Evening]:
    """The evenings before the last quarters of a world, which is found or put under `home`.

    At each, the models learn from `taught` customers, whom `seed` decides, and the policies order all others.
    """
    store, folder = opened(world, home, advance)
    histories = store.read_all()
    teachers, others = parted(histories.customer_ids, taught, seed)
    taught_by, unseen = histories.select(teachers), histories.select(others)
    return [
        _evening(store.book, folder, taught_by, unseen, bounds, Search(seed=seed), advance)
        for bounds in last_quarters(world)
    ]


def last_quarters(world: World) -> list[tuple[date, date]]:
    """First and last day of the last quarters that begin and end within the world."""
    whole = [bounds for bounds in world.quarters() if bounds[0] > 0 and bounds[1] < world.days]
    return [(world.date_of(first), world.date_of(last)) for first, last in whole[-QUARTERS:]]


def _evening(
    book: Book,
    folder: Path,
    teachers: Histories,
    unseen: Histories,
    bounds: tuple[date, date],
    search: Search,
    advance: Callable[[str], None],
) -> Evening:
    first, last = bounds
    day = first - timedelta(days=1)
    cutoff = end_of_day(day, book.time_zone)
    bundle = fit(book, teachers.known_by(cutoff), cutoff, search, lambda step: advance(f"care after {day}, {step}"))
    asked = on_record(unseen, cutoff)
    seen = ranked(book, asked.known_by(cutoff), cutoff, bundle, lambda step: advance(f"care after {step}"))
    service = _told(folder / "truth" / "service.parquet", seen.customers, pl.col("from") == first)
    return Evening(
        day=seen.day,
        customers=seen.customers,
        orders={**seen.orders, TOLD: _told_truth(book, folder, bundle, cutoff, day, seen)},
        effect=service["effect"].to_numpy(),
        cared=(service["service"] == "care").to_numpy(),
        propensity=service["propensity"].to_numpy(),
        by_lot=service["randomised"].to_numpy(),
        money=label(asked, cutoff, "lifetime_value", (last - day).days, book),
    )


def _told_truth(book: Book, folder: Path, bundle: Bundle, cutoff: int, day: date, seen: Ranked) -> Ints:
    """The order by our own optimiser, once it is told the expected value and the churn that are true."""
    rows = (pl.col("cutoff") == day) & (pl.col("horizon_days") == TOLD_DAYS)
    truth = _told(folder / "truth" / "truth.parquet", seen.customers, rows)
    known = {VALUE.name: truth["expected_value"].to_numpy(), CHURN.name: truth["churn"].to_numpy()}
    columns, policy = {**seen.columns, **known}, policy_of("expected_profit")
    ground = Ground(book, columns, bundle.spec, Past.of(seen.customers, {}), cutoff)
    places = policy.rule(policy.learn(ground)).places(columns)
    return ordered(places, seen.spend, seen.customers)


def _told(file: Path, customers: tuple[str, ...], rows: pl.Expr) -> pl.DataFrame:
    """The rows of these customers, in their order."""
    asked = pl.DataFrame({"customer_id": customers}, schema={"customer_id": pl.String})
    found = asked.join(pl.scan_parquet(file).filter(rows).collect(), on="customer_id", maintain_order="left")
    if len(found) != len(customers):
        raise EvaluationError(
            f"{file}: tells of {len(found):,} of {len(customers):,} customers; delete the folder of this world, and it "
            "is simulated anew"
        )
    return found
