"""Relationship health 关系健康指数: loyalty, depth of interaction, breadth of products, payment behaviour."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from data.settings.indicators import PARTS
from features.feature import Words
from serving.figures import said
from serving.indicators.answer import Health, HealthPart
from serving.indicators.compiled import HEALTH_INPUTS, healths
from serving.indicators.yardstick import Seen, Yardstick
from serving.numerals import Language

Floats = NDArray[np.float64]

TITLES: dict[str, Words] = {
    "loyalty": Words("loyalty", "忠诚度"),
    "interaction": Words("depth of interaction", "互动深度"),
    "breadth": Words("breadth of products", "采购品类广度"),
    "payment": Words("payment behaviour", "付款表现"),
}
COLUMNS = ("health", *(f"health_{name}" for name in PARTS))

WHOLE = Words("Relationship health {health} of 100: {parts}", "关系健康指数 {health}（满分 100）：{parts}")
NOT_TOLD = Words("Relationship health cannot be told", "关系健康指数无法计算")
PART = Words("{title} {value}", "{title} {value}")
WITHOUT = Words("; not counted, as it cannot be told: {titles}", "；无法判断而未计入：{titles}")
AND = Words(", ", "、")
STOP = Words(".", "。")


def health_columns(seen: Seen) -> dict[str, Floats]:
    """`health` and its parts `health_<part>`, each (n,) from 0 to 100, nan where it cannot be told.

    loyalty = 100/3 × (share of 91-day periods with an order + min(1, periods in a row / full_streak)
    + min(1, orders after the first / full_repeats)); interaction = 100 × d / (d + interaction_half), d the
    engagement depth; breadth = 100 × p / (p + breadth_half), p the products bought; payment = 100 − 50 × share of
    late payments − 50 × min(1, mean days late / worst_delay), days before the due date counting as 0 (all ours).
    health = Σ weight × part / Σ weight over the parts that can be told. Who never bought has an interaction alone.
    """
    yardstick = seen.yardstick
    return dict(zip(COLUMNS, healths(seen.gathered(HEALTH_INPUTS), yardstick.scales, yardstick.weights), strict=True))


def tell_health(told: Mapping[str, float | None], yardstick: Yardstick, language: Language) -> Health:
    """The health of one customer, null where untold, and the sentence about it."""
    weights = dict(zip(PARTS, yardstick.settings.health.weights, strict=True))
    counted = sum(weights[name] for name in PARTS if told[f"health_{name}"] is not None)
    parts = tuple(_part(name, told[f"health_{name}"], weights[name], counted, language) for name in PARTS)
    return Health(told["health"], parts, _text(told["health"], parts, weights, language))


def _part(name: str, value: float | None, weight: float, counted: float, language: Language) -> HealthPart:
    share = weight / counted if value is not None and counted else 0.0
    return HealthPart(name, said(TITLES[name], language), value, share)


def _text(health: float | None, parts: tuple[HealthPart, ...], weights: Mapping[str, float], language: Language) -> str:
    comma = said(AND, language)
    lacking = comma.join(part.title for part in parts if part.value is None and weights[part.name])
    without = said(WITHOUT, language).format(titles=lacking) if lacking else ""
    if health is None:
        return said(NOT_TOLD, language) + said(STOP, language)
    form = said(PART, language)
    each = comma.join(form.format(title=part.title, value=f"{part.value:.0f}") for part in parts if part.weight)
    return said(WHOLE, language).format(health=f"{health:.0f}", parts=each) + without + said(STOP, language)
