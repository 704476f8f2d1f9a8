from __future__ import annotations

import statistics

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.features.strategies import features_of, order

cents = st.lists(st.integers(0, 10_000), min_size=1, max_size=60)


@settings(max_examples=25, deadline=None)
@given(cents)
def test_median_and_largest_are_those_of_the_sorted_values(values: list[int]) -> None:
    events = [order(0, value / 100, order_id=str(number)) for number, value in enumerate(values)]
    found = features_of(events, days=1)
    assert found["median_order_value"] == statistics.median(values) / 100
    assert found["largest_order_value"] == max(values) / 100
