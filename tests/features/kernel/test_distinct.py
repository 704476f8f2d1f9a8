from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.features.strategies import features_of, order

names = st.lists(st.none() | st.text("abc", max_size=3), max_size=80)


@settings(max_examples=25, deadline=None)
@given(names)
def test_distinct_values_are_counted_as_a_set_counts_them(products: list[str | None]) -> None:
    events = [order(0, product=product, order_id=product or "none") for product in products]
    found = features_of(events, days=1)
    assert found["products"] == len({product for product in products if product})
    assert found["orders"] == len({product or "none" for product in products})
