"""The figures of the ceiling: every model on the same draws of customers, and our gap to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.ceiling.answers import CEILING, TRUTH, Answers
from evaluation.ceiling.result import Figure, Gap, Held, Whom
from evaluation.comparison import DRAWS, OURS
from evaluation.interval import interval
from training.metrics import MetricFunction, auc, bias, spearman

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_GAP = -0.03
COVERED: Mapping[tuple[int, Whom], tuple[float, float]] = {(90, "buyers"): (0.88, 0.92)}
"""Asked of buyers, whom value is asked about: nearly all leads bring nothing, so any interval from 0 holds more."""
THIRDS: tuple[Whom, ...] = ("low", "middle", "high")
METRICS: Mapping[str, MetricFunction] = {"spearman": spearman, "auc": auc, "bias": bias}


@dataclass(frozen=True)
class Trial:
    """One metric, asked of some of the customers; `against` what is `expected` or what `came`.

    `least` is what is asked of our gap to the ceiling, None where nothing is.
    """

    target: str
    whom: Whom
    metric: str
    against: str
    least: float | None = None


TRIALS = (
    Trial("lifetime_value", "everyone", "spearman", "expected", LEAST_GAP),
    Trial("lifetime_value", "buyers", "spearman", "expected", LEAST_GAP),
    Trial("lifetime_value", "prospects", "spearman", "expected"),
    Trial("lifetime_value", "everyone", "bias", "expected"),
    Trial("conversion", "prospects", "auc", "came", LEAST_GAP),
    Trial("churn", "buyers", "auc", "came"),
)


def measured(
    answers: Answers, horizons: Mapping[str, int], seed: int, draws: int = DRAWS
) -> tuple[list[Figure], list[Gap]]:
    """Every trial's figures of all models, and the paired gap of ours to the ceiling (Efron 1979)."""
    figures, gaps = list[Figure](), list[Gap]()
    for trial in TRIALS:
        asked = members(answers)[trial.whom]
        columns = _drawn(trial, answers, asked, seed, draws)
        key = (trial.target, horizons[trial.target], trial.whom, trial.metric)
        n = int(asked.sum())
        figures += [Figure(*key, model, *interval(column), n) for model, column in columns.items()]
        gaps.append(Gap(*key, *interval(columns[OURS] - columns[CEILING]), trial.least))
    return figures, gaps


def coverage(answers: Answers, seed: int, draws: int = DRAWS) -> Iterator[Held]:
    """How often our intervals held the money that came: of everybody, and of each kind of customer.

    Thirds are of equal size, by our probability of an order; groups without anybody have no row.
    """
    money, came = answers.money, answers.came["lifetime_value"]
    for level, low, high in ((90, money.low, money.high), (80, money.low_80, money.high_80)):
        inside = ((low <= came) & (came <= high)).astype(np.float64)
        for whom, asked in members(answers).items():
            if asked.any():
                nothing = float((came[asked] == 0.0).mean())
                share = _mean(inside[asked], seed, draws)
                yield Held(level, whom, *share, nothing, int(asked.sum()), COVERED.get((level, whom)))


def members(answers: Answers) -> dict[Whom, Flags]:
    """Who belongs to which group, each (n,)."""
    order = np.array_split(np.argsort(answers.chance_of_buying, kind="stable"), len(THIRDS))
    places = np.arange(len(answers.bought))
    thirds = {name: np.isin(places, part) for name, part in zip(THIRDS, order, strict=True)}
    return {
        "everyone": np.ones(len(places), dtype=np.bool_),
        **thirds,
        "buyers": answers.bought,
        "prospects": ~answers.bought,
        "paying": answers.came["lifetime_value"] != 0.0,
    }


def _drawn(trial: Trial, answers: Answers, asked: Flags, seed: int, draws: int) -> dict[str, Floats]:
    """By model a column (1 + draws,): on the customers themselves, then on every draw, the same for all models."""
    truth = getattr(answers, trial.against)[trial.target][asked]
    said = {model: column[asked] for model, column in answers.said[trial.target].items()}
    if trial.against == "came":
        said[TRUTH] = answers.expected[trial.target][asked]
    metric = METRICS[trial.metric]
    rng = np.random.default_rng(seed)
    rows = [np.arange(len(truth)), *(rng.integers(0, len(truth), len(truth)) for _ in range(draws))]
    return {model: np.array([metric(truth[r], column[r]) for r in rows]) for model, column in said.items()}


def _mean(values: Floats, seed: int, draws: int) -> tuple[float, float, float]:
    rng = np.random.default_rng(seed)
    drawn = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(draws)]
    return interval(np.array([values.mean(), *drawn]))
