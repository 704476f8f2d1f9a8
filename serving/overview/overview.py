"""What is told of a whole book at a plan's cutoff; written by `score`, read by the pages."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Plain values, exactly these."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Size(Part):
    """How many customers a tier or a class has, and the money expected of them together within the horizon."""

    name: str
    customers: int
    value: float


class Cell(Part):
    """Buyers by grade of recency and of frequency, 0 (low) to 2 (high), and their expected money."""

    recency: int
    frequency: int
    customers: int
    value: float


class Flow(Part):
    """Customers who were in one tier and are in another; `before` is null for who was not on record then."""

    before: str | None
    after: str
    customers: int
    value: float


class Mover(Part):
    """A customer who rises or falls: orders and purchases of the last quarter beside those of the one before."""

    customer_id: str
    direction: Literal["rising", "falling"]
    before: int
    recent: int
    spend_before: float
    spend_recent: float
    sure: bool


class Warning(Part):
    """A customer of the upper tiers whose churn rose within the quarter, both as probabilities, and the money expected
    of them."""

    customer_id: str
    tier: str
    churn_before: float
    churn: float
    value: float


class Stage(Part):
    """Customers who came at least as far as this within the last year."""

    name: str
    customers: int


class Quarter(Part):
    """Two rates of equal weight over the 91 days to `end` (local ISO date).

    `core` customers at its beginning, and how many of them bought in it; `new` customers (first seen within half a
    year before its end, without a purchase at its beginning), and how many of them bought first in it.
    """

    end: str
    core: int
    core_bought: int
    new: int
    new_bought: int


class Driver(Part):
    """A group of features and its share of what moves a score."""

    target: str
    group: str
    share: float


class Overview(Part):
    """A book at `cutoff` (µs UTC); `since` (µs UTC) is where the flows begin. Money in `currency`."""

    book: str
    model_version: str
    plan_version: str
    cutoff: int
    since: int
    currency: str
    horizon_days: int
    customers: int
    value: float
    tiers: tuple[Size, ...]
    classes: tuple[Size, ...]
    board: tuple[Cell, ...]
    flows: tuple[Flow, ...]
    movers: tuple[Mover, ...]
    warnings: tuple[Warning, ...]
    stages: tuple[Stage, ...]
    quarters: tuple[Quarter, ...]
    drivers: tuple[Driver, ...]
