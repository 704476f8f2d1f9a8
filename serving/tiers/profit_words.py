"""Expected profit in words: what a service adds, what its seat is worth, and where the neighbours begin."""

import math
from collections.abc import Mapping
from typing import Any

from features.feature import Words
from serving.tiers.inputs import CHURN, VALUE, Input
from serving.tiers.ladder import LOWEST, NAMES, TIERS
from serving.tiers.offer import Offer
from serving.tiers.rule import neighbour
from serving.tiers.speech import Speech
from serving.tiers.verdict import Condition, Criterion, Neighbour

STATED = Words("{title}: {value}", "{title}：{value}")
ADDS = Words(
    "{tier} service adds {gain} of profit over none ({low} to {high})",
    "{tier}服务预计带来利润 {gain}（区间 {low} 至 {high}）",
)
ABOVE = Words(
    "{tier} would add {more} more, but what it takes is worth {price} more elsewhere",
    "{tier}可再增 {more}，但所需资源用于其他客户价值 {price}",
)
BELOW = Words(
    "{tier} would add {less} less, and free what is worth {price}", "{tier}将少 {less}，可腾出价值 {price} 的资源"
)
CLOSED = Words("{tier} has no seat", "{tier}没有名额")
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


def criteria(offer: Offer, place: int, speech: Speech) -> tuple[Criterion, ...]:
    """The value and the churn, what the own service adds, and what the neighbouring ones would."""
    stated = [(VALUE, offer.value), (CHURN, offer.churn)]
    told = [_stated(each, value, speech) for each, value in stated if not math.isnan(value)]
    if place < LOWEST or any(offer.gains("high")[place:]):
        told.append(_adds(offer, place, speech))
    told += [_beside(offer, place, other, speech) for other in (place - 1, place + 1) if 0 <= other <= LOWEST]
    return tuple(told)


def neighbours(offer: Offer, place: int, speech: Speech) -> tuple[Neighbour | None, Neighbour | None]:
    """The expected values at which the tier changes, the churn being what it is."""
    cuts = list(offer.cuts())
    above = [(cut, offer.place_at(cut * (1.0 + BESIDE))) for cut in cuts if cut > offer.value]
    below = [(cut, offer.place_at(cut * (1.0 - BESIDE))) for cut in cuts if cut <= offer.value]
    higher = [(cut, beyond) for cut, beyond in above if beyond < place]
    lower = [(cut, beyond) for cut, beyond in below if beyond > place]
    return (
        _neighbour(offer, place, *min(higher), speech, UP) if higher else None,
        _neighbour(offer, place, *max(lower), speech, DOWN) if lower else None,
    )


def remarks(learnt: Mapping[str, Any], speech: Speech) -> tuple[str, ...]:
    """What one more seat and one more hour are worth, and how near the optimum is; of one book without owners."""
    proof, more = learnt["proof"], learnt["one_more"]
    gap = speech.told(max(proof["at_most"] - proof["expected"], 0.0), "money")
    told = [speech.said(PROOF, profit=speech.told(proof["expected"], "money"), gap=gap)]
    if learnt["owner"] is None:
        told += [
            speech.said(SEAT, tier=speech.said(NAMES[TIERS[place]]), price=speech.told(worth, "money"))
            for place, worth in enumerate(more["seat"][0])
            if worth > 0
        ]
        told += [speech.said(HOUR, price=speech.told(worth, "money")) for worth in more["hour"] if worth > 0]
    return tuple(told)


def _stated(each: Input, value: float, speech: Speech) -> Criterion:
    title = speech.titled(each.words)
    text = speech.said(STATED, title=title, value=speech.told(value, each.unit))
    return Criterion(each.name, title, value, each.unit, None, text)


def _adds(offer: Offer, place: int, speech: Speech) -> Criterion:
    low, gain, high = (offer.gains(end)[place] for end in ("low", "mid", "high"))
    tier = speech.said(NAMES[TIERS[place]])
    told = {name: speech.told(amount, "money") for name, amount in (("gain", gain), ("low", low), ("high", high))}
    return Criterion(f"profit_{TIERS[place]}", tier, gain, "money", None, speech.said(ADDS, tier=tier, **told))


def _beside(offer: Offer, place: int, other: int, speech: Speech) -> Criterion:
    gains, prices = offer.gains(), offer.posted.prices
    more, price = gains[other] - gains[place], prices[other] - prices[place]
    tier = speech.said(NAMES[TIERS[other]])
    if not offer.posted.open[other]:
        text = speech.said(CLOSED, tier=tier)
    elif other < place:
        text = speech.said(ABOVE, tier=tier, more=speech.told(more, "money"), price=speech.told(price, "money"))
    else:
        text = speech.said(BELOW, tier=tier, less=speech.told(-more, "money"), price=speech.told(-price, "money"))
    return Criterion(f"profit_{TIERS[other]}", tier, gains[other], "money", None, text)


def _neighbour(offer: Offer, own: int, cut: float, place: int, speech: Speech, words: Words) -> Neighbour:
    nets, apart = offer.nets(), abs(cut - offer.value)
    text = speech.said(
        words,
        tier=speech.said(NAMES[TIERS[place]]),
        cut=speech.told(cut, VALUE.unit),
        difference=speech.apart(max(cut, offer.value), min(cut, offer.value), VALUE.unit),
    )
    condition = Condition(VALUE.name, speech.titled(VALUE.words), cut, apart, VALUE.unit)
    return neighbour(place, [condition], text, nets[own] - nets[place])
