import json
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from data.clock import end_of_day, local_days
from data.histories.histories import Histories
from data.ingest.opening import open_store
from data.settings.book import load_book
from evaluation.comparison import judge
from evaluation.grade import grade
from evaluation.predictions import LEVELS, SCHEMA
from evaluation.replay import replay
from evaluation.results import Results
from tests.evaluation.brief import DRAWS
from tests.training.world import few_trees
from training.metrics import METRICS
from training.tuning import Search

CUTOFF = "2024-05-30"
EARLIER = "2024-03-31"


@pytest.fixture(scope="session")
def predictions(backtested: Path) -> pl.DataFrame:
    return pl.read_parquet(backtested / "predictions.parquet")


@pytest.fixture(scope="session")
def metrics(backtested: Path) -> list[dict[str, object]]:
    return json.loads((backtested / "metrics.json").read_text())


@pytest.fixture(scope="session")
def events(shop: Path) -> pl.DataFrame:
    """What the shop's file says, with the local day of every event."""
    table = pl.read_csv(shop.parent / "events.csv")
    return table.with_columns(day=pl.col("at").str.slice(0, 10).str.to_date())


def test_predictions_have_the_promised_columns(predictions: pl.DataFrame) -> None:
    assert dict(predictions.schema) == SCHEMA
    assert predictions["cutoff"].unique().to_list() == [CUTOFF]
    assert predictions["book"].unique().to_list() == ["shop"]
    days = predictions.select("target", "horizon_days").unique().rows()
    assert dict(days) == {"lifetime_value": 60, "churn": 60, "conversion": 30}


def test_metrics_have_the_promised_fields(metrics) -> None:
    fields = ["book", "cutoff", "horizon_days", "target", "model", "metric", "value", "low", "high", "n"]
    assert all(list(row) == fields for row in metrics)


def test_every_figure_can_be_recomputed_from_the_predictions(predictions: pl.DataFrame, metrics) -> None:
    functions = {metric.name: metric.function for metric in METRICS}
    main = dict(predictions.select("target", "horizon_days").unique().rows())
    judged = [row for row in metrics if row["cutoff"] == CUTOFF and row["horizon_days"] == main[row["target"]]]
    judged = [row for row in judged if not row["metric"].startswith(("coverage_", "width_"))]
    assert judged
    for row in judged:
        rows = predictions.filter(target=row["target"], model=row["model"])
        value = functions[row["metric"]](rows["label"].to_numpy(), rows["prediction"].to_numpy())
        assert row["value"] == (None if np.isnan(value) else value)
        assert row["n"] == len(rows)


def test_intervals_can_be_recomputed_too(predictions: pl.DataFrame, metrics) -> None:
    told = {
        (row["model"], row["metric"]): (row["low"], row["high"])
        for row in metrics
        if (row["cutoff"], row["target"], row["horizon_days"]) == (CUTOFF, "churn", 60)
    }
    again = judge(predictions.filter(target="churn"), seed=5, draws=DRAWS).metrics
    assert told == {(row.model, row.metric): (row.low, row.high) for row in again}


def test_the_grade_can_be_recomputed_too(predictions: pl.DataFrame, backtested: Path) -> None:
    told = json.loads((backtested / "grade.json").read_text())
    assert told == asdict(grade(predictions, seed=5))


def test_labels_are_what_the_file_says(predictions: pl.DataFrame, events: pl.DataFrame) -> None:
    end = pl.lit(CUTOFF).str.to_date()
    later = events.filter(pl.col("day") > end)
    orders = later.filter(what="order").filter(pl.col("day") <= end + timedelta(days=60))
    replies = later.filter(what="reply").filter(pl.col("day") <= end + timedelta(days=30))
    spent = dict(orders.group_by("customer").agg(pl.col("amount").sum()).rows())
    replied = set(replies["customer"])
    ours = predictions.filter(model="tierwise")
    for target, expected in (
        ("lifetime_value", lambda customer: pytest.approx(spent.get(customer, 0))),
        ("churn", lambda customer: float(customer not in spent)),
        ("conversion", lambda customer: float(customer in replied)),
    ):
        rows = ours.filter(target=target).select("customer_id", "label").rows()
        assert all(label == expected(customer) for customer, label in rows), target


def test_value_and_churn_are_asked_of_all_buyers_and_conversion_of_everybody(
    predictions: pl.DataFrame, events: pl.DataFrame
) -> None:
    before = events.filter(pl.col("day") <= pl.lit(CUTOFF).str.to_date())
    buyers, everybody = set(before.filter(what="order")["customer"]), set(before["customer"])
    for target, asked in (("lifetime_value", buyers), ("churn", buyers), ("conversion", everybody)):
        for _, rows in predictions.filter(target=target).group_by("model"):
            assert sorted(rows["customer_id"]) == sorted(asked)


def test_every_model_answers_with_a_number_in_its_unit(predictions: pl.DataFrame) -> None:
    assert predictions["prediction"].is_finite().all()
    assert predictions["prediction"].min() >= 0
    chances = predictions.filter(pl.col("target") != "lifetime_value")
    assert chances["prediction"].max() <= 1


def test_models_are_named(predictions: pl.DataFrame) -> None:
    names = {target: set(rows["model"]) for (target,), rows in predictions.group_by("target")}
    assert names == {
        "lifetime_value": {"tierwise", "zero", "persistence", "monthly_average", "pareto_nbd"},
        "churn": {"tierwise", "zero", "persistence", "pareto_nbd"},
        "conversion": {"tierwise", "zero", "persistence", "recency"},
    }


def test_whom_the_models_expect_to_come_back_comes_back(predictions: pl.DataFrame) -> None:
    rows = {(row.target, row.model, row.metric): row.value for row in judge(predictions, 0, draws=1).metrics}
    for model in ("tierwise", "pareto_nbd"):
        assert rows["churn", model, "auc"] > 0.7
        assert rows["churn", model, "brier"] < rows["churn", "zero", "brier"]
        assert rows["lifetime_value", model, "normalized_gini"] > 0.5


def test_earlier_cutoffs_stand_in_rolling_and_in_the_metrics(backtested: Path, metrics) -> None:
    rolling = pl.read_parquet(backtested / "rolling.parquet")
    assert dict(rolling.schema) == LEVELS
    assert EARLIER in set(rolling["cutoff"])
    assert {row["cutoff"] for row in metrics} == {CUTOFF, EARLIER}


def test_comparisons_name_both_models_and_a_verdict(backtested: Path) -> None:
    rows = json.loads((backtested / "comparisons.json").read_text())
    assert {row["model"] for row in rows} == {"tierwise"}
    assert {row["verdict"] for row in rows} <= {"better", "worse", "tie", None}
    assert all(row["low"] <= row["difference"] <= row["high"] for row in rows if row["metric"] == "mae")


def test_the_future_changes_labels_and_no_prediction(shop: Path, tmp_path: Path, predictions) -> None:
    """Everything after the cutoff is bought by somebody else, doubled, or learnt of later."""
    book = load_book(str(shop))
    histories = open_store(book, tmp_path).read_all()
    moment = end_of_day(book.judged, "UTC")
    with few_trees():
        other = replay(book, another_future(histories, moment), moment, Search(seed=5), lambda step: None).predictions
    assert other.drop("label").equals(predictions.drop("label"))
    assert not other["label"].equals(predictions["label"])


def test_ranges_stand_beside_the_predictions_and_in_rolling(foreseen: Results) -> None:
    assert dict(foreseen.predictions.schema) == SCHEMA
    ours = foreseen.predictions.filter(model="tierwise", target="lifetime_value")
    assert (ours["high"] == ours["prediction"] * 4).all()
    others = foreseen.predictions.filter((pl.col("model") != "tierwise") | (pl.col("target") != "lifetime_value"))
    assert others["low"].is_null().all()
    narrow = foreseen.rolling.filter(cutoff=CUTOFF, horizon_days=60, level=0.8)
    assert (narrow["high"] == narrow["prediction"] * 2).all()
    assert narrow["customer_id"].to_list() == ours["customer_id"].to_list()


def test_other_horizons_are_judged_where_their_windows_have_ended(foreseen: Results, events: pl.DataFrame) -> None:
    said = foreseen.rolling.filter(cutoff=CUTOFF, level=0.9)
    assert set(said.select("target", "horizon_days").unique().rows()) == {("lifetime_value", 30), ("churn", 30)}
    end = pl.lit(CUTOFF).str.to_date()
    soon = events.filter((pl.col("day") > end) & (pl.col("day") <= end + timedelta(days=30)), what="order")
    bought = set(soon["customer"])
    silent = said.filter(target="churn").select("customer_id", "label").rows()
    assert all(label == float(customer not in bought) for customer, label in silent)


def test_metrics_tell_of_other_horizons_and_of_coverage(foreseen: Results) -> None:
    found = {(row.cutoff, row.target, row.horizon_days, row.metric): row for row in foreseen.judgement.metrics}
    ours = [row for row in foreseen.judgement.metrics if row.horizon_days == 30 and row.target == "churn"]
    assert {row.model for row in ours} == {"tierwise"}
    for cutoff in (CUTOFF, EARLIER):
        wide, narrow = (found[cutoff, "lifetime_value", 60, f"coverage_{level}"] for level in (90, 80))
        assert narrow.value <= wide.value
        assert wide.n == len(foreseen.predictions.filter(model="tierwise", target="churn")) or cutoff == EARLIER


def test_coverage_can_be_recomputed(foreseen: Results) -> None:
    rows = foreseen.predictions.filter(model="tierwise", target="lifetime_value")
    inside = ((rows["low"] <= rows["label"]) & (rows["label"] <= rows["high"])).mean()
    (told,) = [row for row in foreseen.judgement.metrics if (row.cutoff, row.metric) == (CUTOFF, "coverage_90")]
    assert told.value == pytest.approx(inside)


def test_views_are_of_the_judged_cutoff(backtested: Path, predictions: pl.DataFrame) -> None:
    views = json.loads((backtested / "views.json").read_text())
    asked = len(predictions.filter(model="tierwise", target="lifetime_value"))
    assert sum(view["n"] for view in views["tiers"]) == sum(view["n"] for view in views["cohorts"]) == asked
    assert {view["target"] for view in views["drivers"]} == {"lifetime_value", "conversion", "churn"}


def another_future(histories: Histories, moment: int) -> Histories:
    future = histories.time > moment
    rng = np.random.default_rng(1)
    time = histories.time.copy()
    time[future] = moment + 1 + rng.permutation(time[future] - moment - 1)
    return replace(
        histories,
        time=time,
        known_time=np.where(future, time + 10**12, histories.known_time),
        day=local_days(time, "UTC"),
        amount=np.where(future, histories.amount * 2, histories.amount),
        role=np.where(future, 0, histories.role).astype(np.int8),
    )
