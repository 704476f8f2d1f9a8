"""Books whose conversion has never happened, or whose value is net: from training through the answers to the page."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from evaluation.__main__ import app
from evaluation.wording import MODELS, NEVER_HAPPENED
from tests.evaluation.brief import few_trees_and_draws

JUDGED = "judged = 2024-05-30"


@pytest.fixture(scope="module")
def judge(
    shop: Path, planted: Callable[..., dict[str, list[Any]]], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Path]:
    """Judges a shop of eighty customers, with replies or with refunds; answers what the door wrote."""

    def run(value: str, beside: str) -> Path:
        folder = tmp_path_factory.mktemp("judged")
        rows = [
            (name, event.event(name).time.isoformat(timespec="seconds"), event.what, event.amount)
            for name, events in planted(80, 11).items()
            for event in events
        ]
        orders = [row for row in rows if row[2] == "order"]
        refunds = [(name, at, "refund", -4.0 * amount) for name, at, _, amount in orders[::4]]
        table = rows + refunds if beside == "refund" else orders
        columns = ["customer", "at", "what", "amount"]
        pl.DataFrame(table, schema=columns, orient="row").write_csv(folder / "events.csv")
        settings = shop.read_text(encoding="utf-8").replace(JUDGED, f'{JUDGED}\nvalue = "{value}"')
        (folder / "shop.toml").write_text(settings, encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch, few_trees_and_draws():
            patch.chdir(folder)
            outcome = CliRunner().invoke(app, ["backtest", "shop.toml", "--out", "out"])
        assert outcome.exit_code == 0, outcome.output
        return folder / "out"

    return run


@pytest.fixture(scope="module")
def never(judge: Callable[..., Path]) -> Path:
    return judge("gross", "nothing")


@pytest.fixture(scope="module")
def net(judge: Callable[..., Path]) -> Path:
    return judge("net", "refund")


def test_of_a_conversion_that_never_happened_the_baselines_alone_speak(never: Path) -> None:
    predictions = pl.read_parquet(never / "predictions.parquet")
    asked = {str(target): set(rows["model"]) for (target,), rows in predictions.group_by("target")}
    assert asked["conversion"] == {"zero", "persistence", "recency"}
    assert "tierwise" in asked["lifetime_value"] & asked["churn"]
    assert predictions["prediction"].is_finite().all()
    comparisons = json.loads((never / "comparisons.json").read_text())
    assert {row["target"] for row in comparisons} == {"lifetime_value", "churn"}


def test_the_page_says_that_the_conversion_never_happened(never: Path) -> None:
    page = (never / "index.html").read_text(encoding="utf-8")
    section = page[page.index('<section id="conversion">') :]
    section = section[: section.index("</section>")]
    assert NEVER_HAPPENED.format(model=MODELS["tierwise"]) in section
    assert "<figure>" not in section
    assert "there is no conversion to predict" in page


def test_a_net_book_is_judged_with_value_below_zero(net: Path) -> None:
    rows = pl.read_parquet(net / "predictions.parquet").filter(model="tierwise", target="lifetime_value")
    assert rows["label"].min() < 0
    assert rows["prediction"].min() < 0
    assert (rows["low"] <= rows["prediction"]).all()
    assert (rows["prediction"] <= rows["high"]).all()
    metrics = json.loads((net / "metrics.json").read_text())
    assert {"coverage_90", "coverage_80"} <= {row["metric"] for row in metrics}
    assert "Lifetime value" in (net / "index.html").read_text(encoding="utf-8")
