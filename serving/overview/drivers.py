"""What moves the scores of a book's customers: the share of every group of features."""

from collections.abc import Iterator

import numpy as np

from features.groups import GROUPS, place_of
from features.spec import FeatureSpec
from serving.overview.overview import Driver
from serving.tiers.inputs import Floats
from training.bundle import Bundle
from training.labels import TARGETS


def drivers(features: Floats, bundle: Bundle) -> Iterator[Driver]:
    """By target the groups' mean |contribution|, as shares, the strongest first; `features` (n, f) are a sample.

    A target that the bundle does not predict is left out, and so is churn for who never bought.
    """
    if not len(features):
        return
    explanations, buyers = bundle.explain(features), bundle.buyers(features)
    for target in TARGETS:
        asked = buyers if target == "churn" else np.ones(len(features), np.bool_)
        if target not in explanations or not asked.any():
            continue
        sizes = np.abs(explanations[target].contributions[asked] @ members_of(bundle.spec)).mean(axis=0)
        for place in np.argsort(-sizes, kind="stable").tolist():
            if sizes[place] > 0:
                yield Driver(target=target, group=GROUPS[place].name, share=float(sizes[place] / sizes.sum()))


def members_of(spec: FeatureSpec) -> Floats:
    """Which feature is told in which group, shape (f, len(GROUPS)), of ones and zeros."""
    return np.asarray(np.eye(len(GROUPS))[[place_of(spec.feature(name)) for name in spec.names]])
