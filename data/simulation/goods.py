"""What the exporter sells: products in categories, and which of them an industry buys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

INDUSTRIES = ("machinery", "automotive", "construction", "furniture", "electronics", "medical", "retail", "energy")
CATEGORIES = (
    "bearings",
    "castings",
    "fasteners",
    "gears",
    "hinges",
    "hoses",
    "lamps",
    "motors",
    "pumps",
    "sensors",
    "tools",
    "valves",
)
MODELS = 24  # products of a category
PRODUCTS = tuple(f"{category[:3].upper()}-{model:02d}" for category in CATEGORIES for model in range(1, MODELS + 1))
FIRST_CHOICE = 0.65  # share of an industry's purchases in its first category


def category_of(
    rng: np.random.Generator, industry: NDArray[np.int64], favourite: NDArray[np.int64]
) -> NDArray[np.int64]:
    """A category for each row: mostly the industry's own, then the customer's favourite, then any."""
    count = len(industry)
    chance = rng.random(count)
    any_ = rng.integers(0, len(CATEGORIES), count)
    own = (industry * 3) % len(CATEGORIES)
    return np.where(chance < FIRST_CHOICE, own, np.where(chance < 0.92, favourite, any_))


def product_of(rng: np.random.Generator, category: NDArray[np.int64]) -> NDArray[np.int64]:
    """A product of each category; the first models sell best."""
    model = np.minimum(rng.geometric(0.15, len(category)) - 1, MODELS - 1)
    return category * MODELS + model
