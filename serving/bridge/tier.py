"""What had a part in a change of tier: the scores, the plan's cuts, or somebody's hand."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from features.feature import Words
from serving.bridge.account import TierBridge
from serving.bridge.standpoint import Standpoint
from serving.bridge.steps import STEPS
from serving.figures import Language, said
from serving.tiers.ladder import NAMES

CHANGED = Words("The tier went from {before} to {after}", "客户等级由{before}变为{after}")
STAYED = Words("The tier is {after}, as before", "客户等级仍为{after}")
ARRIVED = Words("The tier is {after}; before, no plan gave one", "客户等级为{after}；此前没有分级方案")
FIRST = Words(
    "The tier is {after}; before, there was no customer to put into one",
    "客户等级为{after}；此前尚无此客户，未曾分级",
)
LEFT = Words("There is no tier plan now; before, the tier was {before}", "现在没有分级方案；此前的等级为{before}")

MOVED_BY_SCORES = Words(
    "The scores alone would have taken it from {old} to {new} under the old plan",
    "按原分级方案，仅看分数的变化应由{old}变为{new}",
)
AT_ONCE = Words(" at the step “{step}”", "（发生在“{step}”这一步）")
ON_THE_WAY = Words(": {moves}", "：{moves}")
MOVE = Words("{tier} after “{step}”", "“{step}”之后为{tier}")
COMMA = Words(", ", "，")
END = Words(".", "。")
LEFT_BY_SCORES = Words(
    "The scores alone would have left the customer at {old}",
    "仅看分数的变化，客户应仍为{old}",
)
MOVED_BY_PLAN = Words("The new plan's cuts moved it to {new}.", "新方案的门槛将其调整为{new}。")
RETURNED_BY_PLAN = Words("The new plan's cuts moved it back to {new}.", "新方案的门槛又将其调回{new}。")
SET_BY_HAND = Words(
    "It is set by hand to {tier}; the plan alone would give {plan}.",
    "该等级由人工指定为{tier}；仅按分级方案应为{plan}。",
)
WAS_SET_BY_HAND = Words(
    "Before, it was set by hand to {tier}; the plan alone would have given {plan}.",
    "此前的等级由人工指定为{tier}；仅按分级方案应为{plan}。",
)
KEPT = Words(
    "It is kept at {tier} for now; the plan alone would give {plan}, but not surely enough.",
    "暂维持{tier}；仅按分级方案应为{plan}，但把握不足。",
)
WAS_KEPT = Words(
    "Before, it was kept at {tier}; the plan alone would have given {plan}.",
    "此前维持在{tier}；仅按分级方案应为{plan}。",
)
SET_BEFORE_ANYTHING = Words(
    "Before, it was set by hand to {tier}, with nothing of the customer on record.",
    "此前没有此客户的任何记录，等级由人工指定为{tier}。",
)
NO_PLAN = Words("There is no tier plan now", "现在没有分级方案")
NO_TIER = Words("none", "无")
BETWEEN = Words(" ", "")


def tier_bridge(
    customer: str,
    path: Sequence[str | None],
    by_plan_after: str | None,
    kept: tuple[str | None, str | None],
    before: Standpoint,
    after: Standpoint,
    language: Language,
    *,
    arrived: bool,
) -> TierBridge | None:
    """The tiers of a customer whom the old plan alone gives those of the `path`, at the start and after every step, and
    the new plan `by_plan_after`, and who `kept` another one before and after; `arrived` where the first is that of the
    book's average, for nothing was on record. None where there never was a tier."""
    old, new = before.override_of(customer), after.override_of(customer)
    if not any((old, new, path[0], by_plan_after)):
        return None
    parts = TierBridge(
        before=old or kept[0] or path[0],
        after=new or kept[1] or by_plan_after,
        by_plan_before=path[0],
        by_scores=path[-1],
        by_plan_after=by_plan_after,
        override_before=old,
        override_after=new,
        kept_before=None if old else kept[0],
        kept_after=None if new else kept[1],
        moves=tuple(
            (step, tier) for step, (was, tier) in zip(STEPS, pairwise(path), strict=True) if tier and tier != was
        ),
        text="",
    )
    sentences = _sentences_about_somebody_new if arrived else _sentences
    return replace(parts, text=said(BETWEEN, language).join(sentences(parts, language)))


def _sentences_about_somebody_new(parts: TierBridge, language: Language) -> Iterator[str]:
    """What the tier is, and whose hand had a part; the average's tier was nobody's, so that nothing moved it."""
    opening = NO_PLAN if parts.after is None else _opening(parts) if parts.override_before else FIRST
    yield _between(opening, parts, language) + said(END, language)
    if parts.override_before:
        yield _by_hand(SET_BEFORE_ANYTHING, parts.override_before, None, language)
    if parts.override_after:
        yield _by_hand(SET_BY_HAND, parts.override_after, parts.by_plan_after, language)


def _sentences(parts: TierBridge, language: Language) -> Iterator[str]:
    """What the tier became, and the part of each: a hand before, the scores, the plan, a hand now."""
    by_scores_alone = (parts.before, parts.after) == (parts.by_plan_before, parts.by_scores)
    opening = _between(_opening(parts), parts, language)
    yield opening + (_way(parts, language) if by_scores_alone else "") + said(END, language)
    if parts.override_before:
        yield _by_hand(WAS_SET_BY_HAND, parts.override_before, parts.by_plan_before, language)
    if parts.kept_before:
        yield _by_hand(WAS_KEPT, parts.kept_before, parts.by_plan_before, language)
    if not by_scores_alone:
        yield from _by_scores(parts, language)
    yield from _by_plan(parts, language)
    if parts.override_after:
        yield _by_hand(SET_BY_HAND, parts.override_after, parts.by_plan_after, language)
    if parts.kept_after:
        yield _by_hand(KEPT, parts.kept_after, parts.by_plan_after, language)


def _opening(parts: TierBridge) -> Words:
    if parts.before is None:
        return ARRIVED
    if parts.after is None:
        return LEFT
    return STAYED if parts.before == parts.after else CHANGED


def _between(words: Words, parts: TierBridge, language: Language) -> str:
    return said(words, language).format(before=_named(parts.before, language), after=_named(parts.after, language))


def _way(parts: TierBridge, language: Language) -> str:
    """At which steps the scores moved it; nothing where they end where they began."""
    if parts.by_scores == parts.by_plan_before:
        return ""
    moves = [(said(STEPS[step], language), _named(tier, language)) for step, tier in parts.moves]
    if len(moves) == 1:
        return said(AT_ONCE, language).format(step=moves[0][0])
    told = [said(MOVE, language).format(step=step, tier=tier) for step, tier in moves]
    return said(ON_THE_WAY, language).format(moves=said(COMMA, language).join(told))


def _by_scores(parts: TierBridge, language: Language) -> Iterator[str]:
    """What the old plan would say of the new scores, where the tier is not that."""
    if parts.by_plan_before is None:
        return
    words = LEFT_BY_SCORES if parts.by_scores == parts.by_plan_before else MOVED_BY_SCORES
    old, new = _named(parts.by_plan_before, language), _named(parts.by_scores, language)
    yield said(words, language).format(old=old, new=new) + _way(parts, language) + said(END, language)


def _by_plan(parts: TierBridge, language: Language) -> Iterator[str]:
    if parts.by_scores and parts.by_plan_after and parts.by_scores != parts.by_plan_after:
        back = parts.by_plan_after == parts.by_plan_before
        words = RETURNED_BY_PLAN if back else MOVED_BY_PLAN
        yield said(words, language).format(new=_named(parts.by_plan_after, language))


def _by_hand(words: Words, tier: str, plan: str | None, language: Language) -> str:
    return said(words, language).format(tier=_named(tier, language), plan=_named(plan, language))


def _named(tier: str | None, language: Language) -> str:
    if tier is None:
        return said(NO_TIER, language)
    return said(NAMES[tier], language) if tier in NAMES else tier
