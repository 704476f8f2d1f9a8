"""The page of an audit: what is suspicious, what was tried, and how."""

from collections.abc import Iterator
from dataclasses import dataclass

from evaluation import wording as words
from evaluation.audit import wording
from evaluation.audit.plots import strengths_plot
from evaluation.audit.result import Audit
from evaluation.page import templates, written_day
from features.feature import Words
from training.audit.crowd import DRAWS, MOST_ROWS
from training.audit.scan import DOUBTFUL, STRICT, Scan

STRONGEST = 3


@dataclass(frozen=True)
class Strong:
    """A feature that tells much alone, or the best of recency, frequency and money."""

    title: Words
    figure: float
    honest: bool


@dataclass(frozen=True)
class Outcome:
    """One outcome: the strongest features and the best honest one, the strongest first."""

    title: str
    rows: tuple[Strong, ...]


@dataclass(frozen=True)
class Part:
    """One target: its plot and its outcomes."""

    title: str
    plot: str
    outcomes: tuple[Outcome, ...]


def render(audit: Audit) -> str:
    """The page as one HTML text that needs nothing else."""
    return (
        templates()
        .get_template("audit.html")
        .render(
            title=audit.book.title or audit.book.name,
            cutoff=written_day(audit.cutoff),
            audit=audit,
            parts=[_part(audit, found) for found in audit.scans if found.honest],
            targets=words.TARGETS,
            wording=wording,
            strict=STRICT,
            doubtful=DOUBTFUL,
            draws=DRAWS,
            rows=MOST_ROWS,
        )
    )


def _part(audit: Audit, found: Scan) -> Part:
    return Part(words.TARGETS[found.target].title, strengths_plot(found), tuple(_outcomes(audit, found)))


def _outcomes(audit: Audit, found: Scan) -> Iterator[Outcome]:
    for kind, honest in found.honest.items():
        told = [strength for strength in found.strengths if strength.outcome == kind]
        told.sort(key=lambda strength: -strength.figure)
        shown = [strength for place, strength in enumerate(told) if place < STRONGEST or strength == honest]
        rows = [Strong(audit.spec.feature(row.feature).meaning, row.figure, row == honest) for row in shown]
        yield Outcome(wording.OUTCOMES[found.target, kind], tuple(rows))
