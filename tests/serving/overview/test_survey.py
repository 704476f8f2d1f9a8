"""The overview of a book, against what the same recommendations say one by one."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from data.clock import add_days
from data.histories.histories import Histories
from serving.engine import Engine
from serving.overview.overview import Overview
from serving.overview.quarters import QUARTER_DAYS, QUARTERS
from serving.overview.shelf import load, save
from serving.overview.survey import overview_of
from serving.score import chunks
from serving.tiers.ladder import TIERS
from training.labels import population


@pytest.fixture(scope="module")
def overview(engine: Engine) -> Overview:
    assert engine.plan
    return overview_of(engine.store, chunks(engine), 90, engine.bundle, engine.plan, engine.plan.cutoff, {})


def test_every_customer_on_record_is_in_one_tier(engine: Engine, overview: Overview, histories: Histories) -> None:
    answers = engine.recommend(histories, overview.cutoff, engine.plan, "en")
    told = Counter(answer.tier.name for answer in answers if answer.tier)
    assert {size.name: size.customers for size in overview.tiers} == {tier: told[tier] for tier in TIERS}
    assert overview.customers == len(answers)
    value = sum(answer.lifetime_value.value for answer in answers)
    assert overview.value == pytest.approx(value)
    assert sum(size.value for size in overview.tiers) == pytest.approx(value)


def test_flows_end_in_the_tiers_and_begin_with_whoever_was_on_record(overview: Overview, histories: Histories) -> None:
    for size in overview.tiers:
        assert sum(flow.customers for flow in overview.flows if flow.after == size.name) == size.customers
    before = int(population(histories, overview.since, "everyone").sum())
    assert sum(flow.customers for flow in overview.flows if flow.before is not None) == before


def test_board_and_classes_hold_every_buyer_once(engine: Engine, overview: Overview, histories: Histories) -> None:
    buyers = int(population(histories, overview.cutoff, "buyers").sum())
    assert sum(cell.customers for cell in overview.board) == buyers
    assert sum(size.customers for size in overview.classes) == buyers
    assert len(overview.board) == 9


def test_a_funnel_only_narrows(overview: Overview) -> None:
    names = [stage.name for stage in overview.stages]
    assert names == ["interest", "order", "repeat"]
    counts = [stage.customers for stage in overview.stages]
    assert counts == sorted(counts, reverse=True)


def test_rates_count_who_ordered_within_the_quarter(overview: Overview, histories: Histories, engine: Engine) -> None:
    assert len(overview.quarters) == QUARTERS
    last, zone = overview.quarters[-1], engine.book.time_zone
    start = add_days(overview.cutoff, -QUARTER_DAYS, zone)
    first = histories.time[histories.offsets[:-1]]
    prospects = ~population(histories, start, "buyers")
    new = prospects & (first > add_days(overview.cutoff, -182, zone))
    assert last.new == int(new.sum())
    assert last.new_bought == int((new & population(histories, overview.cutoff, "buyers")).sum())
    assert 0 <= last.core_bought <= last.core


def test_what_drives_a_score_are_shares(overview: Overview) -> None:
    for target in ("lifetime_value", "churn"):
        shares = [driver.share for driver in overview.drivers if driver.target == target]
        assert sum(shares) == pytest.approx(1.0)
        assert shares == sorted(shares, reverse=True)


def test_early_warnings_are_of_the_upper_tiers_whose_churn_rose(overview: Overview) -> None:
    stakes = [(each.churn - each.churn_before) * each.value for each in overview.warnings]
    assert stakes == sorted(stakes, reverse=True)
    assert all(each.tier in ("diamond", "gold") and each.churn > each.churn_before for each in overview.warnings)


def test_an_overview_is_read_as_it_was_written(overview: Overview, tmp_path: Path) -> None:
    file = save(overview, tmp_path)
    assert load(overview.book, overview.plan_version, tmp_path) == overview
    file.write_text("{", encoding="utf-8")
    assert load(overview.book, overview.plan_version, tmp_path) is None
    assert load(overview.book, "another", tmp_path) is None


def test_the_parts_of_a_book_make_no_difference(engine: Engine, overview: Overview, histories: Histories) -> None:
    assert engine.plan
    parts = [histories.select(range(0, 40)), histories.select(range(40, len(histories)))]
    again = overview_of(engine.store, parts, 90, engine.bundle, engine.plan, engine.plan.cutoff, {})
    alike = again.model_dump(exclude={"value", "tiers", "classes", "board", "flows", "drivers"})
    assert alike == overview.model_dump(exclude={"value", "tiers", "classes", "board", "flows", "drivers"})
    assert np.isclose(again.value, overview.value)
