"""The laws of features: no look ahead, no matter of order, and the same bytes in every company."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data.clock import instant_of
from data.histories.histories import Histories
from features.build import build_features
from features.catalog import NAMES
from features.kernel.walk import compiled_walk
from features.spec import FeatureSpec, fit_spec
from tests.features.strategies import (
    Customer,
    at,
    customers,
    cutoffs,
    event,
    features_of,
    histories_of,
    order,
    shop,
    spec,
)

LAWS = settings(max_examples=40, deadline=None)


def whole_spec(histories: Histories) -> FeatureSpec:
    """Catalogue and profile."""
    return fit_spec(shop(), histories)


@LAWS
@given(customers(), cutoffs)
def test_events_after_the_cutoff_or_known_after_it_never_change_a_feature(drawn: list[Customer], cutoff: int) -> None:
    seen = [
        (
            name,
            [one for one in events if max(one.time, one.known_time or one.time) <= moment(cutoff)],
            profile,
        )
        for name, events, profile in drawn
    ]
    everything, visible = histories_of(drawn), histories_of(seen)
    columns = whole_spec(everything)
    table = build_features(everything, [cutoff], columns)
    assert table.tobytes() == build_features(visible, [cutoff], columns).tobytes()


@LAWS
@given(customers(), cutoffs, st.integers(0, 90))
def test_known_at_decides_what_is_known_and_the_cutoff_what_has_happened(
    drawn: list[Customer], cutoff: int, later: int
) -> None:
    known_at = instant_of(moment(cutoff) + timedelta(days=later))
    seen = [
        (
            name,
            [
                dataclasses.replace(one, known_time=None)
                for one in events
                if one.time <= moment(cutoff) and (one.known_time or one.time) <= moment(known_at)
            ],
            profile,
        )
        for name, events, profile in drawn
    ]
    table = build_features(histories_of(drawn), [cutoff], spec(), known_at=[known_at])
    # events without a price or an order differ in nothing but their keys, which may swap lines of one instant
    np.testing.assert_allclose(table, build_features(histories_of(seen), [cutoff], spec()), rtol=1e-12)


def test_a_late_posting_never_changes_a_past_vector() -> None:
    late = order(5, 99.0, known_time=at(20), order_id="b")
    before = features_of([order(0, order_id="a")], days=10)
    assert repr(features_of([order(0, order_id="a"), late], days=10)) == repr(before)
    assert features_of([order(0, order_id="a"), late], days=10, known=20)["spend"] == 109.0


@LAWS
@given(customers(), cutoffs, st.randoms())
def test_the_order_in_which_events_arrive_does_not_matter(
    drawn: list[Customer], cutoff: int, random: np.random.Generator
) -> None:
    shuffled = [(name, random.sample(list(events), len(events)), profile) for name, events, profile in drawn]
    histories = histories_of(drawn)
    columns = whole_spec(histories)
    again = build_features(histories_of(shuffled[::-1]), [cutoff], columns)
    assert build_features(histories, [cutoff], columns).tobytes() == again.tobytes()


@LAWS
@given(customers(most=6), st.lists(cutoffs, min_size=1, max_size=3), st.data())
def test_a_customer_has_the_same_bytes_alone_in_a_batch_and_in_any_partition(
    drawn: list[Customer], moments: list[int], data: st.DataObject
) -> None:
    histories = histories_of(drawn)
    columns = whole_spec(histories)
    table = build_features(histories, moments, columns)
    for index in range(len(histories)):
        assert build_features(histories.one(index), moments, columns).tobytes() == table[:, [index]].tobytes()
    chosen = data.draw(st.permutations(range(len(histories))))[: data.draw(st.integers(1, len(histories)))]
    some = build_features(histories.select(chosen), moments, columns)
    assert some.tobytes() == np.ascontiguousarray(table[:, chosen]).tobytes()
    threads = data.draw(st.integers(2, 4))
    assert build_features(histories, moments, columns, threads=threads).tobytes() == table.tobytes()


@LAWS
@given(customers(), st.lists(cutoffs, min_size=2, max_size=4))
def test_cutoffs_in_one_call_are_the_cutoffs_one_by_one(drawn: list[Customer], moments: list[int]) -> None:
    histories = histories_of(drawn)
    together = build_features(histories, moments, spec())
    for position, cutoff in enumerate(moments):
        assert build_features(histories, [cutoff], spec()).tobytes() == together[[position]].tobytes()


@settings(max_examples=20, deadline=None)
@given(customers(), st.lists(cutoffs, min_size=1, max_size=2))
def test_one_compiled_function_serves_mapped_and_fresh_arrays(drawn: list[Customer], moments: list[int]) -> None:
    assume(drawn)
    histories = histories_of(drawn)
    table = build_features(histories, moments, spec())
    for field in dataclasses.fields(histories):
        column = getattr(histories, field.name)
        if isinstance(column, np.ndarray):
            column.flags.writeable = False
    assert build_features(histories, moments, spec()).tobytes() == table.tobytes()
    assert len(compiled_walk().signatures) == 1  # type: ignore[attr-defined]


@LAWS
@given(customers(), cutoffs)
def test_every_declared_feature_is_written_for_every_customer(drawn: list[Customer], cutoff: int) -> None:
    untouched = 7e77
    histories = histories_of(drawn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(np, "empty", lambda shape, *args: np.full(shape, untouched))
        table = build_features(histories, [cutoff], spec())
    assert table.shape == (1, len(drawn), len(NAMES))
    assert not (table == untouched).any()


@LAWS
@given(customers(), cutoffs)
def test_features_are_finite_or_undefined_and_shares_lie_between_0_and_1(drawn: list[Customer], cutoff: int) -> None:
    table = build_features(histories_of(drawn), [cutoff], spec())[0]
    assert not np.isinf(table).any()
    for column, name in enumerate(NAMES):
        values = table[:, column][~np.isnan(table[:, column])]
        if spec().feature(name).unit == "share":
            assert ((values >= 0) & (values <= 1 + 1e-12)).all(), name
        if spec().feature(name).unit in ("orders", "count", "days"):
            assert (values >= 0).all(), name


def test_an_event_at_the_cutoff_counts_and_one_a_microsecond_later_does_not() -> None:
    assert features_of([order(10)], days=10)["orders"] == 1
    assert features_of([event("order", 10 + 1e-6 / 86_400 * 1.5)], days=10)["orders"] == 0


def moment(instant: int) -> object:
    """An instant as a time with an offset."""
    return at(0) + timedelta(microseconds=instant - instant_of(at(0)))
