"""The card that a backtest leaves for the service's pages."""

import json
from pathlib import Path

from serving.card import load


def test_a_backtest_leaves_what_it_found_at_the_judged_cutoff(backtested: Path) -> None:
    card = load("shop", backtested.parent / ".tierwise")
    assert card
    assert card.judged == "2024-05-30"
    found = json.loads((backtested / "metrics.json").read_text(encoding="utf-8"))
    rows = {(row["target"], row["model"], row["metric"], row["horizon_days"], row["cutoff"]): row for row in found}
    for metric in card.metrics:
        row = rows[metric.target, metric.model, metric.metric, metric.horizon_days, card.judged]
        assert (metric.value, metric.low, metric.high, metric.n) == (row["value"], row["low"], row["high"], row["n"])
    assert {metric.target for metric in card.metrics} == {"lifetime_value", "conversion", "churn"}


def test_tenths_hold_every_customer_once_from_the_lowest_prediction_on(backtested: Path) -> None:
    card = load("shop", backtested.parent / ".tierwise")
    assert card
    for each in card.calibration:
        asked = {metric.n for metric in card.metrics if metric.target == each.target}
        assert {sum(tenth.n for tenth in each.tenths)} == asked
        predicted = [tenth.predicted for tenth in each.tenths]
        assert predicted == sorted(predicted)
        if each.target != "lifetime_value":
            assert all(tenth.low <= tenth.came <= tenth.high for tenth in each.tenths if tenth.low is not None)


def test_a_damaged_card_is_none(tmp_path: Path) -> None:
    assert load("shop", tmp_path) is None
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "card.json").write_text('{"book": "shop"}', encoding="utf-8")
    assert load("shop", tmp_path) is None
