"""A bridge in sentences: how far a score moved and which share each step had; no sentence claims a cause."""

from collections.abc import Sequence

from features.feature import Words
from serving.bridge.account import End, ScoreBridge
from serving.bridge.shown import Shown
from serving.degraded import sentence
from serving.figures import Language, said
from serving.reasons.sentences import SCORES, Figures, figures_of
from training.labels import TARGETS

ROSE = Words(
    "{score} rose by {size} between {then} and {now}, from {before} to {after}",
    "{then} 至 {now}，{score}上升 {size}（由 {before} 升至 {after}）",
)
FELL = Words(
    "{score} fell by {size} between {then} and {now}, from {before} to {after}",
    "{then} 至 {now}，{score}下降 {size}（由 {before} 降至 {after}）",
)
HIGHER = Words(
    "{score} as of {now} is {size} higher than {source}: {after} instead of {before}",
    "截至 {now} 的{score}为 {after}，比{source}的 {before} 高 {size}",
)
LOWER = Words(
    "{score} as of {now} is {size} lower than {source}: {after} instead of {before}",
    "截至 {now} 的{score}为 {after}，比{source}的 {before} 低 {size}",
)
OLD_MODEL = Words("by the old model", "旧模型给出")
LESS_KNOWN = Words("from what was known before", "按此前所知得出")

NEW = Words(
    "New since {then}: before, only the book's average ({before}) could be told; now {score} is {after}.",
    "{then} 之后新出现的客户：此前只有全体平均值 {before} 可用；现{score}为 {after}。",
)
NEW_AT_ONCE = Words(
    "Not on record before: only the book's average ({before}) could be told as of {now}; now {score} is {after}.",
    "此前没有记录的客户：截至 {now} 只有全体平均值 {before} 可用；现{score}为 {after}。",
)
NEW_TOO = Words(
    "{score} is {after}; before, only the book's average ({before}) could be told.",
    "{score}现为 {after}；此前只有全体平均值 {before} 可用。",
)
STILL = Words("{score} is {after}, as before", "{score}仍为 {after}")
PARTS = Words("; of that, {parts}.", "，其中：{parts}。")
WHOLE = Words("; all of it in one step, {part}.", "，全部体现在“{part}”这一步。")
CANCEL = Words("; on the way there, {parts}.", "；其间：{parts}。")
END = Words(".", "。")
PART = Words("{title}: {change}", "{title} {change}")
COMMA = Words(", ", "，")

CAME: dict[str, Words] = {
    "conversion": Words(
        "The conversion probability is now {after}; the model of before had no such event to learn from.",
        "转化概率现为 {after}；此前的模型没有可供学习的转化事件。",
    ),
    "churn": Words(
        "The churn probability is now {after}; before, with no purchase on record, there was none.",
        "流失概率现为 {after}；此前没有购买记录，没有流失概率。",
    ),
}
WENT: dict[str, Words] = {
    "conversion": Words(
        "There is no conversion probability now: the model had no such event to learn from; before it was {before}.",
        "现在没有转化概率：模型没有可供学习的转化事件；此前为 {before}。",
    ),
    "churn": Words(
        "There is no churn probability now, with no purchase on record; before it was {before}.",
        "现在没有购买记录，没有流失概率；此前为 {before}。",
    ),
}
NEVER: dict[str, Words] = {
    "conversion": Words(
        "There is no conversion probability: the model had no such event to learn from.",
        "没有转化概率：模型没有可供学习的转化事件。",
    ),
    "churn": Words(
        "There is no churn probability: no purchase is on record.",
        "没有流失概率：尚无购买记录。",
    ),
}

NOTHING = Words(
    "Nothing changed between {then} and {now}: the scores and the tier are the same.",
    "{then} 至 {now} 没有变化：各项分数和客户等级均与此前相同。",
)
NOTHING_AT_ONCE = Words(
    "Nothing changed as of {now}: the scores and the tier are the same.",
    "截至 {now} 没有变化：各项分数和客户等级均与此前相同。",
)
NOT_KNOWN_THEN = Words(
    "No event of this customer was on record by {then}; the scores of then are the book's averages. How far the new "
    "scores are from them is how this customer differs from the average, and nothing won or lost.",
    "截至 {then} 没有此客户的任何事件记录；当时的各项分数为全体客户的平均值。"
    "新分数与平均值之差仅说明该客户与平均水平的不同，并非得失。",
)
NOT_KNOWN_NOW = Words(
    "No event of this customer is on record by {now}; the scores of that day are the book's averages.",
    "截至 {now} 没有此客户的任何事件记录；该日的各项分数为全体客户的平均值。",
)
NOT_KNOWN = Words(
    "No event of this customer is on record by {then} or {now}; the scores are the book's averages.",
    "截至 {then} 和 {now} 均没有此客户的任何事件记录；各项分数为全体客户的平均值。",
)
AT_AN_END = Words("As of {day}: {sentence}", "截至 {day}：{sentence}")

END_OF_DAY = "T23:59:59.999999"


def day_of(time: str) -> str:
    """A local ISO time as people write it: the day, and the clock where it is not the day's end."""
    day, _, _ = time.partition("T")
    return day if END_OF_DAY in time else f"{day} {time[11:16]}"


def told(target: str, score: ScoreBridge, before: End, after: End, language: Language) -> str:
    """One sentence about what became of a score."""
    shown = Shown.of(target, score, language)
    if shown is None:
        return _told_of_nothing(target, score, language)
    if after.is_first(before):
        return _told_of_somebody_new(target, shown, before, after, language)
    total, figures = shown.after - shown.before, shown.figures
    source = LESS_KNOWN if before.model_version == after.model_version else OLD_MODEL
    moved = said(_pattern(total, before.cutoff == after.cutoff), language).format(
        score=said(SCORES[target], language),
        size=figures.spelled.size(total),
        before=figures.whole.told(shown.before),
        after=figures.whole.told(shown.after),
        source=said(source, language),
        **_days(before, after),
    )
    steps = [(step.title, share) for step, share in zip(score.steps, shown.steps, strict=True)]
    return _capital(moved) + _shares(total, steps, figures, language)


def _told_of_somebody_new(target: str, shown: Shown, before: End, after: End, language: Language) -> str:
    """The average that stood in, and the score; no way leads from somebody unknown to the customer."""
    newest = NEW_AT_ONCE if before.cutoff == after.cutoff else NEW
    whole = shown.figures.whole
    return _capital(
        said(newest if target == TARGETS[0] else NEW_TOO, language).format(
            score=said(SCORES[target], language),
            before=whole.told(shown.before),
            after=whole.told(shown.after),
            **_days(before, after),
        )
    )


def unchanged(before: End, after: End, language: Language) -> str:
    """What is said instead of everything else where nothing changed."""
    words = NOTHING_AT_ONCE if before.cutoff == after.cutoff else NOTHING
    return said(words, language).format(**_days(before, after))


def notes(before: End, after: End, language: Language) -> tuple[str, ...]:
    """What to bear in mind: an end at which the customer was unknown, a model that is no fair forecast of it."""
    at_ends = [(end, code) for end in dict.fromkeys((before, after)) for code in end.degraded]
    aged = [
        said(AT_AN_END, language).format(day=day_of(end.cutoff), sentence=sentence(code, language))
        for end, code in at_ends
    ]
    return (*_unknown(before, after, language), *dict.fromkeys(aged))


def _unknown(before: End, after: End, language: Language) -> Sequence[str]:
    if before.known and after.known:
        return ()
    words = NOT_KNOWN_NOW if before.known else NOT_KNOWN_THEN
    if not before.known and not after.known:
        words = NOT_KNOWN_NOW if before.cutoff == after.cutoff else NOT_KNOWN
    return (said(words, language).format(**_days(before, after)),)


def _pattern(total: int, at_once: bool) -> Words:
    if not total:
        return STILL
    if at_once:
        return HIGHER if total > 0 else LOWER
    return ROSE if total > 0 else FELL


def _shares(total: int, shares: Sequence[tuple[str, int]], figures: Figures, language: Language) -> str:
    moved = [(title, share) for title, share in shares if share]
    if not moved:
        return said(END, language)
    if len(moved) == 1:
        return said(WHOLE, language).format(part=moved[0][0])
    parts = [said(PART, language).format(title=title, change=figures.share.signed(share)) for title, share in moved]
    return said(PARTS if total else CANCEL, language).format(parts=said(COMMA, language).join(parts))


def _told_of_nothing(target: str, score: ScoreBridge, language: Language) -> str:
    """A score that is null at one end, or at both."""
    if score.before is None and score.after is None:
        return said(NEVER[target], language)
    whole = figures_of(target, score.unit, language).whole
    level = whole.told(whole.units(score.before or score.after or 0.0))
    return said((CAME if score.before is None else WENT)[target], language).format(before=level, after=level)


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _days(before: End, after: End) -> dict[str, str]:
    return {"then": day_of(before.cutoff), "now": day_of(after.cutoff)}
