"""A score as a sum that can be read down: its base, its groups, each with its strongest features, the score."""

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from features.feature import Words
from serving.figures import said
from serving.numerals import MINUS, Language
from serving.reasons.parts import ReasonGroup, Reasons

START = Words("The model's starting point", "模型起点")
REST = Words("everything else here", "本组其他因素")
TOTAL: dict[str, Words] = {
    "lifetime_value": Words("Predicted value", "预测价值"),
    "conversion": Words("Conversion probability", "转化概率"),
    "churn": Words("Churn probability", "流失概率"),
}
MARGIN = "  "
INDENT = "      "


NUMBER = re.compile(r"(.*\d)(.*)")


def waterfall(reasons: Reasons, score: str, language: Language) -> Iterator[str]:
    """The lines of one score; numbers stand under each other, whichever script is around them. What prints as
    nothing is left out."""
    groups = [group for group in reasons.groups if _is_told(group.shown)]
    top = (said(START, language), reasons.base_shown)
    bottom = (said(TOTAL[score], language), reasons.score_shown)
    rows = [top, *((group.title, group.shown) for group in groups), bottom]
    width = max(cell_len(title) for title, _ in rows) + len(MARGIN)
    first, *figures, last = _aligned([shown for _, shown in rows])
    yield f"{MARGIN}{_padded(top[0], width)}{first}".rstrip()
    for group, shown in zip(groups, figures, strict=True):
        yield f"{MARGIN}{_padded(group.title, width)}{shown}"
        yield from _features(group, language)
    yield MARGIN + "─" * (width + max(map(cell_len, (first, last, *figures))))
    yield f"{MARGIN}{_padded(bottom[0], width)}{last}".rstrip()


def _features(group: ReasonGroup, language: Language) -> Iterator[str]:
    """The group's strongest features, and what is left of it; a group that is all rest opens to nothing."""
    if not group.features:
        return
    rows = [(reason.shown, reason.fact) for reason in group.features]
    rows.append((group.rest_shown, said(REST, language)))
    told = [(shown, fact) for shown, fact in rows if _is_told(shown)]
    for figure, (_, fact) in zip(_aligned([shown for shown, _ in told]), told, strict=True):
        yield f"{INDENT}{figure}  {fact}"


def _is_told(shown: str) -> bool:
    return shown[0] in ("+", MINUS)


def _aligned(figures: Sequence[str]) -> list[str]:
    """The figures padded so that their last digits stand under each other."""
    parts = [found.groups() for shown in figures if (found := NUMBER.fullmatch(shown))]
    left = max((cell_len(number) for number, _ in parts), default=0)
    right = max((cell_len(unit) for _, unit in parts), default=0)
    return [" " * (left - cell_len(number)) + number + _padded(unit, right) for number, unit in parts]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))
