"""The world looks like a trade book: every range that the package promises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl

from data.simulation.season import NEW_YEARS

Read = Callable[[str], pl.DataFrame]


def pace(orders: pl.DataFrame, inside: pl.Expr) -> float:
    """Orders a day on the days inside, over those on the other days, of 2022 to 2024."""
    days = pl.date_range(date(2022, 1, 1), date(2024, 12, 31), eager=True).alias("day").to_frame()
    counts = days.join(orders.group_by("day").len(), on="day", how="left").with_columns(pl.col("len").fill_null(0))
    return counts.filter(inside)["len"].mean() / counts.filter(~inside)["len"].mean()


def test_the_top_fifth_of_buyers_brings_most_of_the_money(orders: pl.DataFrame) -> None:
    totals = orders.group_by("customer_id").agg(pl.col("amount").sum())["amount"].sort(descending=True)
    assert 0.60 < totals.head(len(totals) // 5).sum() / totals.sum() < 0.85


def test_many_buyers_never_order_twice(orders: pl.DataFrame) -> None:
    assert 0.30 < (orders.group_by("customer_id").len()["len"] == 1).mean() < 0.60


def test_few_leads_convert_within_a_year(read: Read, orders: pl.DataFrame) -> None:
    entered = pl.col("known_time").dt.convert_time_zone("Asia/Shanghai").dt.date()
    leads = read("companies").select("customer_id", entered=entered)
    new = leads.filter(pl.col("entered").is_between(date(2021, 1, 15), date(2023, 12, 31)))
    first = orders.group_by("customer_id").agg(first=pl.col("day").min())
    waited = new.join(first, on="customer_id", how="left").select((pl.col("first") - pl.col("entered")).dt.total_days())
    assert 0.05 < (waited.to_series() <= 365).fill_null(value=False).mean() < 0.20


def test_weeks_to_months_lie_between_orders(orders: pl.DataFrame) -> None:
    gaps = orders["day"].diff().dt.total_days().filter(orders["customer_id"] == orders["customer_id"].shift())
    assert gaps.quantile(0.1) > 7
    assert 28 < gaps.median() < 60
    assert gaps.quantile(0.9) < 180


def test_chinese_new_year_and_august_are_quiet(read: Read, orders: pl.DataFrame) -> None:
    closed = [pl.col("day").is_between(day - timedelta(8), day + timedelta(16)) for day in NEW_YEARS]
    assert 0.20 < pace(orders, pl.any_horizontal(closed)) < 0.60
    europe = read("companies").filter(pl.col("region") == "Europe").select("customer_id")
    assert 0.30 < pace(orders.join(europe, on="customer_id"), pl.col("day").dt.month() == 8) < 0.80


def test_some_orders_are_posted_late_and_some_credited(read: Read, orders: pl.DataFrame) -> None:
    credits = read("events").filter(pl.col("type") == "credit_note")
    assert 0.02 < (orders["known_time"] > orders["time"]).mean() < 0.08
    assert 0.02 < credits.height / orders.height < 0.10
    assert (credits["amount"] < 0).all()
    joined = credits.join(orders, on=["customer_id", "order_id"], suffix=" of order")
    assert joined.height == credits.height
    assert (joined["time"] > joined["time of order"]).all()
    assert (joined["amount of order"] + joined["amount"] > -0.005).all()


def test_payments_tell_their_due_date_and_how_late_they_are(read: Read) -> None:
    paid = read("events").filter(pl.col("type") == "payment").with_columns(pl.col("due").str.to_date())
    day = paid["time"].dt.convert_time_zone("Asia/Shanghai").dt.date()
    assert ((day - paid["due"]).dt.total_days().clip(lower_bound=0) == paid["quantity"]).all()
    assert 0.15 < (paid["quantity"] > 0).mean() < 0.50


def test_customers_have_the_promised_number_of_events(read: Read) -> None:
    assert 60 < read("events").height / read("companies").height < 200


def test_nothing_is_known_before_it_happens_or_after_the_end(read: Read) -> None:
    events = read("events")
    assert (events["known_time"] >= events["time"]).all()
    assert events["known_time"].dt.convert_time_zone("Asia/Shanghai").dt.date().max() == date(2024, 12, 31)
    companies = read("companies").select("customer_id", entered="known_time")
    assert (events.join(companies, on="customer_id").select(pl.col("time") >= pl.col("entered")).to_series()).all()
