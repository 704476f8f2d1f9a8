"""What moves each target, as lines with bars and small drawings: its groups, its strongest features, their values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluation import wording
from evaluation.dependence import Dependence
from evaluation.drivers import Driver, GroupDriver
from evaluation.views.dependence import Drawing, drawing_of
from features.catalog import TITLES
from features.feature import Words
from serving.reasons.sentences import figures_of

EFFECTS: dict[str, str] = {"raises": "raises it", "lowers": "lowers it", "varies": "either way"}
MEANS: dict[str, str] = {
    "lifetime_value": "On average a group moves a customer's predicted value by so much, up or down",
    "conversion": "On average a group moves the chance by so many percentage points (pp), up or down",
    "churn": "On average a group moves a buyer's chance by so many percentage points (pp), up or down",
}


@dataclass(frozen=True)
class Line:
    """A feature: its words and family, its mean size, its share of all features' together, how long its bar is beside
    the longest (percent), and what a high value does."""

    words: Words
    family: str
    size: str
    share: str
    width: float
    direction: str
    effect: str


@dataclass(frozen=True)
class GroupLine:
    """A group: its words, its mean size, and how long its bar is beside the longest (percent)."""

    words: Words
    size: str
    width: float


@dataclass(frozen=True)
class Part:
    """One target: its groups and features, the strongest first, the share that those features have of all, and
    drawings of the strongest."""

    title: str
    means: str
    groups: tuple[GroupLine, ...]
    lines: tuple[Line, ...]
    together: str
    drawings: tuple[Drawing, ...]


def parts(
    drivers: Sequence[Driver],
    groups: Sequence[GroupDriver],
    dependences: Sequence[Dependence],
    currency: str,
    most_dots: int,
) -> Iterator[Part]:
    """A part for every target that was explained; a drawing shows at most so many customers."""
    for target, words in wording.TARGETS.items():
        found = [driver for driver in drivers if driver.target == target]
        told = [group for group in groups if group.target == target]
        if found:
            yield Part(
                title=words.title,
                means=MEANS[target],
                groups=tuple(_group_line(group, told[0].size, currency) for group in told),
                lines=tuple(_line(driver, found[0].size, currency) for driver in found),
                together=f"{sum(driver.share for driver in found):.0%}",
                drawings=tuple(drawing_of(seen, currency, most_dots) for seen in dependences if seen.target == target),
            )


def size_told(target: str, size: float, currency: str) -> str:
    """A mean size in the unit of the score: `USD 41.20`, `1.83 pp`, `<0.01 pp`."""
    numerals = figures_of(target, currency, "en").share
    units = numerals.units(size)
    return f"<{numerals.size(1)}" if size > 0 and not units else numerals.size(units)


def title_of(meaning: Words) -> Words:
    """What is measured, without how it is counted."""
    title = meaning.en.partition(";")[0]
    return Words(title[0].upper() + title[1:], meaning.zh.partition("；")[0])


def _group_line(group: GroupDriver, longest: float, currency: str) -> GroupLine:
    return GroupLine(group.title, size_told(group.target, group.size, currency), round(100 * group.size / longest, 1))


def _line(driver: Driver, longest: float, currency: str) -> Line:
    return Line(
        words=title_of(driver.meaning),
        family=TITLES[driver.family].en,
        size=size_told(driver.target, driver.size, currency),
        share=f"{driver.share:.1%}",
        width=round(100 * driver.size / longest, 1),
        direction=driver.direction,
        effect=EFFECTS[driver.direction],
    )
