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
from scipy.special import logit

from data.book import Book
from features.spec import FeatureSpec
from training.buy_till_you_die import INPUTS, BuyTillYouDie, Offset
from training.errors import BundleError
from training.horizons import LOSSES
from training.labels import TARGETS
from training.ladder import Ladder, Rung, median_days
from training.manifest import canonical_json, read_verified, version_of, write_whole
from training.model import Explanation, TargetModel
from training.ranges import LEVELS, Ranges

Floats = NDArray[np.float64]

FORMAT = 4
GOLDEN_TOLERANCE = 1e-9

FURTHEST_DAYS = 730


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
    of the book's settings that the model answers for (`settings_of`). `ladders` lead the models to the horizons
    `asked` of each target beside the main one in `horizons`; `ranges` give the intervals of value.
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
        known = self._known(features)
        value, conversion, churn = (known[target][self.horizons[target]] for target in TARGETS)
        return Scores(
            lifetime_value=value,
            conversion=conversion,
            churn=churn,
            ranges=self._ranges(features, value),
            by_horizon=known if self.asked else {},
            days_to_conversion=median_days(known["conversion"], FURTHEST_DAYS) if self.asked else None,
        )

    def explain(self, features: Floats) -> dict[str, Explanation]:
        """Contributions per target on the link scale, for (n, f) features; money, where losses are taken off.

        A buyer's conversion is explained as the mirror of churn where it means any purchase, and where every
        purchase converts too and the mirror is the higher of the two.
        """
        self._check(features)
        explanations = {target: model.explain(features) for target, model in self.models.items()}
        if LOSSES in explanations:
            explanations["lifetime_value"] = explanations["lifetime_value"].less(explanations.pop(LOSSES))
        if not self.purchase_converts:
            return explanations
        days = self.horizons["conversion"]
        purchase = self._chances("churn", features, [days])[days]
        mirrored = explanations["churn"].mirrored().shifted_to(logit(purchase))
        own = explanations.get("conversion", mirrored)
        leads = self.buyers(features) & (self.any_purchase_converts | (mirrored.raw > own.raw))
        return explanations | {"conversion": mirrored.where(leads, own)}

    def _known(self, features: Floats) -> dict[str, dict[int, Floats]]:
        """The scores of every target by horizon, the main one among them."""
        buyers = self.buyers(features)
        wanted = {target: sorted({main, *self.asked.get(target, ())}) for target, main in self.horizons.items()}
        value = self._money("lifetime_value", features, wanted["lifetime_value"])
        if LOSSES in self.models:
            lost = self._money(LOSSES, features, wanted["lifetime_value"])
            value = {days: gained - lost[days] for days, gained in value.items()}
        silent = {days: 1 - chance for days, chance in self._chances("churn", features, wanted["churn"]).items()}
        return {
            "lifetime_value": value,
            "conversion": self._conversion(features, buyers, wanted["conversion"]),
            "churn": {days: np.where(buyers, churn, np.nan) for days, churn in silent.items()},
        }

    def _conversion(self, features: Floats, buyers: NDArray[np.bool_], wanted: list[int]) -> dict[int, Floats]:
        nothing = {days: np.full(len(features), np.nan) for days in wanted}
        own = self._chances("conversion", features, wanted) if "conversion" in self.models else nothing
        if not self.purchase_converts:
            return own
        purchase = self._chances("churn", features, wanted)
        if "conversion" not in self.models:
            return purchase
        keeps = self.any_purchase_converts
        return {
            days: np.where(buyers, purchase[days] if keeps else np.maximum(chance, purchase[days]), chance)
            for days, chance in own.items()
        }

    def _money(self, name: str, features: Floats, wanted: list[int]) -> dict[int, Floats]:
        return self.ladders.get(name, Ladder(())).money(self.models[name], features, wanted)

    def _chances(self, name: str, features: Floats, wanted: list[int]) -> dict[int, Floats]:
        return self.ladders.get(name, Ladder(())).chances(self.models[name], features, wanted)

    def _ranges(self, features: Floats, value: Floats) -> dict[int, tuple[Floats, Floats]]:
        if self.ranges is None:
            return {}
        days = self.horizons["lifetime_value"]
        silent = 1 - self._chances("churn", features, [days])[days]
        silent = np.where(self.buyers(features), silent, np.nan)
        return {level: self.ranges.interval(value, silent, level) for level in LEVELS}

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
        for name, ladder in self.ladders.items():
            for rung in ladder.rungs:
                if rung.booster is not None:
                    files[_file_of(name, rung.days)] = rung.booster.model_to_string().encode()
        files["bundle.json"] = canonical_json(
            {
                "format": FORMAT,
                "book": self.book,
                "cutoff": self.cutoff,
                "currency": self.currency,
                "spec": self.spec.to_dict(),
                "models": {target: _describe(model) for target, model in self.models.items()},
                "ladders": {
                    name: [_describe_rung(name, rung) for rung in ladder.rungs] for name, ladder in self.ladders.items()
                },
                "asked": {target: list(days) for target, days in self.asked.items()},
                "ranges": self.ranges.to_dict() if self.ranges else None,
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
        "typical": model.typical,
        "trained_days": model.trained_days,
        "horizon_days": model.horizon_days,
        "offset_weight": None if offset is None else offset.weight,
    }


def _file_of(name: str, days: int) -> str:
    return f"{name}_{days}.txt"


def _describe_rung(name: str, rung: Rung) -> dict[str, Any]:
    file = None if rung.booster is None else _file_of(name, rung.days)
    return {"days": rung.days, "neighbour": rung.neighbour, "start": rung.start, "trees": file}


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
        ladders={
            name: Ladder(tuple(_parse_rung(rung, files, spec) for rung in rungs))
            for name, rungs in plain["ladders"].items()
        },
        asked={target: tuple(days) for target, days in plain["asked"].items()},
        ranges=Ranges.from_dict(plain["ranges"]) if plain["ranges"] else None,
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
    weight, trained_days, served_days = plain["offset_weight"], plain["trained_days"], plain["horizon_days"]
    return TargetModel(
        target=target,
        booster=_parse_booster(target, text, spec),
        start=plain["start"],
        offset=None if weight is None else Offset(theory, target, weight, trained_days, served_days),
        inputs=tuple(spec.names.index(name) for name in INPUTS),
        slope=plain["slope"],
        intercept=plain["intercept"],
        typical=plain["typical"],
        trained_days=trained_days,
        horizon_days=served_days,
    )


def _parse_rung(plain: Mapping[str, Any], files: Mapping[str, bytes], spec: FeatureSpec) -> Rung:
    file = plain["trees"]
    booster = _parse_booster(file, files[file], spec) if file else None
    return Rung(plain["days"], plain["neighbour"], booster, plain["start"])


def _parse_booster(name: str, text: bytes, spec: FeatureSpec) -> lgb.Booster:
    booster = lgb.Booster(model_str=text.decode())
    if tuple(booster.feature_name()) != spec.names:
        raise BundleError(f"the {name} trees were grown on other features than the bundle's")
    return booster


def _plain(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _floats(plain: list[float | None]) -> Floats:
    return np.asarray([np.nan if value is None else value for value in plain], dtype=np.float64)
