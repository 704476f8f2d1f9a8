"""What policies look at: scores and features by name, each with the direction in which it is better."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.errors import listed
from features.feature import Words
from features.spec import FeatureSpec
from serving.errors import PlanError
from training.bundle import Bundle, Scores

Floats = NDArray[np.float64]
Columns = Mapping[str, Floats]
"""By the name of an input, shape (n,); nan where a customer has none."""

YEAR_DAYS = 365.0
SCORES = ("lifetime_value", "churn", "conversion")


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that a policy looks at; `unit` is one of `features.feature.UNITS`, `rises` that more is better."""

    name: str
    words: Words
    unit: str
    rises: bool = True


VALUE = Input("lifetime_value", Words("expected in the next {days} days", "未来 {days} 天预计"), "money")
CHURN = Input("churn", Words("chance of no purchase", "不再购买的可能"), "share")
RECENCY = Input("last_order_age_days", Words("days since the last order", "距上次下单天数"), "days", rises=False)
ORDERS = Input("orders", Words("orders so far", "累计订单数"), "orders")
SPEND = Input("spend", Words("purchases so far", "累计采购额"), "money")
TENURE = Input("first_order_age_days", Words("days since the first order", "距首次下单天数"), "days")
TREND = Input("orders_rise_91d", Words("evidence that orders rise", "订单上升的把握"), "share")
CURRENT = Input("current_value", Words("purchases of the last 12 months", "近12个月采购额"), "money")
POTENTIAL = Input("growth_potential", Words("growth expected over 12 months", "未来12个月预计增量"), "money")
PREDICTED = (VALUE.name, POTENTIAL.name)
"""What is predicted, and better where there is more of it."""


def columns_of(names: Iterable[str], scores: Scores, features: Floats, bundle: Bundle) -> dict[str, Floats]:
    """The columns of these names for the customers whose scores and features, shape (n, f), these are.

    A name is a score, `current_value` (purchases of the last 365 days), `growth_potential` (value predicted for 365
    days by that of the horizon, less the current value) or a feature. PlanError for one that the model has not.
    """
    return {name: _column(name, scores, features, bundle) for name in names}


def _column(name: str, scores: Scores, features: Floats, bundle: Bundle) -> Floats:
    if name in SCORES:
        return np.asarray(getattr(scores, name), dtype=np.float64)
    if name == CURRENT.name:
        return _feature("spend_365d", features, bundle.spec)
    if name == POTENTIAL.name:
        yearly = scores.lifetime_value * (YEAR_DAYS / bundle.horizons["lifetime_value"])
        return np.asarray(yearly - np.nan_to_num(_feature("spend_365d", features, bundle.spec)))
    return _feature(name, features, bundle.spec)


def _feature(name: str, features: Floats, spec: FeatureSpec) -> Floats:
    if name not in spec.names:
        near = [known for known in spec.names if known.startswith("profile_")]
        raise PlanError(
            f'the policy looks at "{name}", which the model does not know; name a feature of the catalogue, or one of '
            f"the profile columns {listed(near) or '(the book has none)'}, or train the model again"
        )
    return features[:, spec.names.index(name)]
