"""Care: its propensities are true, by lot they tell nothing else, and its effect is what it adds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

Read = Callable[[str], pl.DataFrame]


@pytest.fixture(scope="module")
def service(read: Read) -> pl.DataFrame:
    return read("service").with_columns(given=pl.col("service") == "care")


@pytest.mark.parametrize("randomised", [True, False])
def test_care_is_given_as_often_as_its_propensity_says(service: pl.DataFrame, randomised: bool) -> None:
    rows = service.filter(pl.col("randomised") == randomised)
    for bounds in ((0.0, 0.15), (0.15, 0.3), (0.3, 0.49), (0.49, 0.51), (0.51, 1.0)):
        some = rows.filter(pl.col("propensity").is_between(*bounds))
        chance = some["propensity"]
        assert abs(some["given"].sum() - chance.sum()) <= 4 * np.sqrt((chance * (1 - chance)).sum())


def test_a_part_is_drawn_by_lot_and_the_rest_by_judgement(service: pl.DataFrame) -> None:
    lot, judged = service.filter("randomised"), service.filter(~pl.col("randomised"))
    assert 0.2 < lot.height / service.height < 0.4
    assert lot["propensity"].unique().to_list() == [0.5]
    assert judged["propensity"].n_unique() > 1_000
    assert judged.filter("given")["propensity"].mean() > judged.filter(~pl.col("given"))["propensity"].mean()


def test_lots_find_the_effect_that_judgement_hides(service: pl.DataFrame) -> None:
    """By lot, who got care could have gained as much as who did not; by judgement, better customers got it."""

    def advantage(rows: pl.DataFrame) -> float:
        gain = rows.group_by("given").agg(pl.col("effect").mean()).sort("given")["effect"]
        return float(gain[1] / gain[0])

    assert advantage(service.filter("randomised")) == pytest.approx(1.0, abs=0.25)
    assert advantage(service.filter(~pl.col("randomised"))) > 1.3


def test_most_gain_from_care_and_the_quarters_follow_each_other(service: pl.DataFrame) -> None:
    assert service["effect"].sum() > 0
    one = service.filter(pl.col("customer_id") == service["customer_id"][0]).sort("from")
    assert one.height == 15
    gaps = (one["from"].shift(-1) - one["to"]).dt.total_days().drop_nulls()
    assert (gaps == 1).all()
