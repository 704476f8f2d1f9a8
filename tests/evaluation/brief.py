"""A backtest in seconds, for tests of what becomes of its figures."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from evaluation.comparison import judge
from tests.training.world import few_trees

DRAWS = 100


@contextmanager
def few_trees_and_draws() -> Iterator[None]:
    """Models learn few trees, and a backtest draws its customers DRAWS times for an interval."""
    with pytest.MonkeyPatch.context() as patch, few_trees():
        patch.setattr("evaluation.backtest.judge", partial(judge, draws=DRAWS))
        yield
