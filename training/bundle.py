"""The bundle: everything a model version needs, in files that are verified before they are parsed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from data.book import Book
from features.spec import FeatureSpec
from training.buy_till_you_die import INPUTS, BuyTillYouDie, Offset
from training.errors import BundleError
from training.manifest import canonical_json, read_verified, version_of, write_whole
from training.model import Explanation, TargetModel

Floats = NDArray[np.float64]

FORMAT = 3
GOLDEN_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Scores:
    """Three scores per customer, each of shape (n,): currency, probability, probability.

    `churn` is nan for customers who never bought: there is no purchase to be the last one. `ranges` holds, by
    level in percent (80, 90), the (low, high) ends of the realised money; `by_horizon` each target's scores by
    horizon in days, ascending; both are empty where the bundle has none. `days_to_conversion` is the median
    number of days to the conversion event, nan where it lies beyond 730.
    """

    lifetime_value: Floats
    conversion: Floats
    churn: Floats
    ranges: Mapping[int, tuple[Floats, Floats]] = field(default_factory=dict)
    by_horizon: Mapping[str, Mapping[int, Floats]] = field(default_factory=dict)
    days_to_conversion: Floats | None = None


@dataclass(frozen=True)
class Bundle:
    """A model version.

    `cutoff` is the training cutoff (µs UTC); `typical` holds each feature's median over the training
    customers; `cold_start` each target's answer for somebody without any history; `golden` a few feature rows
    with the scores they must give; `choices` how the variants were chosen. `any_purchase_converts` says that
    conversion is nothing else, `purchase_converts` that a purchase is enough for it. `settings` is the digest
    of the book's settings that the model answers for (`settings_of`).
    """

    book: str
    cutoff: int
    currency: str
    spec: FeatureSpec
    models: Mapping[str, TargetModel]
    theory: BuyTillYouDie
    horizons: Mapping[str, int]
    degraded: tuple[str, ...]
    typical: Floats
    cold_start: Mapping[str, float]
    golden: Floats
    choices: Mapping[str, Any]
    any_purchase_converts: bool
    purchase_converts: bool
    settings: str

    def require_settings(self, book: Book) -> None:
        """Raises BundleError where the book asks another question than the one this bundle learnt to answer."""
        if settings_of(book) != self.settings:
            raise BundleError(
                f"book {book.name}: currency, time zone, roles, value or targets changed since its model was "
                "trained; run `python -m training fit` on it"
            )

    def predict(self, features: Floats) -> Scores:
        """Scores of (n, f) features in the order of `spec.names`."""
        self._check(features)
        buyers = self.buyers(features)
        churn = self.models["churn"].predict(features)
        conversion = self.models["conversion"].predict(features) if "conversion" in self.models else 1 - churn
        if self.any_purchase_converts:
            conversion = np.where(buyers, 1 - churn, conversion)
        elif self.purchase_converts:
            conversion = np.where(buyers, np.maximum(conversion, 1 - churn), conversion)
        return Scores(
            lifetime_value=self.models["lifetime_value"].predict(features),
            conversion=conversion,
            churn=np.where(buyers, churn, np.nan),
        )

    def explain(self, features: Floats) -> dict[str, Explanation]:
        """Contributions per target on the link scale, for (n, f) features.

        A buyer's conversion is explained as the mirror of churn where it means any purchase, and where every
        purchase converts too and the mirror is the higher of the two.
        """
        self._check(features)
        explanations = {target: model.explain(features) for target, model in self.models.items()}
        if not self.purchase_converts:
            return explanations
        mirrored = explanations["churn"].mirrored()
        own = explanations.get("conversion", mirrored)
        leads = self.buyers(features) & (self.any_purchase_converts | (mirrored.raw > own.raw))
        return explanations | {"conversion": mirrored.where(leads, own)}

    def buyers(self, features: Floats) -> NDArray[np.bool_]:
        """Which rows are of customers who bought at least once, shape (n,)."""
        return np.nan_to_num(features[:, self.spec.names.index("orders")]) > 0

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
        files = read_verified(folder)
        bundle = _parse(files)
        expected = json.loads(files["golden.json"])["scores"]
        scores = bundle.predict(bundle.golden)
        for target, values in expected.items():
            wanted = np.asarray(values, dtype=np.float64)
            given = getattr(scores, target)
            if not np.allclose(given, wanted, rtol=GOLDEN_TOLERANCE, atol=0, equal_nan=True):
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
        scores = self.predict(self.golden)
        files = {f"{target}.txt": model.booster.model_to_string().encode() for target, model in self.models.items()}
        files["bundle.json"] = canonical_json(
            {
                "format": FORMAT,
                "book": self.book,
                "cutoff": self.cutoff,
                "currency": self.currency,
                "spec": self.spec.to_dict(),
                "models": {target: _describe(model) for target, model in self.models.items()},
                "theory": self.theory.to_dict(),
                "horizons": dict(self.horizons),
                "degraded": list(self.degraded),
                "typical": _plain(self.typical),
                "cold_start": dict(self.cold_start),
                "choices": dict(self.choices),
                "any_purchase_converts": self.any_purchase_converts,
                "purchase_converts": self.purchase_converts,
                "settings": self.settings,
            }
        )
        files["golden.json"] = canonical_json(
            {
                "features": [_plain(row) for row in self.golden],
                "scores": {target: _plain(getattr(scores, target)) for target in self.horizons},
            }
        )
        return files


def settings_of(book: Book) -> str:
    """SHA-256 in hex of the settings that a model answers for."""
    names = ("currency", "minor_digits", "time_zone", "roles", "value", "margin", "service_cost", "targets")
    return hashlib.sha256(canonical_json({name: book.settings()[name] for name in names})).hexdigest()


def _describe(model: TargetModel) -> dict[str, Any]:
    offset = model.offset
    return {
        "start": model.start,
        "slope": model.slope,
        "intercept": model.intercept,
        "horizon_days": model.horizon_days,
        "offset": None if offset is None else {"weight": offset.weight, "trained_days": offset.trained_days},
    }


def _parse(files: Mapping[str, bytes]) -> Bundle:
    plain = json.loads(files["bundle.json"])
    if plain["format"] != FORMAT:
        raise BundleError(f"the bundle has format {plain['format']}, this version reads {FORMAT}; train again")
    spec = FeatureSpec.from_dict(plain["spec"])
    theory = BuyTillYouDie.from_dict(plain["theory"])
    return Bundle(
        book=plain["book"],
        cutoff=plain["cutoff"],
        currency=plain["currency"],
        spec=spec,
        models={
            target: _parse_model(target, model, files[f"{target}.txt"], spec, theory)
            for target, model in plain["models"].items()
        },
        theory=theory,
        horizons=plain["horizons"],
        degraded=tuple(plain["degraded"]),
        typical=_floats(plain["typical"]),
        cold_start=plain["cold_start"],
        golden=np.stack([_floats(row) for row in json.loads(files["golden.json"])["features"]]),
        choices=plain["choices"],
        any_purchase_converts=plain["any_purchase_converts"],
        purchase_converts=plain["purchase_converts"],
        settings=plain["settings"],
    )


def _parse_model(
    target: str, plain: Mapping[str, Any], text: bytes, spec: FeatureSpec, theory: BuyTillYouDie
) -> TargetModel:
    booster = lgb.Booster(model_str=text.decode())
    if tuple(booster.feature_name()) != spec.names:
        raise BundleError(f"the {target} trees were grown on other features than the bundle's")
    offset = plain["offset"]
    return TargetModel(
        target=target,
        booster=booster,
        start=plain["start"],
        offset=None
        if offset is None
        else Offset(theory, target, offset["weight"], offset["trained_days"], plain["horizon_days"]),
        inputs=tuple(spec.names.index(name) for name in INPUTS),
        slope=plain["slope"],
        intercept=plain["intercept"],
        horizon_days=plain["horizon_days"],
    )


def _plain(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _floats(plain: list[float | None]) -> Floats:
    return np.asarray([np.nan if value is None else value for value in plain], dtype=np.float64)
