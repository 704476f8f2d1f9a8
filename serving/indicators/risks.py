"""Risk scan 风险因素扫描: competitive threat, business change, relationship weakness, each a rule over signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from data.settings.indicators import Falling
from serving.indicators.compiled import RISK_INPUTS, Limits, scanned
from serving.indicators.signs import CHANGE, COMPETITIVE, SIGNS, WEAKNESS
from serving.indicators.yardstick import Seen, Yardstick

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

YARDSTICKS_KEPT = 8
RULES = (COMPETITIVE, CHANGE, WEAKNESS)
COLUMNS = tuple(f"risk_{rule}" for rule in RULES)


@dataclass(frozen=True)
class Scan:
    """The risk scan of n customers: `shown` (s, n) tells which signs show; `levels` of the rules, each (n,), are
    0 none, 1 watch, 2 alert, nan where it cannot be told."""

    seen: Seen
    shown: Flags
    levels: Mapping[str, Floats]

    @property
    def columns(self) -> dict[str, Floats]:
        """The levels by name."""
        return dict(zip(COLUMNS, self.levels.values(), strict=True))


def scan(seen: Seen) -> Scan:
    """The risk scan of n customers.

    Competitive threat: the worst sign of orders lagging behind the customer's own habit or of quotes lost, none where
    no interest holds. Business change: the worst sign. Relationship weakness: a sign is one point, a strong one two,
    their sum makes the level. Who has too few orders, or none for `longest_silence` days, has no level (all ours).
    """
    shown, levels = scanned(seen.gathered(RISK_INPUTS), *rules_of(seen.yardstick))
    return Scan(seen, shown, dict(zip(RULES, levels, strict=True)))


@lru_cache(maxsize=YARDSTICKS_KEPT)
def rules_of(yardstick: Yardstick) -> tuple[Floats, Limits]:
    """The steps of the signs (3, s), direction, watch and alert, and the limits of a book's rules."""
    risks = yardstick.settings.risks
    threat, change, weakness = risks.competitive_threat, risks.business_change, risks.relationship_weakness
    declared = [getattr(getattr(risks, sign.rule), sign.name) for sign in SIGNS]
    direction = np.array([-1.0 if isinstance(steps, Falling) else 1.0 for steps in declared])
    watch = np.array([steps.watch for steps in declared])
    alert = np.array([np.nan if steps.alert is None else steps.alert for steps in declared])
    limits = Limits(
        quotes=float(threat.fewest_quotes),
        touches=float(weakness.fewest_touches),
        season=float(change.least_season),
        interest=float(threat.least_interest),
        silence=float(risks.longest_silence),
        orders=(float(threat.fewest_orders), float(change.fewest_orders), 1.0),
        signs=float(weakness.fewest_signs),
        watch_points=float(weakness.watch_points),
        alert_points=float(weakness.alert_points),
    )
    return np.stack((direction, direction * watch, direction * alert)), limits


def fewest_orders(yardstick: Yardstick, rule: str) -> int:
    """How many orders a customer must have that the rule can tell."""
    return int(rules_of(yardstick)[1].orders[RULES.index(rule)])
