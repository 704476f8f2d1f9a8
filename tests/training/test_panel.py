from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.hashing import bucket_of, stable_hash
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from tests.training.world import CUTOFF, DAYS, a_book, an_event, customers, histories, taught
from training.fit import noted
from training.panel import Limits, Panel, draw, drawn

HALF = Limits(events=10**9, customers=110)


def a_store(whole: Histories, buckets: int) -> SimpleNamespace:
    """A store of these histories, dealt out to buckets."""
    numbers = bucket_of(stable_hash(whole.customer_ids), buckets)

    def each() -> Iterator[Histories]:
        for number in range(buckets):
            yield whole.select(np.flatnonzero(numbers == number))

    return SimpleNamespace(each=each, read_all=lambda: Histories.concatenate(each()))


def drawn_from(whole: Histories, limits: Limits, buckets: int = 4, seed: int = 0) -> Panel:
    return draw(a_store(whole, buckets), CUTOFF, limits, seed)


@given(share=st.floats(0.0, 1.0), seed=st.integers(0, 2**32), order=st.permutations(range(40)))
def test_who_is_drawn_depends_on_id_and_seed_alone(share: float, seed: int, order: list[int]) -> None:
    ids = [f"c{number}" for number in range(40)]
    flags = drawn(ids, share, seed)
    assert drawn([ids[index] for index in order], share, seed).tolist() == flags[order].tolist()
    assert [bool(drawn([each], share, seed)[0]) for each in ids] == flags.tolist()


@given(low=st.floats(0.0, 1.0), high=st.floats(0.0, 1.0), seed=st.integers(0, 99))
def test_a_smaller_share_lies_within_a_greater_one(low: float, high: float, seed: int) -> None:
    ids = [str(number) for number in range(300)]
    few, many = drawn(ids, min(low, high), seed), drawn(ids, max(low, high), seed)
    assert (few <= many).all()


@pytest.mark.parametrize("share", [0.5, 0.1, 0.01])
def test_about_so_many_are_drawn_from_every_bucket(share: float) -> None:
    ids = [f"customer {number}" for number in range(40_000)]
    numbers = bucket_of(stable_hash(ids), 8)
    among = drawn(ids, share, 3)
    expected = 5_000 * share
    counts = np.bincount(numbers[among], minlength=8)
    assert (np.abs(counts - expected) < 5 * np.sqrt(expected)).all()


def test_another_seed_draws_others_independently() -> None:
    ids = [str(number) for number in range(20_000)]
    both = drawn(ids, 0.3, 0) & drawn(ids, 0.3, 1)
    assert both.mean() == pytest.approx(0.09, abs=0.01)


@pytest.mark.parametrize("buckets", [1, 3, 16])
def test_the_sample_is_the_same_from_any_number_of_buckets(buckets: int) -> None:
    panel, other = drawn_from(histories(), HALF, buckets), drawn_from(histories(), HALF, 5)
    assert list(panel.histories.customer_ids) == list(other.histories.customer_ids)
    assert panel.histories.amount.tobytes() == other.histories.amount.tobytes()
    assert panel.facts == other.facts


def test_whole_customers_are_drawn_with_what_comes_later() -> None:
    whole = histories()
    panel = drawn_from(whole, HALF)
    places = [list(whole.customer_ids).index(name) for name in panel.histories.customer_ids]
    assert panel.histories.time.tolist() == whole.select(places).time.tolist()


def test_a_book_within_the_limits_is_read_whole_and_leaves_no_note() -> None:
    whole = histories()
    panel = drawn_from(whole, Limits(events=whole.events, customers=len(whole)))
    assert (panel.share, panel.facts) == (1.0, {})
    assert list(panel.histories.customer_ids) == list(whole.customer_ids)
    assert panel.histories.time.tobytes() == whole.time.tobytes()


def test_events_limit_a_book_of_few_busy_customers() -> None:
    known = histories().known_by(CUTOFF).events
    panel = drawn_from(histories(), Limits(events=known // 2, customers=10**9))
    assert panel.share == pytest.approx(0.5, abs=0.01)
    assert panel.taught[1] == pytest.approx(known / 2, rel=0.2)


def test_what_happens_after_the_cutoff_changes_nothing_in_the_sample() -> None:
    later = [
        (name, (*events, an_event(name, DAYS + 3.0, "order", 1.0)), {"country": country})
        for name, events, country in customers()
    ]
    strangers = [(f"new{number}", (an_event(f"new{number}", DAYS + 5.0, "visit"),), {}) for number in range(90)]
    panel, other = drawn_from(histories(), HALF), drawn_from(encode_customers([*later, *strangers], a_book()), HALF)
    assert panel.facts == other.facts
    assert set(panel.histories.customer_ids) <= set(other.histories.customer_ids)


def test_a_bundle_of_a_sample_says_so_and_that_of_a_whole_book_keeps_its_bytes() -> None:
    panel = drawn_from(histories(), HALF)
    bundle = taught(a_book(), panel.histories)
    told = noted(bundle, panel.facts)
    assert noted(bundle, {}).version == bundle.version
    assert told.version != bundle.version
    for choice in told.choices.values():
        assert choice["sampled"]["of_customers"] == 220
        assert choice["sampled"]["customers"] == len(panel.histories)
        assert choice["sampled"]["share"] == pytest.approx(0.5)


def test_a_sample_is_told_in_numbers() -> None:
    panel = replace(drawn_from(histories(), HALF), taught=(1_234, 5_678), customers=2_468, events=11_356)
    assert str(panel) == "1,234 of 2,468 customers (50.00%) with 5,678 of 11,356 events"
