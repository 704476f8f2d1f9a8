import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.boosting import FOLDS, folds
from training.sample import Sample


def a_sample(customers: list[int], labels: list[bool]) -> Sample:
    size = len(customers)
    zeros = np.zeros(size)
    return Sample(
        zeros[:, None], np.array(labels, float), zeros, np.array(customers), np.zeros(size, np.int64), ("x",), ()
    )


rows = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=120)


@given(rows=rows, seed=st.integers(0, 5))
def test_every_row_is_held_out_once_with_all_rows_of_its_customer(rows: list[tuple[int, bool]], seed: int) -> None:
    sample = a_sample([customer for customer, _ in rows], [label for _, label in rows])
    masks = np.array(list(folds(sample, seed)))
    assert (masks.sum(axis=0) == 1).all()
    for customer in np.unique(sample.customers):
        assert (masks[:, sample.customers == customer].any(axis=1)).sum() == 1


@given(rows=rows, seed=st.integers(0, 5))
def test_no_fold_learns_from_zeros_alone_where_there_is_anything_else(rows: list[tuple[int, bool]], seed: int) -> None:
    sample = a_sample([customer for customer, _ in rows], [label for _, label in rows])
    if len(np.unique(sample.customers[sample.labels > 0])) < FOLDS:
        return
    assert all(sample.labels[~held_out].sum() > 0 for held_out in folds(sample, seed))
