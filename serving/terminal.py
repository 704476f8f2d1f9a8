"""One recommendation as an account manager reads it in a terminal."""

from collections.abc import Iterator

from features.feature import Words
from serving.degraded import sentence
from serving.figures import Language, figure, fine_percent, money, percent, said, span
from serving.indicators.terminal import indicator_lines
from serving.playbook.answer import Action
from serving.recommendation import Money, Recommendation
from serving.tiers.ladder import NAMES
from serving.tiers.moves import REVIEW_DAYS
from serving.tiers.verdict import Tier
from serving.waterfall import waterfall

CUSTOMER = Words("Customer {id}, as of {cutoff}", "客户 {id}（截至 {cutoff}）")
VALUE = Words("Lifetime value: {value} expected in the next {days} days", "客户价值：未来 {days} 天预计 {value}")
RANGE = Words(" (80% of the time between {low} and {high})", "（80% 的可能介于 {low} 与 {high} 之间）")
SELDOM_MORE = Words(
    " (80% of the time nothing or less than that; seldom much more)", "（80% 的可能低于此数或为零，少数会高出很多）"
)
NEXT = Words("  - {text}", "  - {text}")
LEAST_TOLD = 0.01
CHANCES = Words(
    "  - at the next review, in {days} days: {chances}",
    "  - {days} 天后下次评审时：{chances}",
)
CONVERSION = Words(
    "Conversion ({types}): {chance} likely in the next {days} days",
    "转化（{types}）：未来 {days} 天的概率为 {chance}",
)
WITHIN = Words(" (as likely as not within {days})", "（{days}内转化与否的可能各半）")
CHURN = Words(
    "Churn: {chance} likely to buy nothing in the next {days} days",
    "流失：未来 {days} 天内不再购买的概率为 {chance}",
)
TO_DO = Words("To do:", "待办：")
TASK = Words("  - {text} ({who})", "  - {text}（{who}）")
WITHIN_DAYS = Words("within {days}", "{days}内")
COMMA = Words(", ", "，")
BECAUSE = Words("    because: {because}", "    原因：{because}")
NOTE = Words("Please note:", "请注意：")


def lines(answer: Recommendation, language: Language) -> Iterator[str]:
    """The recommendation line by line."""
    yield said(CUSTOMER, language).format(id=answer.customer_id, cutoff=answer.cutoff[:16].replace("T", " "))
    if answer.tier:
        yield answer.tier.why
        yield from _next_up(answer.tier, language)
    yield ""
    yield _value(answer.lifetime_value, language)
    yield from _reasons(answer, "lifetime_value", language)
    yield from _conversion(answer, language)
    yield from _churn(answer, language)
    if answer.indicators:
        yield from indicator_lines(answer.indicators, language)
    yield from _to_do(answer, language)
    if answer.service:
        yield answer.service.text
    if answer.degraded:
        yield ""
        yield said(NOTE, language)
        yield from (f"  - {sentence(code, language)}" for code in answer.degraded)


def _next_up(tier: Tier, language: Language) -> Iterator[str]:
    """What separates from the tiers above and below, and how sure the tier is."""
    for neighbour in filter(None, (tier.next_up, tier.next_down)):
        yield said(NEXT, language).format(text=neighbour.text)
    if tier.probabilities:
        told = [
            f"{said(NAMES[name], language)} {percent(chance)}"
            for name, chance in sorted(tier.probabilities.items(), key=lambda pair: -pair[1])
            if chance >= LEAST_TOLD
        ]
        yield said(CHANCES, language).format(days=REVIEW_DAYS, chances=("、" if language == "zh" else ", ").join(told))


def _value(expected: Money, language: Language) -> str:
    shown = money(expected.value, expected.currency, language)
    told = said(VALUE, language).format(value=shown, days=expected.horizon_days)
    if expected.low_80 is None or expected.high_80 is None:
        return told
    low, high = span(expected.low_80, expected.high_80, expected.currency, language)
    nothing, _ = span(0.0, expected.high_80, expected.currency, language)
    if low == nothing and 0 < expected.high_80 <= expected.value:
        return told + said(SELDOM_MORE, language)
    return told + said(RANGE, language).format(low=low, high=high)


def _conversion(answer: Recommendation, language: Language) -> Iterator[str]:
    expected = answer.conversion
    if expected.value is not None:
        types, chance = ", ".join(expected.event_types), fine_percent(expected.value, language)
        told = said(CONVERSION, language).format(types=types, chance=chance, days=expected.horizon_days)
        yield told + _within(expected.expected_days, language)
        yield from _reasons(answer, "conversion", language)


def _within(days: float | None, language: Language) -> str:
    return "" if days is None else said(WITHIN, language).format(days=figure(days, "days", "", language))


def _churn(answer: Recommendation, language: Language) -> Iterator[str]:
    churn = answer.churn
    if churn.value is not None:
        yield said(CHURN, language).format(chance=fine_percent(churn.value, language), days=churn.horizon_days)
        yield from _reasons(answer, "churn", language)


def _reasons(answer: Recommendation, score: str, language: Language) -> Iterator[str]:
    told = answer.reasons[score]
    if told:
        yield from waterfall(told, score, language)
        yield ""


def _to_do(answer: Recommendation, language: Language) -> Iterator[str]:
    if answer.actions:
        yield said(TO_DO, language)
    for action in answer.actions:
        yield said(TASK, language).format(text=action.text, who=_who(action, language))
        if action.because:
            yield said(BECAUSE, language).format(because=action.because)


def _who(action: Action, language: Language) -> str:
    """The owner, the channel, and by when."""
    days = action.within_days
    due = "" if days is None else said(WITHIN_DAYS, language).format(days=figure(float(days), "days", "", language))
    return said(COMMA, language).join(part for part in (action.owner_title, action.channel_title, due) if part)
