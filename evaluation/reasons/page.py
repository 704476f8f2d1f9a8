"""The page of the reasons: what drives the scores, and what of it another seed keeps."""

from dataclasses import dataclass

from evaluation import wording as words
from evaluation.comparison import DRAWS
from evaluation.drivers import CLEAR
from evaluation.page import templates, written_day
from evaluation.reasons import wording
from evaluation.reasons.plots import pairs_plot, shares_plot
from evaluation.reasons.result import Grounds
from evaluation.views.drivers import parts

MOST_DOTS = 300
"""So many customers are drawn in each drawing of a feature."""


@dataclass(frozen=True)
class Kept:
    """What another seed keeps of one target's reasons, in words, and the sizes of both models beside each other."""

    title: str
    told: str
    verdict: str
    moved: str
    drawing: str


def render(found: Grounds) -> str:
    """The page as one HTML text that needs nothing else."""
    currency = found.bundle.currency
    return (
        templates()
        .get_template("reasons.html")
        .render(
            title=found.book.title or found.book.name,
            cutoff=written_day(found.cutoff),
            found=found,
            drivers=list(parts(found.drivers, found.groups, found.dependences, currency, MOST_DOTS)),
            kept=[_kept(found, place) for place in range(len(found.stabilities))],
            rows=wording.rows(found),
            targets=[words.TARGETS[target].title for target in found.targets],
            advice=wording.advice(found),
            shares=shares_plot(found.stabilities),
            reading=wording.IS_AND_IS_NOT,
            clear=CLEAR,
            draws=DRAWS,
        )
    )


def _kept(found: Grounds, place: int) -> Kept:
    seen = found.stabilities[place]
    return Kept(
        title=words.TARGETS[seen.target].title,
        told=wording.told(seen),
        verdict=wording.verdict(seen),
        moved=wording.moved(found, seen),
        drawing=pairs_plot(seen.target, found.pairs),
    )
