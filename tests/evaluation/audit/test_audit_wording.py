import math

from evaluation.audit.shuffled import Shuffle
from evaluation.audit.wording import shuffle


def test_shuffled_labels_that_cannot_be_measured_are_told_without_figures() -> None:
    told = shuffle(Shuffle("conversion", math.nan, math.nan, math.nan, 0.55, 5))
    assert told == "too few to tell: 5 customers, or all alike"


def test_shuffled_labels_that_can_are_told_with_their_interval() -> None:
    assert shuffle(Shuffle("churn", 0.5, 0.4, 0.6, 0.55, 50)) == "AUC 0.500 (0.400 to 0.600); .5 is chance"
