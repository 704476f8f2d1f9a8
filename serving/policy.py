"""The tier policy `value_percentile`: the top percent of customers by lifetime value."""

import math

import numpy as np
from numpy.typing import NDArray

from data.book import Tiers
from features.feature import Words
from serving.errors import PlanError
from serving.figures import Language, money, plain, said
from serving.plan import Plan
from serving.recommendation import Neighbour, Tier
from training.bundle import Bundle

Floats = NDArray[np.float64]

POLICY = "value_percentile"
TIERS = ("diamond", "gold", "silver", "bronze")
"""From the highest to the lowest."""

NAMES: dict[str, Words] = {
    "diamond": Words("diamond", "钻石"),
    "gold": Words("gold", "金牌"),
    "silver": Words("silver", "银牌"),
    "bronze": Words("bronze", "铜牌"),
}

REACHED = Words(
    "{tier}: {value} expected in the next {days} days; {tier} starts at {cut} (top {percent}%).",
    "{tier}：未来 {days} 天预计 {value}；{tier}门槛为 {cut}（前 {percent}%）。",
)
MISSED = Words(
    "{tier}: {value} expected in the next {days} days; {next} starts at {cut} (top {percent}%).",
    "{tier}：未来 {days} 天预计 {value}；{next}门槛为 {cut}（前 {percent}%）。",
)
ALONE = Words(
    "{tier}: {value} expected in the next {days} days, no more than everybody else.",
    "{tier}：未来 {days} 天预计 {value}，与其他客户没有差别。",
)


def fit(lifetime_values: Floats, tiers: Tiers, bundle: Bundle, cutoff: int) -> Plan:
    """The plan of a book whose n customers have these lifetime values at `cutoff` (µs), shape (n,).

    `tiers` says which top percent of the customers belongs to a tier or a higher one. Raises PlanError for a
    book without customers.
    """
    if not len(lifetime_values):
        raise PlanError(f"book {bundle.book}: nobody has an event by the cutoff; there are no tiers to cut")
    percent = {tier: float(getattr(tiers, tier)) for tier in TIERS[:-1]}
    cuts = {tier: _cut(lifetime_values, share) for tier, share in percent.items()}
    reached = [_count(lifetime_values, cuts[tier]) for tier in TIERS[:-1]] + [len(lifetime_values)]
    return Plan(
        policy=POLICY,
        book=bundle.book,
        model_version=bundle.version,
        cutoff=cutoff,
        currency=bundle.currency,
        horizon_days=bundle.horizons["lifetime_value"],
        customers=len(lifetime_values),
        percent=percent,
        cuts=cuts,
        counts={tier: reached[i] - (reached[i - 1] if i else 0) for i, tier in enumerate(TIERS)},
    )


def assign(value: float, plan: Plan, language: Language = "en") -> Tier:
    """The tier of a customer with this lifetime value (currency).

    Total and monotone: every value has one tier, and a higher value never has a lower one. Equal values
    share a tier.
    """
    place = _place(value, plan)
    higher = plan.cuts[TIERS[place - 1]] if place else None
    own = plan.cuts.get(TIERS[place])
    return Tier(
        name=TIERS[place],
        policy=plan.policy,
        why=_why(value, place, plan, language),
        next_up=None if higher is None else _neighbour(higher, higher - value, higher, plan),
        next_down=None if own is None else _neighbour(own, value - own, math.nextafter(own, -math.inf), plan),
        probabilities=None,
    )


def _cut(values: Floats, percent: float) -> float | None:
    """The lowest value of the top percent. Customers tied across the cut all fall below it, so a tier never
    holds more customers than it was meant for (rounded up)."""
    descending = np.sort(values)[::-1]
    places = math.ceil(len(values) * percent / 100)
    if places >= len(values):
        return float(descending[-1])
    inside = descending[:places][descending[:places] > descending[places]]
    return float(inside[-1]) if len(inside) else None


def _count(values: Floats, cut: float | None) -> int:
    return 0 if cut is None else int((values >= cut).sum())


def _place(value: float, plan: Plan) -> int:
    cuts = (plan.cuts[tier] for tier in TIERS[:-1])
    return next((i for i, cut in enumerate(cuts) if cut is not None and value >= cut), len(TIERS) - 1)


def _neighbour(cut: float, difference: float, beyond: float, plan: Plan) -> Neighbour:
    """The tier on the other side of a cut, which is not the next name where a tier between is empty."""
    return Neighbour(TIERS[_place(beyond, plan)], cut, difference, plan.currency)


def _why(value: float, place: int, plan: Plan, language: Language) -> str:
    tier = TIERS[place]
    named = tier if place < len(TIERS) - 1 else TIERS[place - 1]
    cut = plan.cuts[named]
    text = said(ALONE if cut is None else REACHED if named == tier else MISSED, language).format(
        tier=said(NAMES[tier], language),
        next=said(NAMES[named], language),
        value=money(value, plan.currency, language),
        days=plan.horizon_days,
        cut="" if cut is None else money(cut, plan.currency, language),
        percent=plain(plan.percent[named]),
    )
    return text[0].upper() + text[1:]
