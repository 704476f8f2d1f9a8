"""The bundle: everything a model version needs, in files that are verified before they are parsed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.settings.book import Book
from features.spec import FeatureSpec
from training.bundle_text import FORMAT, describe, parse, to_plain, trees_of
from training.errors import BundleError
from training.explanation import Explanation
from training.horizons import LOSSES
from training.labels import TARGETS
from training.ladder import Ladder, median_days
from training.manifest import canonical_json, read_verified, version_of, write_whole
from training.model import TargetModel
from training.ranges import Ranges
from training.road import ChanceRoad, MoneyRoad
from training.scores import FURTHEST_DAYS, Scores
from training.settings import settings_of
from training.theory.buy_till_you_die import BuyTillYouDie

__all__ = ["Bundle", "Scores"]

Floats = NDArray[np.float64]

GOLDEN_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Bundle:
    """A model version.

    `cutoff` is the training cutoff (µs UTC); `typical` holds each feature's median over the training
    customers; `cold_start` each target's answer for somebody without any history; `golden` a few feature rows
    with the scores they must give, `golden_scores`; `choices` how the variants were chosen.
    `any_purchase_converts` says that conversion is nothing else, `purchase_converts` that a purchase is enough for it.
    `settings` is the digest of the book's settings that the model answers for (`settings_of`). `ladders` lead the
    models to the horizons `asked` of each target beside the main one in `horizons`; `ranges` give the intervals of
    value.
    """

    book: str
    cutoff: int
    currency: str
    spec: FeatureSpec
    models: Mapping[str, TargetModel]
    ladders: Mapping[str, Ladder]
    asked: Mapping[str, tuple[int, ...]]
    ranges: Ranges | None
    theory: BuyTillYouDie
    horizons: Mapping[str, int]
    degraded: tuple[str, ...]
    typical: Floats
    cold_start: Mapping[str, float]
    golden: Floats
    golden_scores: Mapping[str, tuple[float, ...]]
    choices: Mapping[str, Any]
    any_purchase_converts: bool
    purchase_converts: bool
    settings: str

    def require_settings(self, book: Book) -> None:
        """Raises BundleError where this is another book's, or the book asks another question than the one this bundle
        learnt to answer."""
        if book.name != self.book:
            raise BundleError(f"model {self.version} is of book {self.book}, not of {book.name}; train one for it")
        if settings_of(book) != self.settings:
            raise BundleError(
                f"book {book.name}: currency, time zone, roles, value or targets changed since its model was "
                "trained; run `python -m training fit` on it"
            )

    def with_golden_scores(self) -> "Bundle":
        """This bundle with what it says of its golden rows: on another machine the last bits may differ, and the
        version is that of what was recorded."""
        said = self.predict(self.golden)
        return replace(self, golden_scores={target: tuple(getattr(said, target).tolist()) for target in self.horizons})

    def predict(self, features: Floats) -> Scores:
        """Scores of (n, f) features in the order of `spec.names`."""
        self._check(features)
        silent = self._silent(features)
        known = self._known(features, silent)
        value, conversion, churn = (known[target][self.horizons[target]] for target in TARGETS)
        return Scores(
            lifetime_value=value,
            conversion=conversion,
            churn=churn,
            ranges=self._ranges(features, value, silent[self.horizons["lifetime_value"]]),
            by_horizon=known if self.asked else {},
            days_to_conversion=median_days(known["conversion"], FURTHEST_DAYS) if self.asked else None,
        )

    def explain(self, features: Floats) -> dict[str, Explanation]:
        """What made each target's score at its main horizon, in currency or as a probability, for (n, f) features.

        A target that is not predicted is left out. Who never bought has no churn; that of the row says what the
        model thinks of the next purchase.
        """
        self._check(features)
        explained = {"lifetime_value": self._explain_money(features)}
        if LOSSES in self.models:
            explained["lifetime_value"] = explained["lifetime_value"].less(self._explain_money(features, LOSSES))
        purchase = self._road("churn", features)
        explained["churn"] = purchase.without(self.horizons["churn"])
        conversion = self._explain_conversion(features, purchase)
        return explained | ({"conversion": conversion} if conversion else {})

    def _explain_conversion(self, features: Floats, road: ChanceRoad) -> Explanation | None:
        """A buyer's conversion is the next purchase where it means any; where every purchase converts too, it is the
        likelier of the two."""
        days = self.horizons["conversion"]
        own = self._road("conversion", features).chance(days) if "conversion" in self.models else None
        if not self.purchase_converts:
            return own
        purchase = road.chance(days)
        if own is None:
            return purchase
        return purchase.where(self.buyers(features) & (self.any_purchase_converts | (purchase.score > own.score)), own)

    def _explain_money(self, features: Floats, name: str = "lifetime_value") -> Explanation:
        return MoneyRoad(self.models[name], self._ladder(name), features).at(self.horizons["lifetime_value"])

    def _road(self, name: str, features: Floats) -> ChanceRoad:
        return ChanceRoad(self.models[name], self._ladder(name), features)

    def _ladder(self, name: str) -> Ladder:
        return self.ladders.get(name, Ladder(()))

    def _wanted(self, target: str) -> list[int]:
        """The horizons that are answered, the main one among them."""
        return sorted({self.horizons[target], *self.asked.get(target, ())})

    def _silent(self, features: Floats) -> dict[int, Floats]:
        """The chance of no purchase by every horizon of any target, so that all of them speak of the same one."""
        wanted = [days for target in TARGETS for days in self._wanted(target)]
        return {days: 1 - chance for days, chance in self._chances("churn", features, wanted).items()}

    def _known(self, features: Floats, silent: Mapping[int, Floats]) -> dict[str, dict[int, Floats]]:
        """The scores of every target by horizon."""
        buyers = self.buyers(features)
        value = self._money("lifetime_value", features)
        if LOSSES in self.models:
            lost = self._money(LOSSES, features)
            value = {days: gained - lost[days] for days, gained in value.items()}
        return {
            "lifetime_value": value,
            "conversion": self._conversion(features, buyers, silent),
            "churn": {days: np.where(buyers, silent[days], np.nan) for days in self._wanted("churn")},
        }

    def _conversion(
        self, features: Floats, buyers: NDArray[np.bool_], silent: Mapping[int, Floats]
    ) -> dict[int, Floats]:
        wanted = self._wanted("conversion")
        nothing = {days: np.full(len(features), np.nan) for days in wanted}
        own = self._chances("conversion", features, wanted) if "conversion" in self.models else nothing
        if not self.purchase_converts:
            return own
        purchase = {days: 1 - silent[days] for days in wanted}
        if "conversion" not in self.models:
            return purchase
        keeps = self.any_purchase_converts
        return {
            days: np.where(buyers, purchase[days] if keeps else np.maximum(chance, purchase[days]), chance)
            for days, chance in own.items()
        }

    def _money(self, name: str, features: Floats) -> dict[int, Floats]:
        return self._ladder(name).money(self.models[name], features, self._wanted("lifetime_value"))

    def _chances(self, name: str, features: Floats, wanted: Sequence[int]) -> dict[int, Floats]:
        return self._ladder(name).chances(self.models[name], features, wanted)

    def _ranges(self, features: Floats, value: Floats, silent: Floats) -> dict[int, tuple[Floats, Floats]]:
        if self.ranges is None:
            return {}
        known = np.where(self.buyers(features), silent, np.nan)
        return self.ranges.intervals(value, known)

    def buyers(self, features: Floats) -> NDArray[np.bool_]:
        """Which rows are of customers who bought at least once, shape (n,)."""
        return np.asarray(features[:, self.spec.names.index("orders")] > 0)

    @cached_property
    def version(self) -> str:
        """SHA-256 of the manifest: the same bundle, the same version."""
        return version_of(self._files())

    def save(self, shelf: Path) -> Path:
        """Writes the bundle under `shelf/<version>`, whole or not at all, and returns that folder."""
        return write_whole(self._files(), shelf)

    @classmethod
    def load(cls, folder: Path) -> "Bundle":
        """Reads a bundle after every byte was checked against its manifest and the folder's name.

        Raises BundleError for anything missing, added or changed, before LightGBM sees a byte of it, and
        for golden rows that do not give the recorded scores.
        """
        bundle = cls(**parse(read_verified(folder)))
        scores = bundle.predict(bundle.golden)
        for target, wanted in bundle.golden_scores.items():
            if not np.allclose(getattr(scores, target), wanted, rtol=GOLDEN_TOLERANCE, atol=0, equal_nan=True):
                raise BundleError(
                    f"bundle {folder}: the golden rows give other {target} scores here than where it was made; "
                    "install the locked dependencies, or train again"
                )
        return bundle

    def _check(self, features: Floats) -> None:
        if features.ndim != 2 or features.shape[1] != len(self.spec.names):
            raise BundleError(
                f"the bundle of {self.book} reads {len(self.spec.names)} features a customer, "
                f"got an array of shape {features.shape}"
            )

    def _files(self) -> dict[str, bytes]:
        files = trees_of(self.models, self.ladders)
        files["bundle.json"] = canonical_json(
            {
                "format": FORMAT,
                "book": self.book,
                "cutoff": self.cutoff,
                "currency": self.currency,
                "spec": self.spec.to_dict(),
                **describe(self.models, self.ladders),
                "asked": {target: list(days) for target, days in self.asked.items()},
                "ranges": self.ranges.to_dict() if self.ranges else None,
                "theory": self.theory.to_dict(),
                "horizons": dict(self.horizons),
                "degraded": list(self.degraded),
                "typical": to_plain(self.typical),
                "cold_start": dict(self.cold_start),
                "choices": dict(self.choices),
                "any_purchase_converts": self.any_purchase_converts,
                "purchase_converts": self.purchase_converts,
                "settings": self.settings,
            }
        )
        files["golden.json"] = canonical_json(
            {
                "features": [to_plain(row) for row in self.golden],
                "scores": {target: to_plain(np.array(scores)) for target, scores in self.golden_scores.items()},
            }
        )
        return files
