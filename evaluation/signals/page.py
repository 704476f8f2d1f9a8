"""The page of the signals: which of them tell something, how much, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.comparison import DRAWS
from evaluation.page import templates, written_day
from evaluation.signals import wording
from evaluation.signals.figures import Measured, SignalWorth, Verdict
from evaluation.signals.plots import fading_plot, forest_plot
from evaluation.signals.worth import LEAST_CONVERSIONS, LEAST_CUSTOMERS

ORDER: tuple[Verdict, ...] = ("works", "lowers", "no_separable_lift", "too_rare")


@dataclass(frozen=True)
class Fading:
    """How one signal fades: its name, the drawing, and how to read it."""

    name: str
    drawing: str
    reading: str


def render(measured: Measured) -> str:
    """The page as one HTML text that needs nothing else."""
    book, worths = measured.book, ranked(measured.signals)
    judged = [worth for worth in worths if worth.verdict != "too_rare"]
    return (
        templates()
        .get_template("signals.html")
        .render(
            title=book.title or book.name,
            people=wording.PEOPLE[measured.population],
            converts=" or ".join(book.targets.conversion.types) or "any purchase",
            days=measured.horizon_days,
            first=written_day(measured.cutoffs[0]),
            last=written_day(measured.cutoffs[-1]),
            cutoffs=len(measured.cutoffs),
            whole=measured.signals[0].converts,
            worths=worths,
            forest=forest_plot(judged) if judged else "",
            fadings=[_fading(worth) for worth in judged if worth.half_life.points],
            wording=wording,
            least_customers=LEAST_CUSTOMERS,
            least_conversions=LEAST_CONVERSIONS,
            draws=DRAWS,
            seed=measured.seed,
        )
    )


def ranked(worths: Sequence[SignalWorth]) -> list[SignalWorth]:
    """The signals by verdict, the best first, and within it the highest ratio first."""
    return sorted(worths, key=lambda worth: (ORDER.index(worth.verdict), -_ratio(worth)))


def _ratio(worth: SignalWorth) -> float:
    return worth.converts.shown if worth.verdict == "too_rare" else worth.comparable_lift.value


def _fading(worth: SignalWorth) -> Fading:
    return Fading(worth.signal.words.en, fading_plot(worth), wording.fading(worth.half_life))
