import json
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.ranges import LEVELS, Ranges

Case = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def a_world(
    customers: int,
    seed: int,
    *,
    net: bool = False,
    knows_silence: bool = True,
    chances: tuple[float, float] = (0.05, 0.75),
) -> Case:
    """The value expected, the chance of nothing, the money that came and the customer of the row, each (n,).

    Hurdle money of a known law: nothing by a chance of the customer's own, between two, else lognormal; three rows a
    customer.
    """
    least, most = chances
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(customers), 3)
    nothing = least + (most - least) * rng.beta(1.2, 1.0, customers)[who]
    size = np.exp(rng.normal(4.0, 1.0, customers))[who]
    money = np.where(rng.random(len(who)) < nothing, 0.0, size * np.exp(rng.normal(-0.32, 0.8, len(who))))
    value = (1 - nothing) * size
    if net:
        refunds = np.where(rng.random(len(who)) < 0.3, size * rng.gamma(1.0, 0.8, len(who)), 0.0)
        money, value = money - refunds, value - 0.3 * 0.8 * size
    silent = np.where(who % 10 == 0, np.nan, nothing) if knows_silence else np.full(len(who), np.nan)
    return value, silent, np.round(money, 2), who


@cache
def fitted(*, net: bool = False, customers: int = 2_000, seed: int = 0, knows_silence: bool = True) -> Ranges:
    return Ranges.fit(*a_world(customers, seed, net=net, knows_silence=knows_silence), may_be_negative=net)


@pytest.mark.parametrize(("net", "knows_silence"), [(False, True), (False, False), (True, True)])
@pytest.mark.parametrize("level", LEVELS)
def test_intervals_hold_as_often_as_they_say_in_every_third(net: bool, knows_silence: bool, level: int) -> None:
    value, silent, money, _ = a_world(6_000, 77, net=net, knows_silence=knows_silence)
    ranges = fitted(net=net, knows_silence=knows_silence)
    low, high = ranges.intervals(value, silent)[level]
    inside = (low <= money) & (money <= high)
    order = np.argsort(ranges.nothing(value, silent), kind="stable")
    for rows in (order, *np.array_split(order, 3)):
        assert inside[rows].mean() == pytest.approx(level / 100, abs=0.03)


def test_who_is_surer_to_bring_nothing_than_asked_is_covered_more_often_never_less() -> None:
    surely = (0.85, 0.99)
    ranges = Ranges.fit(*a_world(2_000, 1, chances=surely), may_be_negative=False)
    value, silent, money, _ = a_world(2_000, 2, chances=surely)
    for level in LEVELS:
        low, high = ranges.intervals(value, silent)[level]
        assert (low == 0).all()
        assert ((low <= money) & (money <= high)).mean() > level / 100 - 0.02


CUSTOMERS = st.tuples(st.floats(-500.0, 1e5) | st.just(0.0), st.floats(0.0, 1.0) | st.just(float("nan")), st.booleans())


@settings(max_examples=200)
@given(one=CUSTOMERS)
def test_the_value_lies_within_and_80_within_90(one: tuple[float, float, bool]) -> None:
    value, silent, net = one
    expected = np.array([value if net else abs(value)])
    ranges = fitted(net=net)
    (low, high), (low_80, high_80) = (ranges.intervals(expected, np.array([silent]))[level] for level in (90, 80))
    assert np.isfinite([low, high, low_80, high_80]).all()
    assert low <= low_80 <= expected <= high_80 <= high
    assert net or low >= 0


@given(rows=st.lists(st.integers(0, 599), min_size=1, max_size=40), net=st.booleans())
def test_a_row_alone_gets_the_same_bytes_as_in_a_batch(rows: list[int], net: bool) -> None:
    value, silent, _, _ = a_world(200, 5, net=net)
    for level in LEVELS:
        together = fitted(net=net).intervals(value[rows], silent[rows])[level]
        for place, row in enumerate(rows):
            alone = fitted(net=net).intervals(value[[row]], silent[[row]])[level]
            assert [end[place].tobytes() for end in together] == [end[0].tobytes() for end in alone]


@pytest.mark.parametrize("net", [False, True])
def test_written_is_read_again_to_the_last_bit(net: bool) -> None:
    ranges = fitted(net=net)
    again = Ranges.from_dict(json.loads(json.dumps(ranges.to_dict())))
    assert again == ranges
    value, silent, _, _ = a_world(200, 5, net=net)
    for level in LEVELS:
        for one, other in zip(
            ranges.intervals(value, silent)[level], again.intervals(value, silent)[level], strict=True
        ):
            assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("net", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_few_customers_give_wide_ranges_not_none(net: bool, seed: int) -> None:
    few = Ranges.fit(*a_world(40, seed, net=net), may_be_negative=net)
    value, silent, money, _ = a_world(2_000, 99, net=net)
    for level in LEVELS:
        low, high = few.intervals(value, silent)[level]
        assert np.isfinite([low, high]).all()
        assert (low <= value).all()
        assert (value <= high).all()
        assert ((low <= money) & (money <= high)).mean() > level / 100 - 0.15


@pytest.mark.parametrize("net", [False, True])
def test_a_range_keeps_to_the_measure_of_the_money_that_comes(net: bool) -> None:
    value, silent, money, _ = a_world(2_000, 8, net=net)
    low, high = fitted(net=net).intervals(value, silent)[90]
    assert (high - low).mean() < 4 * np.abs(money[money != 0]).mean()
    assert np.abs([low, high]).max() < 20 * np.abs(money).max()


def test_only_a_net_book_has_ranges_below_zero() -> None:
    value, silent, _, _ = a_world(500, 3, net=True)
    assert (fitted(net=True).intervals(value, silent)[90][0] < 0).any()
    gross, chance, _, _ = a_world(500, 3)
    assert (fitted().intervals(gross, chance)[90][0] >= 0).all()


def test_who_surely_brings_nothing_has_a_range_from_nothing_to_the_value() -> None:
    low, high = fitted().intervals(np.array([0.01]), np.array([1.0]))[80]
    assert low == 0.0
    assert high <= 5.0
