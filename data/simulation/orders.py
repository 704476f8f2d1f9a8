"""Orders with their lines, and what follows them: credit notes and payments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.simulation.chain import BEFORE, LEAD_STATES
from data.simulation.company import Companies
from data.simulation.goods import CATEGORIES, PRODUCTS, category_of, product_of
from data.simulation.latent import TRIAL_ORDER
from data.simulation.table import DAY, WORK, moments, piece
from data.simulation.trajectory import Trajectory
from data.simulation.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LATE_POSTING = 0.04  # share of orders that are posted 2 to 30 days late
CREDITED = 0.05  # share of orders with a credit note, 5 to 60 days after
UNPAID = 0.01


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders of a chunk, by day: customer, second, days until posted, money in cents."""

    customer: Ints
    second: Ints
    posted: Ints
    cents: Ints

    @property
    def day(self) -> Ints:
        """The day of each order."""
        return self.second // DAY


def draw_orders(world: World, chunk: int, life: Trajectory) -> Orders:
    """Money is log-normal around the customer's mean order, so that its expectation is that mean."""
    rng, latent = world.generator(chunk, "orders"), life.latent
    days, customer = life.orders()
    trial = BEFORE[life.moves[days, customer]] < LEAD_STATES
    mean = latent.money[customer] * np.exp(latent.growth[customer] * days / 365.0)
    spread = latent.spread[customer]
    noise = np.exp(rng.normal(size=len(days)) * spread - spread**2 / 2)
    money = mean * np.where(trial, TRIAL_ORDER, 1.0) * noise
    late = rng.random(len(days)) < LATE_POSTING
    return Orders(
        customer=customer,
        second=moments(rng, days, WORK),
        posted=np.where(late, rng.integers(2, 31, len(days)), 0),
        cents=np.maximum(np.rint(money * 100).astype(np.int64), 100),
    )


def order_lines(world: World, chunk: int, orders: Orders, companies: Companies) -> pl.DataFrame:
    """One to five lines an order, which add up to its money."""
    rng = world.generator(chunk, "times")
    lines = rng.choice([1, 2, 3, 4, 5], len(orders.customer), p=[0.45, 0.25, 0.15, 0.1, 0.05])
    order = np.repeat(np.arange(len(lines)), lines)
    first = np.concatenate(([0], np.cumsum(lines)[:-1])) if len(lines) else np.empty(0, np.int64)
    weight = rng.uniform(0.2, 1.0, len(order))
    total = np.bincount(order, weight, len(lines))
    cents = np.floor(orders.cents[order] * weight / total[order]).astype(np.int64)
    cents[first] += orders.cents - np.bincount(order, cents, len(lines)).astype(np.int64)
    customer = orders.customer[order]
    category = category_of(rng, companies.industry[customer], companies.favourite[customer])
    product = product_of(rng, category)
    price = 2.0 + (product * 37 % 97)
    return piece(
        customer,
        orders.second[order],
        "order",
        delay=orders.posted[order] * DAY,
        amount=cents / 100,
        quantity=np.maximum(np.rint(cents / 100 / price), 1.0),
        product=pl.Series(PRODUCTS).gather(product),
        category=pl.Series(CATEGORIES).gather(category),
        channel=pl.Series(("email", "portal", "fair")).gather(rng.choice(3, len(lines), p=[0.6, 0.3, 0.1])[order]),
        order=order,
        due=(orders.day + companies.terms[orders.customer])[order],
    )


def credit_notes(world: World, chunk: int, orders: Orders) -> pl.DataFrame:
    """Part or all of some orders is taken back; it is known some days after it is issued."""
    rng = world.generator(chunk, "credit notes")
    order = np.flatnonzero(rng.random(len(orders.customer)) < CREDITED)
    share = rng.choice([0.1, 0.25, 0.5, 1.0], len(order), p=[0.4, 0.3, 0.2, 0.1])
    day = orders.day[order] + np.maximum(orders.posted[order], rng.integers(5, 61, len(order)))
    cents = np.rint(orders.cents[order] * share)
    return piece(
        orders.customer[order],
        moments(rng, day, WORK),
        "credit_note",
        delay=rng.integers(0, 11, len(order)) * DAY,
        amount=-cents / 100,
        order=order,
    )


def payments(world: World, chunk: int, orders: Orders, companies: Companies, patience: Floats) -> pl.DataFrame:
    """Each order is paid once; `quantity` is the days after the due date, 0 when on time.

    Payments are booked on the following day.
    """
    rng = world.generator(chunk, "payments")
    order = np.flatnonzero(rng.random(len(orders.customer)) >= UNPAID)
    customer = orders.customer[order]
    posted = orders.day[order] + orders.posted[order]
    due = orders.day[order] + companies.terms[customer]
    overdue = np.floor(rng.gamma(0.6, 12.0, len(order)) * patience[customer] - 5.0).astype(np.int64)
    paid = np.maximum(due + np.maximum(overdue, -companies.terms[customer]), posted)
    return piece(
        customer,
        moments(rng, paid, WORK),
        "payment",
        delay=np.full(len(order), DAY),
        amount=orders.cents[order] / 100,
        quantity=np.maximum(paid - due, 0),
        channel=pl.repeat("bank", len(order), eager=True),
        order=order,
        due=due,
    )
