"""The section, and the page of its own, that tells what each feature family is worth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluation import wording as words
from evaluation.ablation import wording
from evaluation.ablation.plots import forest_plot
from evaluation.ablation.result import Ablation
from evaluation.ablation.runs import ALONE, RESEEDED, WITHOUT
from evaluation.ablation.worth import Way, Worth
from evaluation.comparison import ComparisonRow
from evaluation.page import templates, written_day
from features.catalog import TITLES


@dataclass(frozen=True)
class Line:
    """One family's row: its worth left out and added, and the judged difference; None where not measured."""

    title: str
    left_out: Worth | None
    added: Worth | None
    judged: ComparisonRow | None


@dataclass(frozen=True)
class Part:
    """One target: its plot and its lines; `metric` is that of the judged differences."""

    title: str
    metric: str
    plot: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Section:
    """All that the templates show of an ablation."""

    cutoff: str
    parts: tuple[Part, ...]
    families: tuple[tuple[str, int, str], ...]
    silent: str
    seed: int


def section(ablation: Ablation) -> Section:
    """The ablation as its section shows it."""
    return Section(
        cutoff=written_day(ablation.cutoff),
        parts=tuple(_parts(ablation)),
        families=tuple(
            (TITLES[part.family].en, len(part.columns), wording.conclusion(ablation, part.family))
            for part in ablation.parts
        ),
        silent=", ".join(TITLES[family].en for family in ablation.silent),
        seed=ablation.seed,
    )


def render(ablation: Ablation) -> str:
    """The page as one HTML text that needs nothing else."""
    title = ablation.book.title or ablation.book.name
    return templates().get_template("ablation.html").render(title=title, ablation=section(ablation), wording=wording)


def _parts(ablation: Ablation) -> Iterator[Part]:
    for target, named in words.TARGETS.items():
        worths = [worth for worth in ablation.worths if worth.target == target]
        if worths:
            metric = wording.MEASURED[target]
            judged = [row for row in ablation.comparisons if (row.target, row.metric) == (target, metric)]
            lines = tuple(_lines(ablation, worths, judged))
            yield Part(named.title, words.METRICS[metric].title, forest_plot(worths, target), lines)


def _lines(ablation: Ablation, worths: Sequence[Worth], judged: Sequence[ComparisonRow]) -> Iterator[Line]:
    by_way: dict[tuple[str, Way], Worth] = {(worth.family, worth.way): worth for worth in worths}
    differences = {row.baseline: row for row in judged}
    for part in ablation.parts:
        left_out, added = by_way.get((part.family, "left_out")), by_way.get((part.family, "added"))
        yield Line(TITLES[part.family].en, left_out, added, differences.get(WITHOUT + part.family))
    yield Line(wording.BEYOND.capitalize(), by_way.get(("", "left_out")), None, differences.get(ALONE))
    yield Line(wording.LUCK.capitalize(), by_way.get(("", "reseeded")), None, differences.get(RESEEDED))
