"""Rows of events while they are made: plain numbers, which become the columns of a file at the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.simulation.names import Names
from data.simulation.world import World

DAY = 86_400
WORK = (9 * 3600, 18 * 3600)  # the exporter's office hours, local
ROUND_THE_CLOCK = (0, DAY)

WEB, CRM, ERP = range(3)
SYSTEMS = ("web", "crm", "erp")
SYSTEM_OF = {
    "product_page": WEB,
    "price_page": WEB,
    "white_paper": WEB,
    "webinar": WEB,
    "order": ERP,
    "credit_note": ERP,
    "payment": ERP,
    "ticket": ERP,
    "inquiry": CRM,
    "quote": CRM,
    "sample": CRM,
    "newsletter": CRM,
    "sales_mail": CRM,
    "click": CRM,
    "reply": CRM,
    "call": CRM,
    "meeting": CRM,
    "nps": CRM,
}
TYPES = tuple(SYSTEM_OF)

PIECE: dict[str, pl.DataType] = {
    "customer": pl.Int64(),  # position in the chunk
    "second": pl.Int64(),  # since the world's first instant
    "delay": pl.Int64(),  # seconds until it was known
    "type": pl.Enum(TYPES),
    "amount": pl.Float64(),
    "quantity": pl.Float64(),
    "product": pl.String(),
    "category": pl.String(),
    "channel": pl.String(),
    "order": pl.Int64(),  # number within the chunk
    "contact": pl.Int8(),
    "due": pl.Int64(),  # day
}
CONTACT_ROLES = ("decision maker", "influencer", "user")


def piece(customer: NDArray[np.int64], second: NDArray[np.int64], type_: str, **columns: object) -> pl.DataFrame:
    """Rows of one type; columns of `PIECE` that are not given are null (`delay`: 0)."""
    given = {"delay": np.zeros(len(customer), np.int64), **columns}
    frame = pl.DataFrame({"customer": customer, "second": second, **given})
    absent = [pl.lit(None, PIECE[name]).alias(name) for name in PIECE if name not in frame.columns and name != "type"]
    typed = frame.with_columns(pl.lit(type_, PIECE["type"]).alias("type"), *absent)
    return typed.select(pl.col(name).cast(dtype) for name, dtype in PIECE.items())


def moments(rng: np.random.Generator, days: NDArray[np.int64], hours: tuple[int, int]) -> NDArray[np.int64]:
    """A second within those hours of each day."""
    return days.astype(np.int64) * DAY + rng.integers(*hours, len(days))


def event_table(pieces: Sequence[pl.DataFrame], world: World, chunk: int, names: Names) -> pl.DataFrame:
    """The events that were known by the world's last day, by customer and time, as a file has them."""
    end = world.days * DAY
    rows = pl.concat(pieces).filter(pl.col("second") + pl.col("delay") < end)
    rows = rows.sort("customer", "second", "type", "order", "product", "amount", maintain_order=True)
    customer = rows["customer"]
    system = rows["type"].cast(pl.String).replace_strict(SYSTEM_OF, return_dtype=pl.Int64)
    return rows.select(
        customer_id=names.customer_ids.gather(customer),
        time=_instant(pl.col("second"), world),
        known_time=_instant(pl.col("second") + pl.col("delay"), world),
        type=pl.col("type").cast(pl.String),
        amount="amount",
        quantity="quantity",
        product="product",
        category="category",
        channel="channel",
        order_id=pl.format("O{}-{}", pl.lit(f"{chunk:04d}"), pl.col("order").cast(pl.String).str.zfill(6)),
        record_id=names.record_of.gather(customer * len(SYSTEMS) + system),
        contact=pl.col("contact"),
        contact_role=(pl.col("contact") % 3).replace_strict(
            dict(enumerate(CONTACT_ROLES)), return_dtype=pl.String, default=None
        ),
        due=pl.from_epoch(pl.col("due") + world.epoch_day, "d").cast(pl.String),
    )


def _instant(seconds: pl.Expr, world: World) -> pl.Expr:
    return (seconds * 1_000_000 + world.epoch).cast(pl.Datetime("us", "UTC"))
