"""Expected profit in words: what a service adds, what its seat is worth, and where the neighbours begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from features.feature import Words
from serving.tiers.inputs import CHURN, VALUE, Columns
from serving.tiers.ladder import LOWEST, NAMES, TIERS
from serving.tiers.rule import neighbour, number
from serving.tiers.speech import Speech
from serving.tiers.verdict import Condition, Criterion, Neighbour

if TYPE_CHECKING:
    from serving.tiers.profit import ProfitRule

STATED = Words("{title}: {value}", "{title}：{value}")
ADDS = Words(
    "{tier} service adds {gain} of profit over none ({low} to {high})",
    "{tier}服务预计带来利润 {gain}（区间 {low} 至 {high}）",
)
ABOVE = Words(
    "{tier} would add {more} more, its seat and hours are worth {price} more elsewhere",
    "{tier}可再增 {more}，但其名额与工时另有 {price} 的用处",
)
BELOW = Words(
    "{tier} would add {less} less, and free what is worth {price}", "{tier}将少 {less}，可腾出价值 {price} 的资源"
)
UP = Words("{tier} starts at {cut} expected: {difference} more", "预计价值达 {cut} 即为{tier}：还差 {difference}")
DOWN = Words(
    "below {cut} expected it would be {tier}: {difference} to spare",
    "预计价值低于 {cut} 将降为{tier}：尚余 {difference}",
)
SEAT = Words("One more {tier} seat is worth {price}.", "每增加一个{tier}名额价值 {price}。")
HOUR = Words("One more hour of service is worth {price}.", "每增加一小时服务价值 {price}。")
PROOF = Words(
    "Expected profit of the tiers: {profit}; no assignment within the capacity brings over {gap} more.",
    "各等级预期利润合计 {profit}；在现有产能内，任何分配最多只能再多 {gap}。",
)

BESIDE = 1e-7
"""Where tiers part, both are as good: a customer is in the upper one from this share beyond."""


def criteria(rule: ProfitRule, row: Columns, speech: Speech) -> tuple[Criterion, ...]:
    """The value and the churn, what the own service adds, and what the neighbouring ones would."""
    place = int(rule.places(row)[0])
    stated = [_stated(row, each.name, speech) for each in (VALUE, CHURN) if number(row, each.name) is not None]
    told = [_adds(rule, row, place, speech)]
    told += [_beside(rule, row, place, other, speech) for other in (place - 1, place + 1) if 0 <= other <= LOWEST]
    return (*stated, *told)


def neighbours(rule: ProfitRule, row: Columns, speech: Speech) -> tuple[Neighbour | None, Neighbour | None]:
    """The expected values at which the tier changes, the churn being what it is."""
    value, place = float(row[VALUE.name][0]), int(rule.places(row)[0])
    cuts = _cuts(rule, row)
    trial = {name: np.repeat(column, 2 * len(cuts)) for name, column in row.items()}
    trial[VALUE.name] = np.concatenate([cuts * (1.0 + BESIDE), cuts * (1.0 - BESIDE)])
    beyond, before = np.split(rule.places(trial), 2)
    higher = [(cut, at) for cut, at in zip(cuts.tolist(), beyond.tolist(), strict=True) if cut > value and at < place]
    lower = [(cut, at) for cut, at in zip(cuts.tolist(), before.tolist(), strict=True) if cut <= value and at > place]
    return (
        _neighbour(*min(higher), value, speech, UP) if higher else None,
        _neighbour(*max(lower), value, speech, DOWN) if lower else None,
    )


def remarks(rule: ProfitRule, speech: Speech) -> tuple[str, ...]:
    """What one more seat and one more hour are worth, and how near the optimum is; of one book without owners."""
    proof, more = rule.learnt["proof"], rule.learnt["one_more"]
    gap = speech.told(proof["bound"] - proof["priced_profit"], "money")
    told = [speech.said(PROOF, profit=speech.told(proof["priced_profit"], "money"), gap=gap)]
    if rule.learnt["owner"] is None:
        told += [
            speech.said(SEAT, tier=speech.said(NAMES[TIERS[place]]), price=speech.told(worth, "money"))
            for place, worth in enumerate(more["seat"][0])
            if worth > 0
        ]
        told += [speech.said(HOUR, price=speech.told(worth, "money")) for worth in more["hour"] if worth > 0]
    return tuple(told)


def _stated(row: Columns, name: str, speech: Speech) -> Criterion:
    each = VALUE if name == VALUE.name else CHURN
    title, value = speech.titled(each.words), number(row, name)
    return Criterion(
        name, title, value, each.unit, None, speech.said(STATED, title=title, value=speech.told(value, each.unit))
    )


def _adds(rule: ProfitRule, row: Columns, place: int, speech: Speech) -> Criterion:
    low, gain, high = (float(rule.services.gains(row, end)[0, place]) for end in ("low", "mid", "high"))
    tier = speech.said(NAMES[TIERS[place]])
    told = {name: speech.told(amount, "money") for name, amount in (("gain", gain), ("low", low), ("high", high))}
    return Criterion(f"profit_{TIERS[place]}", tier, gain, "money", None, speech.said(ADDS, tier=tier, **told))


def _beside(rule: ProfitRule, row: Columns, place: int, other: int, speech: Speech) -> Criterion:
    gains, nets = rule.services.gains(row)[0], rule.prices.nets(rule.services.gains(row), rule.groups(row))[0]
    difference = float(gains[other] - gains[place])
    price = float(difference - (nets[other] - nets[place])) if np.isfinite(nets[other]) else np.inf
    tier = speech.said(NAMES[TIERS[other]])
    if other < place:
        text = speech.said(ABOVE, tier=tier, more=speech.told(difference, "money"), price=_told(price, speech))
    else:
        text = speech.said(BELOW, tier=tier, less=speech.told(-difference, "money"), price=_told(-price, speech))
    return Criterion(f"profit_{TIERS[other]}", tier, float(gains[other]), "money", None, text)


def _told(price: float, speech: Speech) -> str:
    return speech.told(price, "money") if np.isfinite(price) else "–"


def _cuts(rule: ProfitRule, row: Columns) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The positive values at which some two tiers are as good: gains are lines in the value."""
    ends = {name: np.repeat(column, 2) for name, column in row.items()}
    ends[VALUE.name] = np.array([0.0, 1.0])
    nothing, one = rule.prices.nets(rule.services.gains(ends), rule.groups(ends))
    slope = one - nothing
    cuts = [
        (nothing[b] - nothing[a]) / (slope[a] - slope[b])
        for a in range(LOWEST)
        for b in range(a + 1, LOWEST + 1)
        if np.isfinite(nothing[a]) and slope[a] > slope[b]
    ]
    return np.array([cut for cut in cuts if cut > 0.0], dtype=np.float64)


def _neighbour(cut: float, place: int, value: float, speech: Speech, words: Words) -> Neighbour:
    text = speech.said(
        words,
        tier=speech.said(NAMES[TIERS[place]]),
        cut=speech.told(cut, VALUE.unit),
        difference=speech.apart(max(cut, value), min(cut, value), VALUE.unit),
    )
    condition = Condition(VALUE.name, speech.titled(VALUE.words), cut, abs(cut - value), VALUE.unit)
    return neighbour(place, [condition], text)
