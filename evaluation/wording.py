"""What the page calls models, targets and metrics, and how it explains them."""

from dataclasses import dataclass

from evaluation.comparison import OURS

MODELS: dict[str, str] = {
    OURS: "Tierwise",
    "pareto_nbd": "Pareto/NBD",
    "persistence": "Persistence",
    "recency": "Recency",
    "monthly_average": "Monthly average",
    "zero": "Zero",
}

NEVER_HAPPENED = (
    "{model} predicts nothing here: the event had never happened by the cutoff, so there was nothing to learn from."
)


@dataclass(frozen=True)
class TargetWords:
    """How a target is spoken of; `asks`, `happened` and `headline` take the horizon and what came as format fields."""

    title: str
    asks: str
    happened: str
    caught: str
    times: str
    event: str = ""
    headline: str = ""


TARGETS: dict[str, TargetWords] = {
    "lifetime_value": TargetWords(
        title="Lifetime value",
        asks="How much money will each customer bring in the next {days} days?",
        happened="{n:,} customers who had bought before brought {mean:,.2f} {currency} each on average; "
        "{share:.0%} of them brought any.",
        caught="share of the money they brought",
        times="money, times as much as by chance",
    ),
    "conversion": TargetWords(
        title="Conversion",
        asks="Who will convert in the next {days} days?",
        happened="Of {n:,} customers, {share:.1%} converted.",
        caught="share of those who converted",
        times="conversions, times as many as by chance",
        event="converts",
        headline="of the tenth most likely to convert did; of everybody it was {all:.1%}",
    ),
    "churn": TargetWords(
        title="Churn",
        asks="Who will buy nothing in the next {days} days?",
        happened="Of {n:,} customers who had bought before, {share:.1%} bought nothing.",
        caught="share of those who bought nothing",
        times="silent customers, times as many as by chance",
        event="buys nothing",
        headline="of the tenth most likely to churn bought nothing; of everybody it was {all:.1%}",
    ),
}


@dataclass(frozen=True)
class MetricWords:
    """How a metric is shown: its name, its decimals (None: money) and what it means."""

    title: str
    meaning: str
    decimals: int | None


METRICS: dict[str, MetricWords] = {
    "normalized_gini": MetricWords(
        "nGini",
        "How well the ranking puts the money first: 1 is the true order of the customers, 0 is chance.",
        3,
    ),
    "spearman": MetricWords("Spearman", "Rank correlation over all customers: 1 is the same ranking, 0 is none.", 3),
    "bias": MetricWords("Bias", "All money predicted / all money that came: 0.9 says 10 % too little.", 3),
    "decile_mape": MetricWords(
        "DecMAPE", "Mean relative error of the ten tenths of the customers, taken by prediction.", 3
    ),
    "mae": MetricWords(
        "MAE",
        "Mean absolute error per customer. Where most customers buy nothing it favours forecasts that are "
        "too low, so it never counts alone.",
        None,
    ),
    "rmse": MetricWords("RMSE", "Root of the mean squared error per customer; a few large customers rule it.", None),
    "auc": MetricWords(
        "AUC",
        "The chance that somebody to whom it happened is ranked above somebody to whom it did not: 0.5 is a "
        "coin. It does not see a wrong level.",
        3,
    ),
    "brier": MetricWords("Brier", "Mean squared error of the probability; it sees both order and level.", 4),
    "expected_calibration_error": MetricWords(
        "ECE",
        "Mean gap between the predicted chance and what came true, over ten groups of equal size. "
        "Redrawn customers add noise of their own, so its interval lies a little high.",
        3,
    ),
}

DIRECTIONS: dict[str, str] = {"higher": "higher is better", "lower": "lower is better", "one": "1 is best"}
