"""A bridge as an account manager reads it in a terminal: first what changed, then the way there step by step."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from features.feature import Words
from serving.bridge.account import Bridge, GroupChange, ScoreBridge, Step
from serving.bridge.shown import Shown, shares
from serving.bridge.words import day_of
from serving.figures import Language, said
from serving.reasons.sentences import Figures
from serving.terminal import NOTE
from serving.waterfall import START

CUSTOMER = Words("Customer {id}, {then} to {now}", "客户 {id}，{then} 至 {now}")
AT_ONCE = Words("Customer {id}, as of {now}", "客户 {id}，截至 {now}")
MODELS = Words("Model {one}, then {other}", "模型由 {one} 更新为 {other}")
TITLES: dict[str, Words] = {
    "lifetime_value": Words("Value in the next {days} days", "未来 {days} 天的价值"),
    "conversion": Words("Conversion in the next {days} days", "未来 {days} 天的转化概率"),
    "churn": Words("Churn in the next {days} days", "未来 {days} 天的流失概率"),
}
HEAD = (Words("Step", "步骤"), Words("Score", "分数"), Words("Strongest reasons", "主要依据"))
BEFORE = Words("as of {day}", "截至 {day}")
AVERAGE = Words("the book's average", "全体平均值")
OTHER_START = Words("Another starting point of the model", "模型换用另一起点")
START_INSTEAD = Words("The model's starting point instead of the average", "由全体平均值改为模型起点")
OTHERS = Words("Other reasons together", "其他合计")
NO_CHANGE = Words("no change", "无变化")
HARDLY = Words("hardly any change", "几乎无变化")
CAPTIONS: dict[str, Words] = {
    "first_known": Words("nothing was on record before", "此前没有任何记录"),
    "late_knowledge": Words("learnt after the fact", "事后才得知"),
    "time_passing": Words("had nothing happened", "假设其间毫无动静"),
    "what_the_customer_did": Words("with all that happened", "计入其间全部动态"),
    "new_model": Words("same facts, other model", "事实相同，模型不同"),
}

FIRST = "first_known"
"""The one step of who was unknown before, which nobody else has."""

STARTS: dict[str, Words] = {FIRST: START_INSTEAD, "new_model": START}
"""How the change of the starting point is told; a model that stays has several where the likelier of two answers."""

GROUPS = 3
"""(ours) How many groups of a step are told apart."""

FEATURES = 2
"""(ours) How many features of a group are told."""

Reason = tuple[str, float, tuple[str, ...]]
"""A title, a difference, and what the model saw."""


def page(bridge: Bridge, language: Language) -> Iterator[RenderableType]:
    """The whole bridge, part by part; texts are to be wrapped by the terminal."""
    yield from map(Text, _head(bridge, language))
    yield from map(Text, bridge.summary)
    for target, score in bridge.scores.items():
        shown = Shown.of(target, score, language)
        if shown and any(shown.steps):
            title = said(TITLES[target], language).format(days=score.horizon_days)
            yield Padding(_waterfall(title, score, shown, bridge, language), (1, 0, 0, 0))
    if bridge.notes:
        yield Text("\n" + said(NOTE, language))
        yield from (Text(f"  - {note}") for note in bridge.notes)


def _head(bridge: Bridge, language: Language) -> Iterator[str]:
    one, other = bridge.before, bridge.after
    words = AT_ONCE if one.cutoff == other.cutoff else CUSTOMER
    yield said(words, language).format(id=bridge.customer_id, then=day_of(one.cutoff), now=day_of(other.cutoff))
    if one.model_version != other.model_version:
        yield said(MODELS, language).format(one=one.model_version, other=other.model_version)


def _waterfall(title: str, score: ScoreBridge, shown: Shown, bridge: Bridge, language: Language) -> Table:
    table = Table(title=Text(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, show_edge=False)
    for words, justify in zip(HEAD, ("left", "right", "left"), strict=True):
        table.add_column(said(words, language), justify=justify, no_wrap=justify == "right")  # type: ignore[arg-type]
    ends = [said(BEFORE, language).format(day=day_of(end.cutoff)) for end in (bridge.before, bridge.after)]
    start = said(AVERAGE, language) if bridge.after.is_first(bridge.before) else ends[0]
    table.add_row(Text(start), shown.figures.whole.told(shown.before), "", style="bold")
    for step, share in zip(score.steps, shown.steps, strict=True):
        if has_its_place(step, bridge):
            table.add_row(
                _named(step, language),
                shown.figures.share.signed(share),
                Group(*_reasons(step, share, shown.figures, language)),
            )
    table.add_row(Text(ends[1]), shown.figures.whole.told(shown.after), "", style="bold")
    return table


def has_its_place(step: Step, bridge: Bridge) -> bool:
    """A step that cannot have moved this score is no line: who was new has one alone, and one model is no new one."""
    one, other = bridge.before, bridge.after
    if other.is_first(one):
        return step.name == FIRST
    return step.name != FIRST and (step.name != "new_model" or one.model_version != other.model_version)


def _named(step: Step, language: Language) -> Text:
    caption = f"\n  {said(CAPTIONS[step.name], language)}" if step.difference else ""
    return Text.assemble(step.title, (caption, "dim"))


def _reasons(step: Step, share: int, figures: Figures, language: Language) -> Iterator[RenderableType]:
    """The reasons of a step, whose figures add up to that of the step."""
    reasons = _told(step, language)
    units = shares(figures, share, [difference for _, difference, _ in reasons])
    if not any(units):
        yield Text(said(HARDLY if step.difference else NO_CHANGE, language), style="dim")
    for (title, _, details), unit in zip(reasons, units, strict=True):
        if unit:
            yield Text(f"{title} {figures.share.signed(unit)}")
            yield from (Padding(Text(text, style="dim"), (0, 0, 0, 2)) for text in details)


def _told(step: Step, language: Language) -> Sequence[Reason]:
    """The starting point, the strongest groups, and all others together."""
    start = said(STARTS.get(step.name, OTHER_START), language)
    base = [(start, step.base_difference, ())] if step.base_difference else []
    strongest: list[Reason] = [(group.title, group.difference, _details(group)) for group in step.groups[:GROUPS]]
    others = sum(group.difference for group in step.groups[GROUPS:])
    return [*base, *strongest, *([(said(OTHERS, language), others, ())] if others else [])]


def _details(group: GroupChange) -> tuple[str, ...]:
    """What the model saw in the features that moved the score the way the group did."""
    agreeing = [feature.text for feature in group.features if feature.difference * group.difference > 0]
    return tuple(agreeing[:FEATURES])
