"""All indicators of n customers, as columns for policies and told for one customer."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serving.indicators.answer import Indicators
from serving.indicators.health import health_columns, tell_health
from serving.indicators.risk_words import tell_risk
from serving.indicators.risks import RULES, Scan, scan
from serving.indicators.value import Past, tell_value, value_columns
from serving.indicators.yardstick import Yardstick
from serving.reasons.account import Accountant
from training.scores import Scores

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """The indicators of n customers: `parts` of value and `health` by name, each (n,), and the risk scan."""

    yardstick: Yardstick
    parts: Mapping[str, Floats]
    health: Mapping[str, Floats]
    scan: Scan

    @property
    def columns(self) -> dict[str, Floats]:
        """All of them by name, each (n,), nan where a customer has none."""
        return {**self.parts, **self.health, **self.scan.columns}

    def about(self, row: int, accountant: Accountant) -> Indicators:
        """Those of the customer in row `row`, in the language and as of the moment of the accountant."""
        language = accountant.language
        return Indicators(
            value_parts=tell_value(_row(self.parts, row), self.yardstick, language),
            health=tell_health(_row(self.health, row), self.yardstick, language),
            risks=tuple([tell_risk(rule, self.scan, row, accountant) for rule in RULES]),
        )


def measure(features: Floats, scores: Scores, yardstick: Yardstick, past: Past | None = None) -> Measured:
    """The indicators of n customers with features (n, f) in the order of the bundle's `spec.names`.

    Elementwise: a customer alone gives the same bytes as in a batch. `past` (`past_year`) is needed where the book's
    value is net or margin, which the features do not tell; without it current value and growth are nan there.
    """
    seen = yardstick.seen(features)
    return Measured(yardstick, value_columns(seen, scores, past), health_columns(seen), scan(seen))


def columns(features: Floats, scores: Scores, yardstick: Yardstick, past: Past | None = None) -> dict[str, Floats]:
    """The indicators of `measure` by name, each (n,) float64, nan where a customer has none:

    `current_value`, `growth_potential`, `strategic_value`, `service_cost`, `net_value`; `health`, `health_loyalty`,
    `health_interaction`, `health_breadth`, `health_payment`; `risk_competitive_threat`, `risk_business_change`,
    `risk_relationship_weakness` (0 none, 1 watch, 2 alert).
    """
    return measure(features, scores, yardstick, past).columns


def _row(told: Mapping[str, Floats], row: int) -> dict[str, float | None]:
    values = {name: float(column[row]) for name, column in told.items()}
    return {name: None if math.isnan(value) else value for name, value in values.items()}
