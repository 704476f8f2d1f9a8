"""Sessions and stages in plain Polars: what depends on the order of events."""

import polars as pl

from data.events import PURCHASE, RETURN, ROLES
from features.families.sessions import SESSION_WINDOWS

DAY = 86_400_000_000
MONTH, QUARTER = 30 * DAY, 90 * DAY


def of(role: str) -> pl.Expr:
    """Whether an event has a role."""
    return pl.col("role") == ROLES.index(role)


def share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """How many of the whole meet `part` too; null of nothing."""
    return pl.when(whole.sum() > 0).then((part & whole).sum() / whole.sum())


def tokens_of(seen: pl.DataFrame) -> pl.DataFrame:
    """The events in order: an order where its first line stands, lines of one return that follow each other once."""
    is_order, same = pl.col("role") == PURCHASE, pl.struct("customer", "order", "role")
    once = seen.sort("customer", "micros", "role", "order").filter(~is_order | same.is_first_distinct())
    again = (pl.col("role") == RETURN) & (same == same.shift(1)).fill_null(value=False)
    return once.filter(~again).select("customer", "micros", "age", "role")


def from_sessions() -> list[pl.Expr]:
    """Features of the runs of tokens of one customer."""
    gap = pl.col("micros").diff()
    begins = gap.is_null() | (gap > DAY)
    ends = begins.shift(-1, fill_value=True)
    return [
        begins.sum().alias("sessions"),
        *((ends & (pl.col("age") < days)).sum().alias(f"sessions_{days}d") for days in SESSION_WINDOWS),
        (pl.len() / begins.sum()).alias("session_depth"),
        (gap.filter(gap > DAY).last() / DAY).alias("last_session_gap_days"),
    ]


def from_stages(cutoff: int) -> list[pl.Expr]:
    """Features of inquiries, quotes, samples and orders of one customer."""
    micros, is_order = pl.col("micros"), of("purchase")
    stage = pl.when(of("inquiry")).then(1).when(of("quote")).then(2).when(of("sample")).then(3).otherwise(0)
    open_now = is_order.cum_sum() == is_order.sum()
    furthest = stage.filter(open_now).max()
    reached = micros.filter(open_now & (stage > 0) & (stage == furthest)).min()
    to_order = pl.when(is_order).then(micros).backward_fill() - micros
    to_quote = pl.when(of("quote")).then(micros).backward_fill() - micros
    won, quoted = (to_order <= QUARTER).fill_null(value=False), (to_quote <= MONTH).fill_null(value=False)
    since_intent = micros - pl.when(stage > 0).then(micros).forward_fill()
    return [
        furthest.alias("stage_since_last_order"),
        ((cutoff - reached) / DAY).alias("stage_age_days"),
        (open_now & of("quote") & (pl.col("age") < 90)).sum().alias("open_quotes_90d"),
        share(quoted, of("inquiry") & (cutoff - micros > MONTH)).alias("inquiries_quoted_share"),
        share(won, of("quote") & (cutoff - micros > QUARTER)).alias("quotes_won_share"),
        share(won, of("sample") & (cutoff - micros > QUARTER)).alias("samples_won_share"),
        (to_order.filter(of("quote") & won).median() / DAY).alias("quote_to_order_days"),
        share((since_intent <= QUARTER).fill_null(value=False), is_order).alias("orders_after_intent_share"),
    ]
