import numpy as np
from numpy.typing import NDArray

from evaluation.ablation.worth import Worth, Yardstick
from training.boosting import Validation
from training.sample import Sample

Floats = NDArray[np.float64]

CUSTOMERS, ROWS = 400, 4


def a_sample(labels: Floats) -> Sample:
    size = len(labels)
    customers = np.arange(size) // ROWS
    return Sample(np.zeros((size, 1)), labels, np.zeros(size), customers, np.zeros(size, np.int64), ("x",), ())


def validation(link: Floats) -> Validation:
    return Validation(0.0, 10, link, np.zeros(len(link)))


def worth(sample: Sample, full: Validation, poor: Validation, seed: int) -> Worth:
    return Yardstick("churn", sample, full, seed).worth("family", "left_out", full, poor)


def a_world(seed: int = 2) -> tuple[Sample, Floats]:
    """Labels of which the log-odds are known."""
    rng = np.random.default_rng(seed)
    link = rng.normal(0, 2, CUSTOMERS * ROWS)
    return a_sample((rng.uniform(size=len(link)) < 1 / (1 + np.exp(-link))).astype(float)), link


def test_who_knows_nothing_loses_all_that_was_gained() -> None:
    sample, link = a_world()
    row = worth(sample, validation(link), validation(np.zeros(len(link))), 0)
    assert (row.share, row.low, row.high, row.n) == (1.0, 1.0, 1.0, CUSTOMERS)


def test_the_same_predictions_lose_nothing() -> None:
    sample, link = a_world()
    row = worth(sample, validation(link), validation(link), 0)
    assert (row.share, row.low, row.high) == (0.0, 0.0, 0.0)


def test_a_worse_training_loses_a_share_and_its_interval_says_so() -> None:
    sample, link = a_world()
    blurred = link + np.random.default_rng(0).normal(0, 1, len(link))
    row = worth(sample, validation(link), validation(blurred), 0)
    assert 0 < row.low < row.share < row.high < 1


def test_noise_in_both_is_mostly_no_difference() -> None:
    def covers(seed: int) -> bool:
        sample, link = a_world(seed)
        rng = np.random.default_rng(seed + 100)
        one, other = (validation(link + rng.normal(0, 0.5, len(link))) for _ in range(2))
        row = worth(sample, one, other, seed)
        return row.low < 0 < row.high

    assert np.mean([covers(seed) for seed in range(30)]) > 0.8


def test_the_same_seed_gives_the_same_interval() -> None:
    sample, link = a_world()
    rows = [worth(sample, validation(link), validation(link / 2), 7) for _ in range(2)]
    assert rows[0] == rows[1]
