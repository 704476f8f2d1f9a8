"""The strongest features of each target, as lines of a table with bars."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluation import wording
from evaluation.drivers import Driver
from features.catalog import TITLES
from features.feature import Words

EFFECTS: dict[str, str] = {"raises": "raises it", "lowers": "lowers it", "varies": "either way"}


@dataclass(frozen=True)
class Line:
    """A feature: its words and family, its share of all features' together, how long its bar is beside the
    longest (percent), and what a high value does."""

    words: Words
    family: str
    share: str
    width: float
    direction: str
    effect: str


@dataclass(frozen=True)
class Part:
    """One target's features, the strongest first, and the share that those shown have of all."""

    title: str
    lines: tuple[Line, ...]
    together: str


def parts(drivers: Sequence[Driver]) -> Iterator[Part]:
    """A part for every target that was explained."""
    for target, words in wording.TARGETS.items():
        found = [driver for driver in drivers if driver.target == target]
        if found:
            longest = max(driver.size for driver in found)
            together = f"{sum(driver.share for driver in found):.0%}"
            yield Part(words.title, tuple(_line(driver, longest) for driver in found), together)


def _line(driver: Driver, longest: float) -> Line:
    return Line(
        words=_title(driver.meaning),
        family=TITLES[driver.family].en,
        share=f"{driver.share:.1%}",
        width=round(100 * driver.size / longest, 1),
        direction=driver.direction,
        effect=EFFECTS[driver.direction],
    )


def _title(meaning: Words) -> Words:
    """What is measured, without how it is counted."""
    title = meaning.en.partition(";")[0]
    return Words(title[0].upper() + title[1:], meaning.zh.partition("；")[0])
