import numpy as np
import polars as pl
import pytest

from evaluation.comparison import judge, questions
from evaluation.predictions import SCHEMA
from training.metrics import METRICS, bootstrap_interval, paired_bootstrap_interval

FUNCTIONS = {metric.name: metric.function for metric in METRICS}
DRAWS = 100


def a_table(target: str, truth: np.ndarray, **models: np.ndarray) -> pl.DataFrame:
    customers = [f"c{i}" for i in range(len(truth))]
    parts = [
        pl.DataFrame(
            {
                "book": "shop",
                "customer_id": customers,
                "cutoff": "2024-07-19",
                "horizon_days": 60,
                "target": target,
                "model": model,
                "prediction": prediction,
                "low": None,
                "high": None,
                "label": truth,
            },
            schema=SCHEMA,
        )
        for model, prediction in models.items()
    ]
    return pl.concat(parts)


def money(seed: int = 0, n: int = 200) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    truth = rng.gamma(0.5, 40, n)
    return a_table(
        "lifetime_value",
        truth,
        tierwise=truth * rng.uniform(0.8, 1.2, n),
        pareto_nbd=truth * rng.uniform(0.1, 3.0, n),
        zero=np.zeros(n),
    )


def test_every_metric_of_every_model_has_a_row() -> None:
    rows = judge(money(), seed=1, draws=DRAWS).metrics
    judged = [metric.name for metric in METRICS if "lifetime_value" in metric.targets]
    assert [(row.model, row.metric) for row in rows] == [
        (model, metric) for model in ("tierwise", "pareto_nbd", "zero") for metric in judged
    ]
    assert {(row.book, row.cutoff, row.horizon_days, row.target, row.n) for row in rows} == {
        ("shop", "2024-07-19", 60, "lifetime_value", 200)
    }


def test_values_and_intervals_are_those_of_the_metrics_themselves() -> None:
    table = money()
    ((_, truth, forecasts),) = questions(table)
    for row in judge(table, seed=3, draws=DRAWS).metrics:
        expected = bootstrap_interval(FUNCTIONS[row.metric], truth, forecasts[row.model], 3, DRAWS)
        assert (row.value, row.low, row.high) == pytest.approx(tuple(expected), nan_ok=True)


def test_differences_are_paired() -> None:
    table = money()
    ((_, truth, forecasts),) = questions(table)
    for row in judge(table, seed=3, draws=DRAWS).comparisons:
        if row.of == "value":
            expected = paired_bootstrap_interval(
                FUNCTIONS[row.metric],
                truth,
                forecasts["tierwise"],
                forecasts[row.baseline],
                seed=3,
                draws=DRAWS,
            )
            assert (row.difference, row.low, row.high) == pytest.approx(tuple(expected), nan_ok=True)


def test_a_bias_is_compared_by_its_distance_from_one() -> None:
    truth = np.full(50, 10.0)
    table = a_table("lifetime_value", truth, tierwise=truth * 1.1, pareto_nbd=truth * 0.7)
    (row,) = (row for row in judge(table, 0, DRAWS).comparisons if row.metric == "bias")
    assert (row.of, row.verdict) == ("distance_from_one", "better")
    assert row.difference == pytest.approx(0.1 - 0.3)


def test_verdicts_know_which_direction_is_better() -> None:
    verdicts = {row.metric: row.verdict for row in judge(money(), 0, DRAWS).comparisons if row.baseline == "pareto_nbd"}
    assert set(verdicts.values()) == {"better"}


def test_a_model_ties_with_itself() -> None:
    rng = np.random.default_rng(0)
    chance = rng.uniform(size=300)
    happened = (rng.uniform(size=300) < chance).astype(float)
    rows = judge(a_table("churn", happened, tierwise=chance, persistence=chance), 0, DRAWS).comparisons
    assert {(row.difference, row.low, row.high, row.verdict) for row in rows} == {(0, 0, 0, "tie")}


def test_what_is_not_defined_has_no_verdict() -> None:
    rows = judge(money(), 0, DRAWS).comparisons
    (row,) = (row for row in rows if (row.metric, row.baseline) == ("spearman", "zero"))
    assert row.verdict is None
    assert np.isnan([row.difference, row.low, row.high]).all()


def test_the_same_seed_gives_the_same_intervals_and_another_seed_others() -> None:
    first, again, other = (judge(money(), seed, DRAWS).metrics[0] for seed in (5, 5, 6))
    assert first == again
    assert (first.low, first.high) != (other.low, other.high)


def test_questions_are_judged_apart() -> None:
    late = money().with_columns(cutoff=pl.lit("2024-08-19"))
    rows = judge(pl.concat([money(), late]), 0, 10).metrics
    assert {row.cutoff for row in rows} == {"2024-07-19", "2024-08-19"}
    assert {row.n for row in rows} == {200}
