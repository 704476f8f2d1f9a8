"""Four-part value 多维度价值评估: current value, growth potential, strategic value, service cost."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.clock import add_days
from data.histories.histories import Histories
from features.feature import Words
from serving.figures import said
from serving.indicators.answer import ValueParts
from serving.indicators.yardstick import Seen, Yardstick
from serving.numerals import Language, money_numerals
from training.labels import label
from training.scores import Scores

Floats = NDArray[np.float64]

YEAR = 365

WORTH: dict[str, Words] = {
    "gross": Words("Purchases of the last 365 days: {current}", "近 365 天采购额：{current}"),
    "net": Words("Purchases less returns of the last 365 days: {current}", "近 365 天采购额（扣除退货）：{current}"),
    "margin": Words("Margin of the last 365 days: {current}", "近 365 天毛利：{current}"),
}
UNTOLD = Words("The value of the last 365 days cannot be told", "近 365 天的价值无法计算")
COST = Words("; service cost {cost}, which leaves {net}", "；服务成本 {cost}，净值 {net}")
MORE = Words("; {growth} more a year expected", "；预计每年增加 {growth}")
LESS = Words("; {growth} less a year expected", "；预计每年减少 {growth}")
STRATEGIC = Words(
    "; strategic value {strategic} of 100 by people's ratings", "；战略价值 {strategic}（满分 100，人工评定）"
)
UNRATED = Words("; no valid strategic rating", "；无有效的战略评分")
STOP = Words(".", "。")


@dataclass(frozen=True)
class Past:
    """What each of n customers brought in the 365 days before a cutoff, before service cost, and what serving them
    cost; both (n,) in currency."""

    value: Floats
    cost: Floats


def past_year(histories: Histories, cutoff: int, yardstick: Yardstick) -> Past | None:
    """The past year of every customer, as known at `cutoff` (µs UTC): what a label would have said of it.

    None for a book whose value is gross: the features tell its purchases, and it has no service cost.
    """
    book = yardstick.book
    if book.value == "gross":
        return None
    start = add_days(cutoff, -YEAR, book.time_zone)
    before, after = (
        label(histories, start, "lifetime_value", YEAR, counted, cutoff) for counted in (yardstick.without_cost, book)
    )
    return Past(before, before - after)


def value_columns(seen: Seen, scores: Scores, past: Past | None) -> dict[str, Floats]:
    """The parts by name, each (n,): money per year in currency, `strategic_value` from 0 to 100; nan where untold.

    current_value: purchases (their margin, less returns, as the book counts value) of the last 365 days.
    service_cost: what the events of these days cost by the book's `service_cost`; nan where it states none.
    net_value = current_value − service_cost.
    growth_potential = lifetime_value × 365 / horizon days − net_value (ours): the prediction is net of cost too.
    strategic_value: mean of the valid human ratings, their scale stretched to 0–100 (ours).
    """
    yardstick = seen.yardstick
    nothing = seen.nothing
    gross = yardstick.book.value == "gross"
    current = seen["spend_365d"] if gross else nothing if past is None else past.value
    cost = past.cost if past is not None and yardstick.book.service_cost else nothing
    net = current - np.fmax(cost, 0.0)
    ahead = scores.lifetime_value * (YEAR / yardstick.bundle.horizons["lifetime_value"])
    return {
        "current_value": current,
        "growth_potential": ahead - net,
        "strategic_value": _strategic(seen),
        "service_cost": cost,
        "net_value": net,
    }


def _strategic(seen: Seen) -> Floats:
    settings, ratings = seen.yardstick.settings, seen.yardstick.ratings
    if not ratings:
        return seen.nothing
    total = count = np.zeros(seen.count)
    for name in ratings:
        rating = seen[name]
        total = total + np.fmax(np.minimum(rating, settings.highest) - settings.lowest, 0.0)
        count = count + (rating == rating)  # noqa: PLR0124
    most = np.where(count > 0, count, np.nan) * (settings.highest - settings.lowest)
    share: Floats = 100 * total / most
    return share


def tell_value(parts: dict[str, float | None], yardstick: Yardstick, language: Language) -> ValueParts:
    """The parts of one customer, null where untold, and the sentence about them."""
    return ValueParts(
        current_value=parts["current_value"],
        growth_potential=parts["growth_potential"],
        strategic_value=parts["strategic_value"],
        service_cost=parts["service_cost"],
        net_value=parts["net_value"],
        currency=yardstick.bundle.currency,
        text=_text(parts, yardstick, language),
    )


def _text(parts: dict[str, float | None], yardstick: Yardstick, language: Language) -> str:
    numerals = money_numerals(yardstick.bundle.currency, language)
    growth, strategic = parts["growth_potential"], parts["strategic_value"]
    current, cost, net, apart = (
        "" if part is None else numerals.told(numerals.units(part))
        for part in (parts["current_value"], parts["service_cost"], parts["net_value"], growth and abs(growth))
    )
    pieces = [WORTH[yardstick.book.value] if current else UNTOLD]
    pieces += [COST] if cost else []
    pieces += [] if growth is None else [MORE if growth >= 0 else LESS]
    if yardstick.settings.strategic:
        pieces.append(UNRATED if strategic is None else STRATEGIC)
    return "".join([said(piece, language) for piece in (*pieces, STOP)]).format(
        current=current, cost=cost, net=net, growth=apart, strategic=f"{strategic or 0.0:.0f}"
    )
