"""A plain Polars version of a part of the catalogue, one cutoff at a time, agrees with the compiled walk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from hypothesis import given, settings

from data.clock import instant_of, local_day
from data.events import Event
from features.bench.anchor import INTEREST, anchor, subset
from features.build import build_features
from features.catalog import FAMILIES
from features.spec import FeatureSpec
from tests.features.strategies import Customer, customers, cutoffs, histories_of, shop

ZONE = "Europe/Berlin"
SPEC = FeatureSpec(ZONE, 2, signals=(INTEREST,))


def frame(customers: Sequence[Customer]) -> pl.DataFrame:
    """One row an event, from what callers hand over and not from what was encoded."""
    rows = [row_of(one) for _, events, _ in customers for one in events]
    schema = {
        "customer": pl.String,
        "time": pl.Datetime("us", "UTC"),
        "known": pl.Int64,
        "role": pl.Int8,
        "amount": pl.Float64,
        "quantity": pl.Float64,
        "product": pl.String,
        "category": pl.String,
        "channel": pl.String,
        "contact": pl.String,
        "order_id": pl.String,
    }
    day = pl.col("time").dt.convert_time_zone(ZONE).dt.date()
    table = pl.DataFrame(rows, schema=schema, orient="row").sort("order_id", nulls_last=False, maintain_order=True)
    return table.with_columns(
        micros=pl.col("time").to_physical(),
        day=day.to_physical(),
        order=pl.coalesce(pl.lit("o") + pl.col("order_id"), day.cast(pl.String)),
    )


def row_of(one: Event) -> tuple[object, ...]:
    """An event as a row of the frame."""
    known = instant_of(one.known_time or one.time)
    contact = (one.attributes or {}).get("contact")
    texts = (one.product, one.category, one.channel, contact, one.order_id)
    return (one.customer_id, one.time, known, shop().role_codes[one.type], one.amount, one.quantity, *texts)


@settings(max_examples=30, deadline=None)
@given(customers(), cutoffs)
def test_a_plain_polars_version_agrees(drawn: list[Customer], cutoff: int) -> None:
    names = pl.Series(sorted(name for name, _, _ in drawn))
    expected = anchor(frame(drawn), names, cutoff, local_day(cutoff, ZONE))
    table = build_features(histories_of(drawn), [cutoff], SPEC)[0]
    for name in expected.columns[1:]:
        column = expected[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        ours = table[:, SPEC.names.index(name)]
        np.testing.assert_allclose(ours, column, rtol=1e-9, atol=1e-9, err_msg=name)


def test_the_polars_version_has_features_of_every_family() -> None:
    assert len(subset()) >= 60
    assert {SPEC.feature(name).family for name in subset()} == {family.name for family in FAMILIES} | {"signals"}
