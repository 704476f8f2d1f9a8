import re

import pytest

from evaluation.canvas import VARIABLES
from evaluation.signals.page import ranked
from evaluation.signals.plots import fading_plot, forest_plot
from evaluation.signals.wording import conclusion, percent, ratio
from evaluation.signals.worth import worths


@pytest.fixture(scope="module")
def found(month, make_cases):
    """A signal that works and fades, one that lowers, one that does neither."""
    planted = ({"half_life": 20.0}, {"ratio": 0.5}, {})
    return [worths((month,), make_cases(**law), 11, 60)[0] for law in planted]


def test_drawings_take_their_colours_from_the_page(found) -> None:
    for drawing in (forest_plot(found), *map(fading_plot, found)):
        assert drawing.startswith("<svg")
        assert not re.findall("|".join(VARIABLES), drawing)
        assert set(re.findall(r"#[0-9a-f]{6}\b", drawing)) == set()


def test_only_what_works_or_lowers_is_coloured_in_the_forest(found) -> None:
    works, lowers, neither = (forest_plot([worth]) for worth in found)
    assert ("var(--mark)" in works, "var(--worse)" in works) == (True, False)
    assert ("var(--mark)" in lowers, "var(--worse)" in lowers) == (False, True)
    assert ("var(--mark)" in neither, "var(--worse)" in neither) == (False, False)


def test_a_curve_is_drawn_only_where_there_is_a_half_life(found) -> None:
    assert ["fitted" in fading_plot(worth) for worth in found] == [worth.half_life.reason is None for worth in found]
    assert [found[0].half_life.reason is None, found[2].half_life.reason is None] == [True, False]


def test_the_conclusion_says_what_the_verdict_means(found) -> None:
    works, lowers, neither = map(conclusion, found)
    assert "Half of the excess is gone after" in works
    assert "Half-life" in lowers or "Half of the excess" in lowers
    assert "equally active customers without it may do as well" in neither


def test_signals_stand_with_the_best_first(found) -> None:
    assert [worth.verdict for worth in ranked(found[::-1])] == ["works", "lowers", "no_separable_lift"]


def test_figures_are_short() -> None:
    assert [ratio(1.234), ratio(12.34), ratio(float("nan"))] == ["1.23", "12.3", "–"]
    assert [percent(0.1234), percent(0.00123), percent(0.0)] == ["12.3%", "0.12%", "0.0%"]
