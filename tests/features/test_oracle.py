"""A plain Polars version of a part of the catalogue, one cutoff at a time, agrees with the compiled walk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from hypothesis import given, settings

from data.events import Event
from features.build import build_features
from features.decay import ONE, decay_table
from features.families.windows import ACTIVE_DAY_WINDOWS, HALF_LIVES, WINDOWS
from tests.features.strategies import Customer, customers, cutoffs, histories_of, shop, spec

DAY = 86_400_000_000
ZONE = "Europe/Berlin"


def frame(customers: Sequence[Customer]) -> pl.DataFrame:
    """One row an event."""
    rows = [row_of(one) for _, events, _ in customers for one in events]
    schema = {
        "customer": pl.String,
        "time": pl.Datetime("us", "UTC"),
        "known": pl.Datetime("us", "UTC"),
        "role": pl.String,
        "amount": pl.Float64,
        "quantity": pl.Float64,
        "product": pl.String,
        "category": pl.String,
        "channel": pl.String,
        "order_id": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def row_of(one: Event) -> tuple[object, ...]:
    """An event as a row of the frame."""
    role = shop().roles[one.type]
    known = one.known_time or one.time
    texts = (one.product, one.category, one.channel, one.order_id)
    return (one.customer_id, one.time, known, role, one.amount, one.quantity, *texts)


def visible(events: pl.DataFrame, cutoff: int) -> pl.DataFrame:
    """What had happened and was known at the cutoff, with the age in local calendar days."""
    now = pl.lit(cutoff).cast(pl.Datetime("us", "UTC"))
    today = now.dt.convert_time_zone(ZONE).dt.date()
    day = pl.col("time").dt.convert_time_zone(ZONE).dt.date()
    return events.filter(pl.col("time") <= now, pl.col("known") <= now).with_columns(
        age=(today - day).dt.total_days(),
        order=pl.coalesce(pl.lit("o") + pl.col("order_id"), day.cast(pl.String)),
        weekend=day.dt.weekday() >= 6,
        micros=pl.col("time").to_physical(),
    )


def orders_of(lines: pl.DataFrame) -> pl.DataFrame:
    """One row an order, in time order within the customer."""
    return (
        lines.sort("customer", "time")
        .group_by("customer", "order", maintain_order=True)
        .agg(
            pl.col("micros").first(),
            pl.col("age").first(),
            pl.col("weekend").first(),
            pl.col("amount").sum(),
            priced=pl.col("amount").is_not_null().any(),
            lines=pl.len(),
        )
    )


def weights(half_life: int) -> pl.Expr:
    """The fading weight of an age."""
    row = decay_table()[HALF_LIVES.index(half_life)]
    table = {age: weight / ONE for age, weight in enumerate(row.tolist())}
    return pl.col("age").replace_strict(table, default=0.0, return_dtype=pl.Float64)


def from_orders(cutoff: int) -> list[pl.Expr]:
    """Features of the orders of one customer."""
    age, amount, gaps = pl.col("age"), pl.col("amount"), pl.col("micros").diff().drop_nulls() / DAY
    values = amount.filter("priced")
    first, last = pl.col("micros").first(), pl.col("micros").last()
    since_last = (cutoff - last) / DAY
    return [
        pl.len().alias("orders"),
        amount.sum().alias("spend"),
        values.mean().alias("average_order_value"),
        values.median().alias("median_order_value"),
        values.max().alias("largest_order_value"),
        values.last().alias("last_order_value"),
        (values <= 0.001).sum().alias("zero_value_orders"),
        (pl.col("lines").sum() / pl.len()).alias("lines_per_order"),
        pl.col("weekend").mean().alias("weekend_share"),
        age.n_unique().alias("active_days"),
        ((cutoff - first) / DAY).alias("first_order_age_days"),
        since_last.alias("last_order_age_days"),
        ((last - first) / DAY).alias("buying_span_days"),
        gaps.mean().alias("mean_gap_days"),
        gaps.std().alias("gap_sd_days"),
        gaps.max().alias("longest_gap_days"),
        gaps.last().alias("last_gap_days"),
        pl.when(gaps.max() > 0).then(since_last / gaps.max()).alias("overdue_longest_ratio"),
        pl.when(gaps.mean() > 0).then(since_last / gaps.mean()).alias("overdue_ratio"),
        *((age < days).sum().alias(f"orders_{days}d") for days in WINDOWS),
        *(amount.filter(age < days).sum().alias(f"spend_{days}d") for days in WINDOWS),
        *(age.filter(age < days).n_unique().alias(f"active_days_{days}d") for days in ACTIVE_DAY_WINDOWS),
        (age.filter(age < 91) // 7).n_unique().alias("active_weeks_91d"),
        *(weights(days).sum().alias(f"decayed_orders_{days}d") for days in HALF_LIVES),
        *((weights(days) * amount).sum().alias(f"decayed_spend_{days}d") for days in HALF_LIVES),
    ]


def from_lines() -> list[pl.Expr]:
    """Features of the purchase lines of one customer."""
    return [pl.col(name).drop_nulls().n_unique().alias(f"{name}s") for name in ("product", "channel")] + [
        pl.col("category").drop_nulls().n_unique().alias("categories")
    ]


def from_events(cutoff: int) -> list[pl.Expr]:
    """Features of all events of one customer."""

    def of(role: str) -> pl.Expr:
        return pl.col("role") == role

    def since(role: str) -> pl.Expr:
        return (cutoff - pl.col("micros").filter(of(role)).max()) / DAY

    return [
        pl.len().alias("events"),
        ((cutoff - pl.col("micros").min()) / DAY).alias("tenure_days"),
        ((cutoff - pl.col("micros").max()) / DAY).alias("last_event_age_days"),
        pl.col("order").filter(of("return")).n_unique().alias("returns"),
        of("touch").sum().alias("touches"),
        (of("touch") & (pl.col("age") < 30)).sum().alias("touches_30d"),
        since("touch").alias("last_touch_age_days"),
        of("response").sum().alias("responses"),
        (of("response") & (pl.col("age") < 91)).sum().alias("responses_91d"),
        pl.col("age").filter(of("response")).n_unique().alias("response_days"),
        since("response").alias("last_response_age_days"),
        of("visit").sum().alias("visits"),
        of("support").sum().alias("support_tickets"),
        since("visit").alias("last_visit_age_days"),
        since("quote").alias("last_quote_age_days"),
    ]


COUNTED_WITHOUT_ORDERS = ("orders", "spend", "zero_value_orders", "active_days", "active_weeks_91d")
PREFIXES = ("orders_", "spend_", "active_days_", "decayed_", "product", "categories", "channels")


def zero_without_orders(name: str) -> bool:
    """Whether a feature is 0 and not undefined for somebody who has never bought."""
    return name in COUNTED_WITHOUT_ORDERS or name.startswith(PREFIXES)


def oracle(customers: Sequence[Customer], cutoff: int) -> pl.DataFrame:
    """The part of the catalogue that is written again here; one row a customer, null = undefined."""
    names = pl.DataFrame({"customer": sorted(name for name, _, _ in customers)})
    seen = visible(frame(customers), cutoff)
    lines = seen.filter(pl.col("role") == "purchase")
    tables = (
        orders_of(lines).group_by("customer").agg(from_orders(cutoff)),
        lines.group_by("customer").agg(from_lines()),
        seen.group_by("customer").agg(from_events(cutoff)),
    )
    joined = names
    for table in tables:
        joined = joined.join(table, on="customer", how="left", maintain_order="left")
    counts = [name for name in joined.columns if zero_without_orders(name)]
    always = ["events", "touches", "touches_30d", "responses", "responses_91d", "response_days", "visits"]
    return joined.with_columns(pl.col(*counts, *always, "returns", "support_tickets").fill_null(0))


@settings(max_examples=30, deadline=None)
@given(customers(), cutoffs)
def test_a_plain_polars_version_agrees(drawn: list[Customer], cutoff: int) -> None:
    expected = oracle(drawn, cutoff)
    table = build_features(histories_of(drawn), [cutoff], spec())[0]
    for name in expected.columns[1:]:
        column = expected[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        ours = table[:, spec().names.index(name)]
        np.testing.assert_allclose(ours, column, rtol=1e-9, atol=1e-9, err_msg=name)


def test_the_oracle_covers_every_family_that_counts_or_sums() -> None:
    covered = set(oracle([("c", [], {})], 0).columns[1:])
    assert len(covered) >= 55
    families = {spec().feature(name).family for name in covered}
    assert families >= {"purchases", "cadence", "windows", "sequences", "calendar", "touches", "engagement"}
