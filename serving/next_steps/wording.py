"""Next steps in words; they say what would be predicted, never what an action brings about."""

from data.next_step import NextStep
from features.feature import Words
from serving.figures import Language, money, percent, said, span
from serving.next_steps.answer import Finding, Replayed
from serving.next_steps.candidates import Act, Candidate
from serving.next_steps.goals import ChurnGoal, TierGoal
from serving.policy import NAMES
from training.bundle import Bundle

OF_ROLE: dict[str, tuple[Words, Words]] = {
    "touch": (Words("a contact from us", "一次我方联系"), Words("{count} contacts from us", "{count} 次我方联系")),
    "response": (Words("a response", "一次客户回应"), Words("{count} responses", "{count} 次客户回应")),
    "visit": (Words("a website visit", "一次网站访问"), Words("{count} website visits", "{count} 次网站访问")),
    "content": (
        Words("a download or webinar", "一次资料下载或线上研讨会"),
        Words("{count} downloads or webinars", "{count} 次资料下载或线上研讨会"),
    ),
    "inquiry": (Words("an inquiry", "一次询盘"), Words("{count} inquiries", "{count} 次询盘")),
    "meeting": (Words("a meeting", "一次会面"), Words("{count} meetings", "{count} 次会面")),
    "quote": (Words("a quote", "一份报价"), Words("{count} quotes", "{count} 份报价")),
    "sample": (Words("a sample", "一次寄样"), Words("{count} samples", "{count} 次寄样")),
    "purchase": (Words("an order", "一笔订单"), Words("{count} orders", "{count} 笔订单")),
    "survey": (Words("a survey answer", "一份问卷反馈"), Words("{count} survey answers", "{count} 份问卷反馈")),
}
"""One and several, where the book has no words of its own for a type."""

TIMES = Words(" ({count} times)", "（共 {count} 次）")
NAMED = Words(" ({type})", "（{type}）")
ABOUT = Words(" of about {amount}", "（约 {amount}）")
ABOUT_EACH = Words(" of about {amount} each", "（每次约 {amount}）")
AND = Words(" and ", "和")

FOR_TIER = Words(
    "If {what} followed within {days} days, the value then predicted for the next {horizon} days would be {value}, "
    "which is {tier} (otherwise {without}, {without_tier}).",
    "若未来 {days} 天内有{what}，届时预计后续 {horizon} 天的客户价值为 {value}，属于{tier}"
    "；若没有，则为 {without}，属于{without_tier}。",
)
FOR_CHURN = Words(
    "If {what} followed within {days} days, the churn then predicted for the next {horizon} days would be {value} "
    "(otherwise {without}).",
    "若未来 {days} 天内有{what}，届时预计后续 {horizon} 天的流失概率为 {value}；若没有，则为 {without}。",
)
TO_TIER = Words("To {tier}, which starts at {target} (today {now})", "升至{tier}（门槛 {target}，目前 {now}）")
TO_CHURN = Words("To a churn below {target} (today {now})", "将流失概率降至 {target} 以下（目前 {now}）")
FINDINGS: dict[Finding, Words] = {
    "steps": Words(":", "："),
    "none_within_reach": Words(
        ": none within reach. {tried} combinations were replayed.", "：暂无可行的下一步，共测算 {tried} 种组合。"
    ),
    "reached_already": Words(": reached already.", "：目前已达到。"),
    "reached_without": Words(
        ": would be reached even if nothing happened; no step may claim it.",
        "：即使没有任何新事件也会达到，不能归功于任何动作。",
    ),
    "highest_tier": Words("{tier} is the highest tier.", "{tier}已是最高等级。"),
}
NEAREST = Words("The nearest: ", "最接近的是：")
NOTE = Words(
    "This is what the models say of assumed events, not what an action brings about.",
    "以上是模型对假设事件的测算，不代表采取行动必然带来该结果。",
)


def step_text(
    candidate: Candidate,
    replayed: Replayed,
    without: Replayed,
    goal: TierGoal | ChurnGoal,
    bundle: Bundle,
    language: Language,
) -> str:
    """What would be predicted after the candidate's events, and otherwise."""
    target = "lifetime_value" if isinstance(goal, TierGoal) else "churn"
    return said(FOR_TIER if isinstance(goal, TierGoal) else FOR_CHURN, language).format(
        what=events_text(candidate, bundle, language),
        days=candidate.within_days,
        horizon=bundle.horizons[target],
        value=_score(replayed, goal, bundle.currency, language),
        without=_score(without, goal, bundle.currency, language),
        tier=_tier(replayed.tier, language),
        without_tier=_tier(without.tier, language),
    )


def way_text(
    goal: TierGoal | ChurnGoal, finding: Finding, now: Replayed, tried: int, currency: str, language: Language
) -> str:
    """The goal, from where, and what was found."""
    if isinstance(goal, TierGoal):
        to = said(TO_TIER, language).format(
            tier=_tier(goal.target, language),
            target=money(goal.cut, currency, language),
            now=money(now.lifetime_value, currency, language),
        )
    else:
        to = said(TO_CHURN, language).format(target=percent(goal.target), now=_score(now, goal, currency, language))
    return to + said(FINDINGS[finding], language).format(tried=tried)


def highest_text(tier: str, language: Language) -> str:
    """That there is no tier above."""
    text = said(FINDINGS["highest_tier"], language).format(tier=_tier(tier, language))
    return text[0].upper() + text[1:]


def events_text(candidate: Candidate, bundle: Bundle, language: Language) -> str:
    """`a meeting and 2 orders of about EUR 1,250 each`."""
    told = [_act(act, times, bundle, language) for act, times in candidate.acts]
    spaced = [f" {text}" if language == "zh" and text[0].isdigit() else text for text in told]
    return said(AND, language).join(spaced)


def _act(act: Act, times: int, bundle: Bundle, language: Language) -> str:
    named = _name(act, times, language)
    if act.role != "purchase" or act.minor is None:
        return named
    money_of_one = act.minor / 10.0**bundle.spec.minor_digits
    amount, _ = span(money_of_one, money_of_one, bundle.currency, language)
    return named + said(ABOUT if times == 1 else ABOUT_EACH, language).format(amount=amount)


def _name(act: Act, times: int, language: Language) -> str:
    one, several = _words(act.step, act.role)
    if times == 1:
        return said(one, language)
    if several is not None:
        return said(several, language).format(count=times)
    return said(one, language) + said(TIMES, language).format(count=times)


def _words(step: NextStep, role: str) -> tuple[Words, Words | None]:
    """One and several: in the book's words, else in those of the role, with the type where it says more."""
    if step.words is not None:
        several = step.several
        return Words(step.words.en, step.words.zh), Words(several.en, several.zh) if several else None
    one, many = OF_ROLE[role]
    if role in ("purchase", step.type):
        return one, many
    return _with_type(one, step.type), _with_type(many, step.type)


def _with_type(words: Words, type_: str) -> Words:
    shown = type_.replace("{", "{{").replace("}", "}}")
    return Words(words.en + NAMED.en.format(type=shown), words.zh + NAMED.zh.format(type=shown))


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
