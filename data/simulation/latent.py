"""What nobody sees: the rates, sizes and tempers that a customer's life is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.simulation.chain import CODES, HAZARDS
from data.simulation.season import REGIONS
from data.simulation.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

TAKEN_OVER = 0.28  # share of customers in the records when they begin, in any state
TAKEN_OVER_STATES = {"browsing": 0.22, "lost": 0.22, "rested": 0.16, "waiting": 0.26, "preparing": 0.06, "quiet": 0.08}
REGION_SHARES = (0.42, 0.18, 0.17, 0.14, 0.09)
SIZES = ("micro", "small", "medium", "large")
SIZE_SHARES = (0.30, 0.40, 0.22, 0.08)
SIZE_MONEY = (0.45, 1.0, 2.0, 4.0)  # mean order relative to a small company's
TYPICAL_ORDER = 3_600.0  # USD, the median mean order of a small company
TRIAL_ORDER = 0.6  # a first order's share of a usual one
BOLD = 0.2  # share of customers whose orders grow or shrink fast
TRIAL_SERVICE = 0.3  # share of customers whose care is drawn by lot
LOT = 0.5


@dataclass(frozen=True, slots=True)
class Latent:
    """One entry per customer of a chunk.

    `hazards` (n, moves) are daily rates in the order of `MOVES`; `money` is the mean order in USD on day 0 and
    `growth` its yearly logarithmic growth; `lift` the factor of care on the served moves; `propensity` the
    probability of care in a quarter, drawn by lot where `by_lot`; `group` the number of the group of companies;
    `curiosity`, `patience` and `candour` scale visits, punctual paying and answering.
    """

    born: Ints
    start: NDArray[np.int8]
    region: Ints
    size: Ints
    group: Ints
    quality: Floats
    hazards: Floats
    money: Floats
    growth: Floats
    spread: Floats
    lift: Floats
    by_lot: Flags
    propensity: Floats
    curiosity: Floats
    patience: Floats
    candour: Floats

    def __len__(self) -> int:
        return len(self.born)


def draw_latent(world: World, chunk: int) -> Latent:
    """The latent state of every customer of a chunk."""
    members = world.members(chunk)
    rng, count = world.generator(chunk, "latent"), len(members)
    group = _groups(rng, members)
    head = group - members.start  # units of a group share its region and size, those of its first company
    region = rng.choice(len(REGIONS), count, p=REGION_SHARES)[head]
    size = rng.choice(len(SIZES), count, p=SIZE_SHARES)[head]
    quality = rng.normal(size=count)
    born, start = _beginnings(rng, world, count)
    by_lot = rng.random(count) < TRIAL_SERVICE
    judged = _logistic(-1.6 + 1.1 * quality + 0.3 * size)
    return Latent(
        born=born,
        start=start,
        region=region,
        size=size,
        group=group,
        quality=quality,
        hazards=_hazards(rng, quality, count),
        money=TYPICAL_ORDER * np.array(SIZE_MONEY)[size] * np.exp(0.2 * quality + rng.normal(0.0, 0.5, count)),
        growth=np.where(rng.random(count) < BOLD, rng.normal(0.0, 0.35, count), rng.normal(0.0, 0.12, count)),
        spread=rng.uniform(0.2, 0.6, count),
        lift=np.exp(rng.normal(0.25, 0.15, count)),
        by_lot=by_lot,
        propensity=np.where(by_lot, LOT, judged),
        curiosity=np.exp(rng.normal(-0.2, 0.8, count)),
        patience=np.exp(rng.normal(-0.25 * quality, 0.7, count)),
        candour=_logistic(rng.normal(-1.4 + 0.4 * quality, 0.7, count)),
    )


def _groups(rng: np.random.Generator, members: range) -> Ints:
    """The number of the group, that of its first company; one company in eight belongs to the one before it."""
    alone = rng.random(len(members)) >= 0.125
    alone[0] = True
    numbers = np.arange(members.start, members.stop)
    return np.maximum.accumulate(np.where(alone, numbers, members.start))


def _beginnings(rng: np.random.Generator, world: World, count: int) -> tuple[Ints, NDArray[np.int8]]:
    """The day each customer enters the records, and the state then."""
    taken = rng.random(count) < TAKEN_OVER
    born = np.where(taken, rng.integers(0, 10, count), rng.integers(0, world.days - 10, count))
    names = list(TAKEN_OVER_STATES)
    drawn = rng.choice(len(names), count, p=list(TAKEN_OVER_STATES.values()))
    start = np.where(taken, np.array([CODES[name] for name in names])[drawn], CODES["browsing"])
    return born, start.astype(np.int8)


def _hazards(rng: np.random.Generator, quality: Floats, count: int) -> Floats:
    """Daily rates, shape (n, moves)."""
    keen = np.exp(0.45 * quality)
    gap = np.exp(rng.normal(np.log(62.0), 0.50, count) - 0.15 * quality)  # days between orders, about
    once = _logistic(rng.normal(1.75 - 0.8 * quality, 0.6, count))  # probability of no second order
    on_quote, on_sample = 0.007 * keen, 0.020 * keen
    away = np.exp(rng.normal(np.log(1 / 750), 0.5, count) - 0.4 * quality)
    rates: dict[str, Any] = {
        "inquire": 0.0050 * keen,
        "lose_interest": 0.0045,
        "get_quote": 0.10,
        "fail_inquiry": 0.035 / keen,
        "get_sample": 0.032,
        "order_on_quote": on_quote * (1 - once),
        "order_once_on_quote": on_quote * once,
        "fail_quote": 0.020,
        "order_on_sample": on_sample * (1 - once),
        "order_once_on_sample": on_sample * once,
        "fail_sample": 0.017 / keen,
        "come_back": 0.0010,
        "sell_off": 1 / (0.40 * gap),
        "need": 1 / (0.36 * gap),
        "fall_quiet": away * 2.0,
        "leave": away * 0.6,
        "order": 1 / np.maximum(0.14 * gap, 4.0),
        "buy_elsewhere": 0.12 / np.maximum(0.14 * gap, 4.0),
        "wake": 1 / 170,
        "leave_quietly": 1 / 450,
        "win_back": 0.0003 * keen,
    }
    return np.column_stack([np.broadcast_to(rates[name], count) for name in HAZARDS]).astype(np.float64)


def _logistic(values: Any) -> Floats:
    return np.asarray(1 / (1 + np.exp(-values)))
