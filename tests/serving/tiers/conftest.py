"""Books of invented customers for policies: columns by name, and plans without a model."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from data.settings.tiers.section import Tiers
from features.spec import FeatureSpec
from serving.plan import Plan
from serving.tiers.fit import fit
from serving.tiers.gather import Gathered

ZONE = "Europe/Berlin"


def invented(count: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Columns that every policy finds what it looks at in; a third of the customers never bought."""
    rng = np.random.default_rng(seed)
    bought = rng.random(count) < 2 / 3
    money = np.where(bought, np.exp(rng.normal(6, 1.5, count)), 0.0)
    return {
        "lifetime_value": np.exp(rng.normal(5, 1.5, count)),
        "churn": np.where(bought, rng.random(count), np.nan),
        "conversion": rng.random(count),
        "last_order_age_days": np.where(bought, rng.integers(0, 700, count), np.nan).astype(np.float64),
        "first_order_age_days": np.where(bought, rng.integers(700, 900, count), np.nan).astype(np.float64),
        "orders": np.where(bought, rng.integers(1, 30, count), 0).astype(np.float64),
        "orders_365d": np.where(bought, rng.integers(0, 10, count), 0).astype(np.float64),
        "spend": money,
        "current_value": money * rng.random(count),
        "growth_potential": rng.normal(0, 500, count),
        "orders_rise_91d": np.where(rng.random(count) < 0.2, np.nan, rng.random(count)),
        "average_order_value": np.where(bought, money / 3, np.nan),
        "inquiries_quoted_share": rng.random(count),
        "active_contacts_91d": rng.integers(0, 6, count).astype(np.float64),
        "buying_streak_91d": rng.integers(0, 9, count).astype(np.float64),
        "late_payment_share": np.where(bought, rng.random(count), np.nan),
        "last_survey_score": np.where(rng.random(count) < 0.5, np.nan, rng.integers(0, 11, count)),
    }


@pytest.fixture(scope="session")
def columns_of_many() -> dict[str, np.ndarray]:
    return invented(400)


@pytest.fixture(scope="session")
def planned() -> Callable[..., Plan]:
    """The plan of a policy fitted on these columns; `then` are those of a review earlier."""
    plain = FeatureSpec(ZONE, 2)
    days = {"lifetime_value": 91, "conversion": 91, "churn": 91}

    def plan(
        policy: str,
        columns: dict[str, np.ndarray],
        tiers: Tiers | None = None,
        then: dict[str, np.ndarray] | None = None,
        spec: FeatureSpec | None = None,
    ) -> Plan:
        count = len(next(iter(columns.values())))
        book: Any = SimpleNamespace(name="shop", tiers=tiers or Tiers(), value="gross")
        bundle: Any = SimpleNamespace(book="shop", version="m", currency="EUR", horizons=days, spec=spec or plain)
        known = np.full(count, then is not None)
        found = Gathered(tuple(f"c{i:04}" for i in range(count)), columns, then or {}, known)
        return fit(found, book, bundle, 0, policy=policy)

    return plan
