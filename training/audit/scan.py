"""How well each feature alone ranks what came, and which of them do so beyond what can be honest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training.audit.alike import Ranking, Strata, Within, alike
from training.audit.crowd import draws, folds_of, thinned
from training.audit.outcomes import Kind, Outcome, outcomes_of
from training.audit.readings import Column, How, Reading
from training.metrics import percentiles
from training.sample import Sample

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Ground = Literal["", "undated", "faded"]

WORTH_A_LOOK = 0.65
FADED = 0.25
"""A column fell silent where it now varies this much less than it did at the snapshots."""


@dataclass(frozen=True)
class Bar:
    """From where a feature is too good to be true, surely, by the 95 % interval over customers.

    Either it reaches `alone` and leaves at most `share` of what the best honest feature leaves to be desired; or it
    reaches `among_alike` where customers are compared with those alike in recency, frequency and money.
    """

    alone: float
    share: float
    among_alike: float

    def reached(self, alone: float, share: float, among_alike: float) -> bool:
        """Whether figures are this good; an undefined one never is."""
        return (alone >= self.alone and share <= self.share) or among_alike >= self.among_alike


STRICT = Bar(alone=0.9, share=0.5, among_alike=0.8)
"""For every feature. In four books of purchases, coupons and trade, honest features leave a share of .73 or more and
reach .71 among customers alike; profile columns, if honest, .59."""

DOUBTFUL = Bar(alone=0.75, share=0.75, among_alike=0.7)
"""Where there is a ground for doubt: nobody dates the column, or it falls silent for those who are asked about now."""


@dataclass(frozen=True)
class Strength:
    """How well a feature alone ranks an outcome: `figure` is an AUC, or the normalized Gini of money."""

    feature: str
    outcome: Kind
    how: How
    figure: float


@dataclass(frozen=True)
class Finding:
    """A feature too good to be true: its strength with the 95 % interval, and the best honest one beside it.

    `among_alike` is its figure where only customers alike at the same moment are compared, nan for money, which
    bands do not make alike. `known_if` and `known_else` are the shares of rows with a value, of those to whom it
    happened and of the others.
    """

    strength: Strength
    low: float
    high: float
    among_alike: float
    honest: Strength
    known_if: float
    known_else: float
    ground: Ground

    @property
    def lead(self) -> float:
        """How far it goes from the honest feature to perfection, or from chance among customers alike."""
        beyond = 1.0 - _left(self.strength.figure, self.honest.figure)
        return max(beyond, 2.0 * self.among_alike - 1.0) if self.among_alike == self.among_alike else beyond


@dataclass(frozen=True)
class Scan:
    """One target: the strength of every feature for every outcome, the best honest ones, and the findings."""

    target: str
    strengths: tuple[Strength, ...]
    honest: Mapping[Kind, Strength]
    findings: tuple[Finding, ...]


def scan(
    target: str,
    sample: Sample,
    today: Floats,
    honest: Callable[[Sequence[str]], Sequence[str]],
    undated: Sequence[str] = (),
) -> Scan:
    """Measures every column of a sample alone.

    `today` (m, f) are the features of those whom the target is asked of now; `honest` names the honest features,
    told which columns speak; `undated` are columns whose values may have become known at any time.
    """
    bench = _Bench(target, thinned(sample), today, undated)
    yardsticks = honest(list(bench.columns))
    best = {outcome.kind: bench.best(outcome, yardsticks) for outcome in bench.outcomes}
    found = [bench.finding(name, best) for name in bench.columns if name not in yardsticks]
    strengths = tuple(strength for by_kind in bench.strengths.values() for strength in by_kind.values())
    return Scan(target, strengths, best, tuple(finding for finding in found if finding))


@dataclass(frozen=True)
class _Bench:
    target: str
    sample: Sample
    today: Floats
    undated: Sequence[str]

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        return outcomes_of(self.target, self.sample)

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns that trees see and that differ between rows."""
        folds = folds_of(self.sample)
        made = {
            name: Column.of(column, folds, name in self.sample.categorical)
            for name, column in zip(self.sample.names, self.sample.features.T, strict=True)
            if name not in self.sample.hidden
        }
        return {name: column for name, column in made.items() if len(column.values) > 1}

    @cached_property
    def strengths(self) -> dict[str, dict[Kind, Strength]]:
        return {
            name: {
                outcome.kind: _strength(name, outcome, column.best_reading(outcome.values, outcome.whole))
                for outcome in self.outcomes
            }
            for name, column in self.columns.items()
        }

    @cached_property
    def strata(self) -> Strata:
        return alike(self.sample)

    @cached_property
    def wholes(self) -> dict[Kind, float]:
        """The covariance of each outcome with itself among customers alike."""
        once = np.ones(len(self.sample))
        return {
            outcome.kind: Ranking.of(self.strata, outcome.values).covariance(outcome.values, once)
            for outcome in self.outcomes
        }

    def best(self, outcome: Outcome, names: Sequence[str]) -> Strength:
        """The strongest of the honest features; chance, without a name, where none of them speaks."""
        known = [self.strengths[name][outcome.kind] for name in names if name in self.strengths]
        chance = Strength("", outcome.kind, "value", _figure(outcome.kind, 0.0))
        return max(known, key=lambda strength: strength.figure, default=chance)

    def finding(self, name: str, best: Mapping[Kind, Strength]) -> Finding | None:
        """What is wrong with a column, told of the outcome that it gives away most; None where nothing is."""
        if all(strength.figure < WORTH_A_LOOK for strength in self.strengths[name].values()):
            return None
        ground = self._ground(name)
        found = [self._suspected(name, outcome, best[outcome.kind], ground) for outcome in self.outcomes]
        by_lead = sorted((finding for finding in found if finding), key=lambda finding: -finding.lead)
        return next((sure for finding in by_lead if (sure := self._assured(finding))), None)

    def _suspected(self, name: str, outcome: Outcome, honest: Strength, ground: Ground) -> Finding | None:
        """The finding of one outcome, if the figures are that good; its interval is not known yet."""
        strength = self.strengths[name][outcome.kind]
        if strength.figure < WORTH_A_LOOK:
            return None
        within = self._among_alike(outcome, self._ranks(name, outcome))
        if not _bar(ground).reached(strength.figure, _left(strength.figure, honest.figure), within):
            return None
        known = ~np.isnan(self.sample.features[:, self.sample.names.index(name)])
        shares = float(known[outcome.happened].mean()), float(known[~outcome.happened].mean())
        return Finding(strength, np.nan, np.nan, within, honest, *shares, ground)

    def _assured(self, finding: Finding) -> Finding | None:
        """The finding with its interval; None where luck may have made the figures that good."""
        kind = finding.strength.outcome
        (outcome,) = (outcome for outcome in self.outcomes if outcome.kind == kind)
        own, other = (self._ranks(strength.feature, outcome) for strength in (finding.strength, finding.honest))
        everybody = np.zeros_like(self.strata)
        measures = [Within.of(everybody, outcome.values, ranks) for ranks in (own, other)]
        measures.append(Within.of(self.strata, outcome.values, own))
        drawn = np.array([[_figure(kind, row.gini(times)) for row in measures] for times in draws(self.sample)])
        low, high = percentiles(drawn[:, 0])
        _, share = percentiles([_left(alone, honest) for alone, honest, _ in drawn])
        within = np.nan if kind == "money" else percentiles(drawn[:, 2])[0]
        sure = _bar(finding.ground).reached(low, share, within)
        return replace(finding, low=low, high=high) if sure else None

    def _among_alike(self, outcome: Outcome, ranks: Floats) -> float:
        whole = self.wholes[outcome.kind]
        if outcome.kind == "money" or not whole > 0:
            return np.nan
        found = Ranking.of(self.strata, ranks).covariance(outcome.values, np.ones(len(ranks)))
        return _figure(outcome.kind, found / whole)

    def _ranks(self, name: str, outcome: Outcome) -> Floats:
        """The ranks of a column, shape (n,); those of chance for the name of none."""
        if name not in self.columns:
            return np.zeros(len(self.sample))
        return self.columns[name].best_reading(outcome.values, outcome.whole).ranks

    def _ground(self, name: str) -> Ground:
        """Whether the book does not date the column, or it says far less of those who are asked about now."""
        if name in self.undated:
            return "undated"
        now = self.today[:, self.sample.names.index(name)]
        once = _variety(self.columns[name].codes)
        return "faded" if len(now) and _variety(np.unique(now, return_inverse=True)[1]) < FADED * once else ""


def _variety(codes: Ints) -> float:
    """The share of rows that do not hold the most common value."""
    return float(1.0 - np.bincount(codes).max() / len(codes))


def _bar(ground: Ground) -> Bar:
    return DOUBTFUL if ground else STRICT


def _strength(name: str, outcome: Outcome, reading: Reading) -> Strength:
    return Strength(name, outcome.kind, reading.how, _figure(outcome.kind, reading.gini))


def _figure(kind: Kind, gini: float) -> float:
    return gini if kind == "money" else (1.0 + gini) / 2.0


def _left(figure: float, honest: float) -> float:
    """What a feature leaves to be desired, as a share of what the honest one does."""
    return (1.0 - figure) / (1.0 - honest) if honest < 1.0 else np.inf
