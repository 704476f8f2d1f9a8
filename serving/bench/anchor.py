"""The same bundle, explained by LightGBM's own contributions."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.bundle import Bundle
from training.ladder import Ladder, Rung
from training.trees.forest import Forest

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Anchor(Forest):
    """A forest whose contributions LightGBM computes, on so many `threads` (0: all)."""

    threads: int = 0

    def explain_with_sum(self, features: Floats) -> Floats:
        shares = np.asarray(self._booster.predict(features, pred_contrib=True, num_threads=self.threads))
        shares[:, -1] = shares[:, :-1].sum(axis=1)
        return shares

    @cached_property
    def _booster(self) -> Any:
        import lightgbm

        return lightgbm.Booster(model_str=self.text)


def anchored(bundle: Bundle, threads: int) -> Bundle:
    """The bundle with every forest replaced by its anchor."""

    def rung(one: Rung) -> Rung:
        return replace(one, trees=one.trees and Anchor(one.trees.text, threads))

    models = {name: replace(model, trees=Anchor(model.trees.text, threads)) for name, model in bundle.models.items()}
    ladders = {name: Ladder(tuple(map(rung, ladder.rungs))) for name, ladder in bundle.ladders.items()}
    return replace(bundle, models=models, ladders=ladders)


def forests(bundle: Bundle) -> dict[str, Forest]:
    """Every forest of a bundle, by what it predicts."""
    found = {name.replace("_", " "): model.trees for name, model in bundle.models.items()}
    for name, ladder in bundle.ladders.items():
        rungs = {f"{name.replace('_', ' ')} at {rung.days} days": rung.trees for rung in ladder.rungs}
        found |= {what: trees for what, trees in rungs.items() if trees is not None}
    return found
