"""Visits, reading, inquiries, quotes, samples, touches, replies, meetings, tickets and surveys."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.simulation.chain import HAZARDS
from data.simulation.company import Companies
from data.simulation.goods import CATEGORIES, category_of
from data.simulation.season import WEEKEND
from data.simulation.table import DAY, ROUND_THE_CLOCK, WORK, moments, piece
from data.simulation.trajectory import Trajectory
from data.simulation.world import World

Ints = NDArray[np.int64]
Matrix = NDArray[np.float32]

# Mean number a day in each state. Order of the columns:
#                brows  inqui  quote  sampl  lost   rested wait   prep   quiet  gone
RATES: dict[str, tuple[float, ...]] = {
    "product_page": (0.080, 0.180, 0.180, 0.160, 0.022, 0.090, 0.090, 0.300, 0.050, 0.022),
    "price_page": (0.010, 0.060, 0.110, 0.090, 0.003, 0.010, 0.012, 0.090, 0.005, 0.003),
    "white_paper": (0.012, 0.020, 0.020, 0.016, 0.002, 0.006, 0.006, 0.020, 0.003, 0.0015),
    "webinar": (0.003, 0.004, 0.004, 0.004, 0.0005, 0.003, 0.003, 0.005, 0.0015, 0.0007),
    "inquiry": (0.0, 0.0, 0.0, 0.0, 0.0, 0.001, 0.003, 0.030, 0.001, 0.0002),
    "quote": (0.0, 0.0, 0.015, 0.008, 0.0, 0.0005, 0.002, 0.035, 0.0007, 0.0001),
    "sample": (0.0, 0.0, 0.0, 0.008, 0.0, 0.0, 0.001, 0.006, 0.0, 0.0),
    "call": (0.004, 0.030, 0.040, 0.040, 0.0015, 0.012, 0.014, 0.030, 0.010, 0.005),
    "meeting": (0.0005, 0.005, 0.008, 0.010, 0.0001, 0.003, 0.004, 0.007, 0.002, 0.0005),
    "ticket": (0.0, 0.0, 0.0, 0.002, 0.0, 0.020, 0.006, 0.006, 0.010, 0.004),
    "newsletter": (0.030, 0.030, 0.030, 0.030, 0.022, 0.032, 0.032, 0.032, 0.032, 0.028),
    "sales_mail": (0.012, 0.050, 0.060, 0.055, 0.004, 0.015, 0.020, 0.035, 0.020, 0.012),
    "nps": (0.0, 0.0, 0.0, 0.0, 0.0, 0.004, 0.003, 0.003, 0.002, 0.001),
}
ANSWERED = (0.5, 1.0, 1.1, 1.1, 0.12, 0.8, 0.8, 1.2, 0.4, 0.2)  # by state, times the customer's candour
CARED = {"call": 0.05, "sales_mail": 0.03, "meeting": 0.010}  # more a day while in care
OF_WEB = ("product_page", "price_page", "white_paper", "webinar")
WITH_CATEGORY = ("product_page", "price_page", "white_paper", "webinar", "inquiry", "quote", "sample")
WITH_CONTACT = ("white_paper", "webinar", "inquiry", "quote", "sample", "call", "meeting", "ticket", "nps", "reply")
CHANNELS = {
    "inquiry": ("email", "platform", "fair"),
    "call": ("phone", "video", "wechat"),
    "meeting": ("visit", "fair", "video"),
    "ticket": ("email", "phone", "portal"),
}
ENTERED_LATE = 0.4  # share of calls and meetings that reach the CRM one to seven days after
STAGES = {"inquire": "inquiry", "get_quote": "quote", "get_sample": "sample"}


def contacts(world: World, chunk: int, life: Trajectory, companies: Companies) -> list[pl.DataFrame]:
    """All events that are not orders or what follows orders."""
    rng, latent = world.generator(chunk, "contacts"), life.latent
    weekday = _weekdays(world)
    found = [_entries(world, chunk, life)]
    for type_ in RATES:
        rates = np.array([*RATES[type_], 0.0], np.float32)[life.states]  # the last one is of the unborn
        if type_ in OF_WEB:
            rates *= latent.curiosity.astype(np.float32)
        if type_ in CARED:
            rates += _in_care(life, world.days) * np.float32(CARED[type_])
        rates *= weekday[:, None]
        days, customer = np.nonzero(rng.random(rates.shape, np.float32) < rates)
        found.append(_described(rng, type_, days, customer, companies, latent.quality))
        if type_ in ("newsletter", "sales_mail"):
            found.append(_answers(rng, type_, days, customer, life, companies))
    return [*found, *_stages(world, chunk, life, companies)]


def _entries(world: World, chunk: int, life: Trajectory) -> pl.DataFrame:
    """The visit by which each customer enters the records."""
    rng = world.generator(chunk, "touches")
    born = life.latent.born
    return piece(np.arange(len(born)), moments(rng, born, ROUND_THE_CLOCK), "product_page")


def _stages(world: World, chunk: int, life: Trajectory, companies: Companies) -> list[pl.DataFrame]:
    """The inquiry, quote and sample that move a lead on."""
    rng = world.generator(chunk, "stages")
    found = []
    for hazard, type_ in STAGES.items():
        days, customer = np.nonzero(life.moves == HAZARDS.index(hazard))
        found.append(_described(rng, type_, days, customer, companies, life.latent.quality))
    return found


def _described(
    rng: np.random.Generator,
    type_: str,
    days: Ints,
    customer: Ints,
    companies: Companies,
    quality: NDArray[np.float64],
) -> pl.DataFrame:
    """The events with what belongs to their type."""
    count = len(days)
    columns: dict[str, object] = {}
    if type_ in WITH_CATEGORY:
        category = category_of(rng, companies.industry[customer], companies.favourite[customer])
        columns["category"] = pl.Series(CATEGORIES).gather(category)
    if type_ in WITH_CONTACT:
        columns["contact"] = (rng.random(count) * companies.contacts[customer]).astype(np.int8)
    if type_ in CHANNELS:
        columns["channel"] = pl.Series(CHANNELS[type_]).gather(rng.integers(0, 3, count))
    if type_ in ("call", "meeting"):
        columns["delay"] = np.where(rng.random(count) < ENTERED_LATE, rng.integers(1, 8, count), 0) * DAY
    if type_ == "nps":
        columns["quantity"] = np.clip(np.rint(7.0 + 1.2 * quality[customer] + 1.5 * rng.normal(size=count)), 0, 10)
    hours = ROUND_THE_CLOCK if type_ in OF_WEB else WORK
    return piece(customer, moments(rng, days, hours), type_, **columns)


def _answers(
    rng: np.random.Generator, type_: str, days: Ints, customer: Ints, life: Trajectory, companies: Companies
) -> pl.DataFrame:
    """Answers to some of the touches, within days: clicks on newsletters, replies to mails."""
    state = life.states[days, customer]
    chance = np.minimum(np.array(ANSWERED)[state] * life.latent.candour[customer], 0.9)
    answered = rng.random(len(days)) < chance
    after = np.floor(rng.exponential(1.5, len(days))).astype(np.int64)
    kind = "click" if type_ == "newsletter" else "reply"
    return _described(rng, kind, (days + 1 + after)[answered], customer[answered], companies, life.latent.quality)


def _in_care(life: Trajectory, days: int) -> Matrix:
    """1 for every day and customer in care, (days, n)."""
    alive = life.states >= 0
    return (life.care.T[life.quarter[:days]] & alive).astype(np.float32)


def _weekdays(world: World) -> Matrix:
    weekend = [world.date_of(number).weekday() >= 5 for number in range(world.days)]
    return np.where(weekend, WEEKEND, 1.0).astype(np.float32)
