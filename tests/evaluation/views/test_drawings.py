"""What every drawing of the page has in common."""

import re
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from evaluation.canvas import VARIABLES
from evaluation.cohorts import Cohort
from evaluation.comparison import MetricRow
from evaluation.tiers import TierView
from evaluation.views import rolling
from evaluation.views.coverage import coverage_plot, examples_plot, lines
from evaluation.views.gain import gain_plot, lift_plot
from evaluation.views.lorenz import lorenz_plot
from evaluation.views.means import cohorts_plot, tenths_plot, tiers_plot
from evaluation.views.reliability import reliability_plot
from evaluation.views.spread import spread, spread_plot

NAMES = {"tierwise": "Tierwise", "pareto_nbd": "Pareto/NBD", "persistence": "Persistence"}


def row(metric: str, value: float, cutoff: str = "2024-05-30", model: str = "tierwise") -> MetricRow:
    return MetricRow("shop", cutoff, 60, "lifetime_value", model, metric, value, value - 0.02, value + 0.02, 40)


def drawings() -> list[str]:
    rng = np.random.default_rng(0)
    chance = rng.uniform(size=200)
    money = rng.gamma(0.4, 50, 200) * (chance > 0.5)
    forecasts = {"tierwise": chance, "pareto_nbd": chance**2, "persistence": np.zeros(200)}
    happened = (rng.uniform(size=200) < chance).astype(float)
    wide = pl.DataFrame({"prediction": chance * 50, "low": 0.0, "high": chance * 90, "label": money})
    moments = [row(metric, 0.7, day) for metric in ("normalized_gini", "bias") for day in ("2024-03-31", "2024-05-30")]
    return [
        gain_plot(money, forecasts, NAMES, "share of the money"),
        lift_plot(money, forecasts, NAMES, "times as much"),
        tenths_plot(money, chance * 50, "EUR"),
        lorenz_plot(money, chance * 50, "EUR"),
        reliability_plot(happened, forecasts, NAMES, "leaves"),
        spread_plot(happened, chance, "leaves"),
        tiers_plot([TierView("gold", 9, 90.0, 80.0, 4.0, 0.1, 0.2, 1.0, 1.0)], ["Gold"], "EUR"),
        cohorts_plot([Cohort("2024-01", 9, 50.0, 40.0, 4.0), Cohort("2024-02", 1, 5.0, 4.0, np.nan)], "EUR"),
        coverage_plot(list(lines([row("coverage_90", 0.91), row("coverage_80_buyers", 0.78)]))),
        examples_plot(wide, "EUR"),
        *(plot for part in rolling.parts(moments) for plot in part.plots),
    ]


@pytest.fixture(scope="module")
def drawn() -> list[str]:
    return drawings()


def test_colours_are_those_of_the_page(drawn: list[str]) -> None:
    for drawing in drawn:
        assert not re.findall("|".join(VARIABLES), drawing)
        assert set(re.findall(r"#[0-9a-f]{6}\b", drawing)) == set()
        assert "var(--mark)" in drawing


def test_nothing_is_needed_from_elsewhere(drawn: list[str]) -> None:
    for drawing in drawn:
        assert drawing.startswith("<svg")
        assert "<style" not in drawing
        addresses = set(re.findall(r'https?://[^"]+', drawing))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_no_id_stands_twice_on_one_page(drawn: list[str]) -> None:
    ids = [name for drawing in drawn for name in re.findall(r' id="([^"]+)"', drawing)]
    assert len(ids) == len(set(ids))


def test_the_same_numbers_give_the_same_drawing(drawn: list[str]) -> None:
    assert drawings() == drawn


def test_a_drawing_is_light(drawn: list[str]) -> None:
    assert max(len(drawing) for drawing in drawn) < 40_000


@pytest.mark.parametrize("plot", [tenths_plot, lorenz_plot])
@pytest.mark.parametrize("money", [[0.0] * 5, [3.0], [-2.0, 5.0, 0.0]])
def test_sparse_and_negative_money_can_be_drawn(plot: Callable[..., str], money: list[float]) -> None:
    assert plot(np.array(money), np.zeros(len(money)), "EUR").startswith("<svg")


def test_losses_and_lonely_groups_can_be_drawn() -> None:
    tiers = [TierView("gold", 1, 90.0, -8.0, np.nan, 0.1, 0.0, 1.0, 1.0)]
    assert tiers_plot(tiers, ["Gold"], "EUR").startswith("<svg")
    assert cohorts_plot([Cohort("2024-Q1", 1, -5.0, -4.0, np.nan)], "EUR").startswith("<svg")


def test_what_happened_to_all_or_to_none_can_be_drawn() -> None:
    for truth in (np.ones(5), np.zeros(5)):
        forecasts = {"tierwise": np.full(5, 0.4)}
        for plot in (gain_plot, lift_plot, reliability_plot):
            assert plot(truth, forecasts, NAMES, "leaves").startswith("<svg")
        assert spread_plot(truth, forecasts["tierwise"], "leaves").startswith("<svg")


def test_a_group_is_spread_over_the_chances_once() -> None:
    edges = np.linspace(0, 1, 6)
    assert spread(np.array([0.1, 0.1, 0.9, 1.0]), edges) == pytest.approx([0.5, 0, 0, 0, 0.5])
    assert spread(np.empty(0), edges).sum() == 0
