"""Next steps in words; they say what would be predicted, never what an action brings about."""

from data.clock import local_date
from features.feature import Words
from serving.figures import Language, money, percent, said
from serving.next_steps.answer import Finding, Replayed
from serving.next_steps.events_wording import happening
from serving.next_steps.goals import ChurnGoal, TierGoal
from serving.next_steps.replay import Outcome
from serving.tiers.ladder import NAMES
from training.bundle import Bundle

FOR_TIER = Words(
    "If {what} within {days} days, the value then predicted for the next {horizon} days would be {value}, "
    "which is {tier} (otherwise {without}, {without_tier}).",
    "若未来 {days} 天内{what}，届时预计后续 {horizon} 天的客户价值为 {value}，属于{tier}"
    "；若没有，则为 {without}，属于{without_tier}。",
)
FOR_CHURN = Words(
    "If {what} within {days} days, the churn then predicted for the next {horizon} days would be {value} "
    "(otherwise {without}).",
    "若未来 {days} 天内{what}，届时预计后续 {horizon} 天的流失概率为 {value}；若没有，则为 {without}。",
)
TO_KEEP_IT = Words(
    "Without an event by {date}, the value then predicted for the next {horizon} days is {without}, "
    "which is {without_tier}; if {what} within {days} days, it stays {tier} ({value}).",
    "若到 {date} 没有新事件，届时预计后续 {horizon} 天的客户价值为 {without}，属于{without_tier}"
    "；若未来 {days} 天内{what}，则为 {value}，保持{tier}。",
)
SLOWER_DECLINE = Words(
    "At best it would slow the decline: if {what} within {days} days, the value then predicted for the next {horizon} "
    "days would be {value} instead of {without} (today {now}).",
    "最多只能减缓下降：若未来 {days} 天内{what}，届时预计后续 {horizon} 天的客户价值为 {value}，"
    "否则为 {without}（目前 {now}）。",
)
SLOWER_RISE = Words(
    "At best it would slow the rise: if {what} within {days} days, the churn then predicted for the next {horizon} "
    "days would be {value} instead of {without} (today {now}).",
    "最多只能减缓上升：若未来 {days} 天内{what}，届时预计后续 {horizon} 天的流失概率为 {value}，"
    "否则为 {without}（目前 {now}）。",
)
NEAREST = Words("The nearest: ", "最接近的是：")
TO_TIER = Words("To {tier}, which starts at {target} (today {now})", "升至{tier}（门槛 {target}，目前 {now}）")
TO_STAY = Words("To stay {tier}, which starts at {target} (today {now})", "保持{tier}（门槛 {target}，目前 {now}）")
TO_CHURN = Words("To a churn below {target} (today {now})", "将流失概率降至 {target} 以下（目前 {now}）")
TO_TIER_BY = Words("To {tier} ({condition})", "升至{tier}（{condition}）")
TO_STAY_BY = Words("To stay {tier} ({condition})", "保持{tier}（{condition}）")
FINDINGS: dict[Finding, Words] = {
    "steps": Words(":", "："),
    "none_within_reach": Words(
        ": none within reach (combinations replayed: {tried}).", "：暂无可行的下一步（共测算 {tried} 种组合）。"
    ),
    "reached_already": Words(": reached already.", "：目前已达到。"),
    "reached_without": Words(
        ": would be reached even if nothing happened; no step may claim it.",
        "：即使没有任何新事件也会达到，不能归功于任何动作。",
    ),
    "highest_tier": Words("{tier} is the highest tier.", "{tier}已是最高等级。"),
    "never_bought": Words("There is no churn to lower: they have not bought yet.", "尚未购买，没有流失概率可言。"),
}
NOTE = Words(
    "This is what the models say of assumed events, not what an action brings about.",
    "以上是模型对假设事件的测算，不代表采取行动必然带来该结果。",
)


def step_text(outcome: Outcome, now: Replayed, goal: TierGoal | ChurnGoal, bundle: Bundle, language: Language) -> str:
    """What would be predicted after the candidate's events, and otherwise."""
    words = {"tier": FOR_TIER, "keep": TO_KEEP_IT, "churn": FOR_CHURN}[goal.goal]
    return _told(words, outcome, now, goal, bundle, language)


def nearest_text(
    outcome: Outcome, now: Replayed, goal: TierGoal | ChurnGoal, bundle: Bundle, language: Language
) -> str:
    """What would be predicted after the events that come nearest; where that is worse than `now`, that it is."""
    if goal.progress(outcome.replayed) < goal.progress(now):
        slower = SLOWER_RISE if goal.goal == "churn" else SLOWER_DECLINE
        return _told(slower, outcome, now, goal, bundle, language)
    text = step_text(outcome, now, goal, bundle, language)
    return said(NEAREST, language) + text[0].lower() + text[1:]


def way_text(
    goal: TierGoal | ChurnGoal, finding: Finding, now: Replayed, tried: int, currency: str, language: Language
) -> str:
    """The goal, from where, and what was found."""
    if isinstance(goal, TierGoal):
        to = _to_tier(goal, now, currency, language)
    else:
        to = said(TO_CHURN, language).format(target=percent(goal.target), now=_score(now, goal, currency, language))
    return to + said(FINDINGS[finding], language).format(tried=tried)


def _to_tier(goal: TierGoal, now: Replayed, currency: str, language: Language) -> str:
    keep, tier = goal.goal == "keep", _tier(goal.target, language)
    if goal.cut is None:
        return said(TO_STAY_BY if keep else TO_TIER_BY, language).format(tier=tier, condition=goal.condition)
    return said(TO_STAY if keep else TO_TIER, language).format(
        tier=tier,
        target=money(goal.cut, currency, language),
        now=money(now.lifetime_value, currency, language),
    )


def highest_text(tier: str, language: Language) -> str:
    """That there is no tier above."""
    text = said(FINDINGS["highest_tier"], language).format(tier=_tier(tier, language))
    return text[0].upper() + text[1:]


def never_bought_text(language: Language) -> str:
    """That there is no churn to bring below a level."""
    return said(FINDINGS["never_bought"], language)


def _told(
    words: Words, outcome: Outcome, now: Replayed, goal: TierGoal | ChurnGoal, bundle: Bundle, language: Language
) -> str:
    target = "lifetime_value" if isinstance(goal, TierGoal) else "churn"
    return said(words, language).format(
        what=happening(outcome.candidate, bundle, language),
        days=outcome.candidate.within_days,
        date=local_date(outcome.later, bundle.spec.time_zone),
        horizon=bundle.horizons[target],
        value=_score(outcome.replayed, goal, bundle.currency, language),
        without=_score(outcome.without, goal, bundle.currency, language),
        now=_score(now, goal, bundle.currency, language),
        tier=_tier(outcome.replayed.tier, language),
        without_tier=_tier(outcome.without.tier, language),
    )


def _score(seen: Replayed, goal: TierGoal | ChurnGoal, currency: str, language: Language) -> str:
    if isinstance(goal, TierGoal):
        return money(seen.lifetime_value, currency, language)
    return "" if seen.churn is None else _beside(seen.churn, goal.target)


def _beside(churn: float, target: float) -> str:
    """The churn with as many digits as tell it from the level that it is compared with."""
    if churn == target or percent(churn) != percent(target):
        return percent(churn)
    digits = next((d for d in range(1, 9) if round(100 * churn, d) != round(100 * target, d)), 9)
    return f"{100 * churn:.{digits}f}%"


def _tier(name: str | None, language: Language) -> str:
    return "" if name is None else said(NAMES[name], language)
