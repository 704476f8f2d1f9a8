"""A plain Polars version of a part of the features, as the anchor of the benchmark and the oracle of the tests."""

from __future__ import annotations

import polars as pl

from data.settings.signals import signal_of
from features.bench.evidence import INTERACTIONS, counts, with_rises
from features.bench.tokens import from_sessions, from_stages, of, share, tokens_of
from features.decay import ONE, decay_table
from features.families.engagement import CONTACT_WINDOWS
from features.families.sessions import SESSION_WINDOWS
from features.families.windows import ACTIVE_DAY_WINDOWS, HALF_LIVES, WINDOWS

DAY = 86_400_000_000
INTEREST = signal_of(
    {
        "name": "interest",
        "words": {"en": "Quote request or sample", "zh": "报价或样品"},
        "pattern": [{"role": ["quote", "sample"]}],
        "days": 60,
    }
)


def visible(events: pl.DataFrame, cutoff: int, today: int) -> pl.DataFrame:
    """What had happened and was known at the cutoff, with the age in local calendar days."""
    seen = events.filter(pl.col("micros") <= cutoff, pl.col("known") <= cutoff)
    return seen.with_columns(age=today - pl.col("day"), weekend=(pl.col("day") + 3) % 7 >= 5)


def orders_of(lines: pl.DataFrame) -> pl.DataFrame:
    """One row an order, in time order within the customer; simultaneous ones in the order given."""
    return (
        lines.sort("customer", "micros", maintain_order=True)
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
        pl.when(amount.sum() > 0).then(amount.filter(age < 91).sum() / amount.sum()).alias("spend_share_91d"),
        (age // 365).n_unique().alias("buying_years"),
    ]


def from_lines() -> list[pl.Expr]:
    """Features of the purchase lines of one customer."""
    return [pl.col(name).drop_nulls().n_unique().alias(f"{name}s") for name in ("product", "channel")] + [
        pl.col("category").drop_nulls().n_unique().alias("categories")
    ]


def from_events(cutoff: int) -> list[pl.Expr]:
    """Features of all events of one customer."""

    def since(role: str) -> pl.Expr:
        return (cutoff - pl.col("micros").filter(of(role)).max()) / DAY

    intents = of("quote") | of("sample")
    interactions = pl.col("role").is_in(INTERACTIONS)

    def people(among: pl.Expr) -> pl.Expr:
        return pl.col("contact").filter(interactions & among).drop_nulls().n_unique()

    return [
        pl.len().alias("events"),
        pl.col("age").max().alias("first_age"),
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
        *(of(role).sum().alias(name) for role, name in (("inquiry", "inquiries"), ("meeting", "meetings"))),
        pl.col("role").n_unique().alias("kinds_of_events"),
        people(pl.lit(value=True)).alias("contacts_seen"),
        *(people(pl.col("age") < days).alias(f"active_contacts_{days}d") for days in CONTACT_WINDOWS),
        intents.sum().alias("signal_interest_times"),
        (intents & (pl.col("age") < INTEREST.days)).sum().alias(f"signal_interest_{INTEREST.days}d"),
        ((cutoff - pl.col("micros").filter(intents).max()) / DAY).alias("signal_interest_age_days"),
    ]


def from_quantities(cutoff: int) -> list[pl.Expr]:
    """Features of the payments, support tickets and survey answers of one customer."""
    quantity = pl.col("quantity")
    paid, answered = of("payment") & quantity.is_not_null(), of("survey") & quantity.is_not_null()
    return [
        of("payment").sum().alias("payments"),
        share(quantity > 0, paid).alias("late_payment_share"),
        quantity.filter(paid).mean().alias("mean_days_late"),
        quantity.filter(paid & (pl.col("age") < 365)).max().alias("worst_days_late_365d"),
        (of("support") & (pl.col("age") < 91)).sum().alias("support_tickets_91d"),
        answered.sum().alias("surveys"),
        quantity.filter(answered).mean().alias("mean_survey_score"),
        ((cutoff - pl.col("micros").filter(answered).max()) / DAY).alias("last_survey_age_days"),
    ]


PLAIN_COUNTS = """
    orders spend zero_value_orders active_days active_weeks_91d products channels categories buying_years events
    touches touches_30d responses responses_91d response_days visits returns support_tickets support_tickets_91d
    inquiries meetings kinds_of_events payments surveys signal_interest_times sessions stage_since_last_order
    open_quotes_90d contacts_seen
"""
ZERO = frozenset(
    (
        *PLAIN_COUNTS.split(),
        f"signal_interest_{INTEREST.days}d",
        *(f"{name}_{days}d" for name in ("orders", "spend") for days in WINDOWS),
        *(f"active_days_{days}d" for days in ACTIVE_DAY_WINDOWS),
        *(f"decayed_{name}_{days}d" for name in ("orders", "spend") for days in HALF_LIVES),
        *(f"sessions_{days}d" for days in SESSION_WINDOWS),
        *(f"active_contacts_{days}d" for days in CONTACT_WINDOWS),
    )
)  # 0 and not undefined for somebody of whom nothing is known


def anchor(events: pl.DataFrame, customers: pl.Series, cutoff: int, today: int) -> pl.DataFrame:
    """The features of every one of `customers`, one row each, null = undefined.

    `events` has one row an event: customer, micros and known (us UTC), day (local), role (its code), amount
    (money), quantity, product, category, channel, contact, order; `today` is the local day of the cutoff.
    """
    seen = visible(events, cutoff, today)
    lines = seen.filter(of("purchase"))
    joined = pl.DataFrame({"customer": customers})
    for table in (
        orders_of(lines).group_by("customer").agg(*from_orders(cutoff), *counts("orders")),
        lines.group_by("customer").agg(from_lines()),
        seen.group_by("customer").agg(*from_events(cutoff), *from_quantities(cutoff), *counts("interactions")),
        tokens_of(seen).group_by("customer", maintain_order=True).agg(*from_sessions(), *from_stages(cutoff)),
    ):
        joined = joined.join(table, on="customer", how="left", maintain_order="left")
    filled = with_rises(joined).with_columns(pl.col(*filter(ZERO.__contains__, joined.columns)).fill_null(0))
    return filled.with_columns(
        support_per_order=pl.when(pl.col("orders") > 0).then(pl.col("support_tickets") / pl.col("orders"))
    )


def subset() -> tuple[str, ...]:
    """The features that are written here."""
    schema = dict.fromkeys(("customer", "micros", "known", "day", "order"), pl.Int64)
    texts = dict.fromkeys(("product", "category", "channel", "contact"), pl.UInt64)
    nobody = pl.DataFrame(schema={**schema, **texts, "role": pl.Int8, "amount": pl.Float64, "quantity": pl.Float64})
    return tuple(anchor(nobody, pl.Series([], dtype=pl.Int64), 0, 0).columns[1:])
