"""Moves, flaps and changes for good, by hand and against counting one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from evaluation.stability.motion import flaps, followed, for_good, moves


def grid(*customers: list[int]) -> np.ndarray:
    return np.array(customers).T


def test_a_move_back_at_the_next_review_or_at_the_one_after_is_a_flap() -> None:
    table = grid(
        [1, 2, 1, 1, 1],  # there and back at once: the way back is a move, and no flap
        [1, 2, 2, 1, 1],  # back after two reviews
        [1, 2, 2, 2, 1],  # back too late
        [1, 2, 3, 1, 1],  # back by another way
        [1, 2, 1, 2, 1],  # to and fro
        [-1, 2, 1, 1, 1],  # new customers do not move when they come
        [1, 1, 1, 2, 1],
        [1, 1, 1, 1, 2],
    )
    assert moves(table).sum(axis=0).tolist() == [2, 2, 2, 3, 4, 1, 2, 1]
    assert flaps(table).sum(axis=0).tolist() == [1, 1, 0, 1, 3, 0, 1, 0]


def test_a_change_is_for_good_that_stays_to_the_end_two_reviews_longer() -> None:
    table = grid(
        [3, 3, 1, 1, 1],  # at the third review
        [3, 2, 1, 1, 1],  # only the last change
        [3, 3, 3, 1, 1],  # too late to tell
        [1, 2, 2, 2, 1],  # went back
        [2, 2, 2, 2, 2],
        [-1, 3, 2, 2, 2],
        [-1, -1, 2, 2, 2],  # coming is no change
    )
    found = for_good(table)
    assert found.customer.tolist() == [0, 1, 5]
    assert found.review.tolist() == [2, 2, 2]
    assert found.before.tolist() == [3, 2, 3]
    assert found.after.tolist() == [1, 1, 2]


def test_a_change_is_followed_the_same_way_within_two_reviews_or_stood_there_already() -> None:
    oracle = grid(*([3, 3, 1, 1, 1, 1],) * 6, *([1, 1, 2, 2, 2, 2],) * 3)
    ours = grid(
        [3, 3, 3, 3, 2, 2],  # up, two reviews later, if not as far
        [3, 3, 3, 3, 3, 2],  # too late
        [3, 3, 1, 3, 3, 3],  # came, and went again
        [0, 0, 0, 0, 0, 0],  # stood higher already
        [2, 2, 3, 3, 3, 3],  # the other way
        [3, 2, 2, 2, 2, 2],  # moved before, not since
        [1, 1, 1, 1, 3, 3],  # down
        [3, 3, 3, 3, 3, 3],  # stood lower already
        [1, 1, 0, 0, 0, 1],
    )
    assert followed(ours, for_good(oracle)).tolist() == [True, False, True, True, False, False, True, True, False]


PLACES = arrays.arrays(np.int64, st.tuples(st.integers(2, 8), st.integers(1, 6)), elements=st.integers(0, 3))


@given(PLACES, st.lists(st.integers(0, 8), min_size=6, max_size=6))
def test_flaps_and_changes_for_good_are_those_counted_one_by_one(table: np.ndarray, born: list[int]) -> None:
    for customer in range(table.shape[1]):
        table[: born[customer], customer] = -1
    found = for_good(table)
    counted_changes, counted_moves, counted_flaps = [], 0, 0
    for customer, tiers in enumerate(table.T.tolist()):
        for review in range(1, len(tiers)):
            old, new = tiers[review - 1], tiers[review]
            if old < 0 or old == new:
                continue
            counted_moves += 1
            counted_flaps += old in tiers[review + 1 : review + 3]
            if set(tiers[review:]) == {new} and len(tiers) - review > 2:
                counted_changes.append((customer, review))
    assert (moves(table).sum(), flaps(table).sum()) == (counted_moves, counted_flaps)
    assert list(zip(found.customer.tolist(), found.review.tolist(), strict=True)) == counted_changes


@given(PLACES)
def test_who_always_stood_where_the_oracle_did_followed_every_change(table: np.ndarray) -> None:
    assert followed(table, for_good(table)).all()
    assert not flaps(np.sort(table, axis=0)).any()
