"""What the terminal and the page say of the ceiling."""

import math

from evaluation.ceiling.answers import CEILING, PARETO, TRUTH
from evaluation.ceiling.result import Ceiling, Figure, Gap, Held, Whom
from evaluation.comparison import OURS

MODELS = {OURS: "Tierwise", CEILING: "Ceiling", PARETO: "Pareto/NBD", TRUTH: "Truth"}
MEANINGS = {
    OURS: "taught by what came",
    CEILING: "the same learner, features and customers, taught by what was to be expected",
    PARETO: "with Gamma-Gamma, fitted on the same customers",
    TRUTH: "the probability itself: what luck leaves to know",
}
METRICS = {"spearman": "Spearman", "bias": "predicted / expected", "auc": "AUC"}
AGAINST = {
    "spearman": "rank correlation with the money to be expected",
    "bias": "money predicted in all for every unit to be expected; 1 is right",
    "auc": "how often who came is ranked above who did not",
}
TARGETS = {"lifetime_value": "Value", "conversion": "First order", "churn": "Churn"}
PEOPLE: dict[Whom, str] = {
    "everyone": "everybody",
    "buyers": "those who had bought",
    "prospects": "leads",
    "low": "the third least likely to order",
    "middle": "the middle third",
    "high": "the third most likely to order",
    "paying": "those who brought money",
}


def asked(row: Figure | Gap) -> str:
    """What a row is about."""
    return f"{TARGETS[row.target]} in {row.horizon_days} days: {METRICS[row.metric]}"


def number(value: float) -> str:
    """Three digits."""
    return "–" if math.isnan(value) else f"{value:.3f}"


def difference(value: float) -> str:
    """Three digits and a sign."""
    return "–" if math.isnan(value) else f"{value:+.3f}".replace("-", "−")


def between(row: Figure | Held) -> str:
    """Its interval."""
    return "" if math.isnan(row.low) else f"{number(row.low)}–{number(row.high)}"


def gap_between(gap: Gap) -> str:
    """Its interval, with signs."""
    return "" if math.isnan(gap.low) else f"{difference(gap.low)} to {difference(gap.high)}"


def verdict(row: Gap | Held) -> str:
    """Whether what was asked holds; nothing where nothing was."""
    if row.met is None:
        return ""
    wanted = f"at least {difference(row.least or 0.0)}" if isinstance(row, Gap) else _within(row)
    return f"{'met' if row.met else 'not met'}: {wanted}"


def conclusion(found: Ceiling) -> str:
    """The whole in a sentence."""
    missed = [row for row in found.judged if not row.met]
    whole = f"Of {len(found.judged)} figures of which something is asked"
    return f"{whole} all are met." if not missed else f"{whole} {len(missed)} are not met."


def _within(held: Held) -> str:
    low, high = held.asked or (math.nan, math.nan)
    return f"{low:.2f} to {high:.2f}"
