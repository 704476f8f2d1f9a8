import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from evaluation.views.ruler import APART, ruler_for

VALUES = arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e7, 1e7).map(lambda x: round(x, 3)))


@given(VALUES)
def test_a_larger_value_never_stands_further_left(values: np.ndarray) -> None:
    places = ruler_for(values).at(np.sort(values))
    assert np.isfinite(places).all()
    assert (np.diff(places) >= -1e-12).all()


@given(VALUES)
def test_ticks_ascend_inside_the_axis_and_do_not_touch(values: np.ndarray) -> None:
    ruler = ruler_for(values)
    ticks = ruler.ticks()
    places = ruler.at(np.array(ticks))
    assert ticks == sorted(ticks)
    assert ((places >= -1e-9) & (places <= 1 + 1e-9)).all()
    assert (np.diff(places) >= APART - 1e-9).all()


def test_a_long_tail_bends_the_axis_and_an_even_spread_does_not() -> None:
    assert ruler_for(np.linspace(0, 100, 50)).bend is None
    assert ruler_for(np.exp(np.linspace(0, 12, 50))).bend is not None


def test_mostly_nothing_is_shown_beside_what_there_is() -> None:
    ruler = ruler_for(np.append(np.zeros(90), np.geomspace(1, 1000, 10)))
    assert ruler.at(np.array([0.0]))[0] == 0.0
    assert 0.0 in ruler.ticks()
    assert len(ruler.ticks()) > 2
