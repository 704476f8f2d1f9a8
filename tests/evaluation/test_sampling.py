from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from data.ingest.opening import open_store
from data.settings.book import load_book
from evaluation import replay
from evaluation.__main__ import app
from evaluation.cutoffs import judged_cutoff
from evaluation.sampling import Way, log_loss, measure, table_of
from tests.evaluation.brief import few_trees_and_draws
from training import boosting
from training.__main__ import app as training_door
from training.fit import noted
from training.tuning import Search


@pytest.fixture
def even_fewer_trees(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(boosting, "MOST_ROUNDS", 6)
    monkeypatch.chdir(tmp_path)
    with few_trees_and_draws():
        yield


@pytest.mark.usefixtures("even_fewer_trees")
def test_a_backtest_judges_the_model_that_fit_would_train_then(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = []

    def remembering(*arguments: object) -> object:
        judged.append(noted(*arguments))
        return judged[-1]

    monkeypatch.setattr(replay, "noted", remembering)
    run = CliRunner().invoke
    told = run(app, ["backtest", str(shop), "--out", "out", "--most-customers", "120"])
    fitted = run(training_door, ["fit", str(shop), "--cutoff", "2024-05-30", "--most-customers", "120"])
    assert (told.exit_code, fitted.exit_code) == (0, 0), told.output + fitted.output
    assert f"Bundle {judged[0].version} is current" in fitted.output
    assert "Learnt from " in fitted.output
    assert "drawn by their ids alone" in Path("out/index.html").read_text()


@pytest.mark.usefixtures("even_fewer_trees")
def test_the_same_training_costs_nothing_and_a_sample_is_counted(shop: Path) -> None:
    book = load_book(str(shop))
    histories = open_store(book, Path("home")).read_all()
    ways = [Way("all again"), Way("some", 0.6)]
    costs = measure(book, histories, judged_cutoff(book, None), ways, Search(), lambda step: None)
    again = [cost for cost in costs if cost.way == "all again"]
    assert {cost.metric for cost in again} >= {"normalized_gini", "auc", "brier", "log_loss"}
    assert all((cost.difference, cost.low, cost.high) == (0, 0, 0) for cost in again)
    some = next(cost for cost in costs if cost.way == "some")
    assert some.taught == pytest.approx(0.6 * again[0].taught, rel=0.2)
    assert some.low <= some.difference <= some.high
    assert table_of(costs).row_count == len(costs)


def test_log_loss_is_that_of_what_came() -> None:
    assert log_loss(np.array([1.0, 0.0]), np.array([0.8, 0.4])) == pytest.approx(-np.log([0.8, 0.6]).mean())


def test_sampling_an_unknown_engine_is_told_at_once(shop: Path) -> None:
    outcome = CliRunner().invoke(app, ["sampling", str(shop), "--on", "ray"])
    assert "unknown engine ray" in str(outcome.exception)
