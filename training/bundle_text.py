"""The parts of a bundle as text: trees, models and the rungs between horizons, written and read again."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.spec import FeatureSpec
from training.errors import BundleError
from training.ladder import Ladder, Rung
from training.model import TargetModel
from training.ranges import Ranges
from training.theory.buy_till_you_die import INPUTS, BuyTillYouDie, Offset
from training.trees.forest import Forest

Floats = NDArray[np.float64]

FORMAT = 5


def trees_of(models: Mapping[str, TargetModel], ladders: Mapping[str, Ladder]) -> dict[str, bytes]:
    """The text of every forest, by file name."""
    files = {f"{name}.txt": model.trees.text.encode() for name, model in models.items()}
    for name, ladder in ladders.items():
        for rung in ladder.rungs:
            if rung.trees is not None:
                files[_file_of(name, rung.days)] = rung.trees.text.encode()
    return files


def describe(models: Mapping[str, TargetModel], ladders: Mapping[str, Ladder]) -> dict[str, Any]:
    """All but the trees, in plain values."""
    return {
        "models": {name: _describe(model) for name, model in models.items()},
        "ladders": {name: [_describe_rung(name, rung) for rung in ladder.rungs] for name, ladder in ladders.items()},
    }


def parse(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The fields of the bundle that the files hold. Raises BundleError for another format."""
    plain = json.loads(files["bundle.json"])
    if plain["format"] != FORMAT:
        raise BundleError(f"the bundle has format {plain['format']}, this version reads {FORMAT}; train again")
    spec, golden = FeatureSpec.from_dict(plain["spec"]), json.loads(files["golden.json"])
    theory = BuyTillYouDie.from_dict(plain["theory"])
    return {
        "book": plain["book"],
        "cutoff": plain["cutoff"],
        "currency": plain["currency"],
        "spec": spec,
        "models": _parse_models(plain["models"], files, spec, theory),
        "ladders": _parse_ladders(plain["ladders"], files, spec),
        "asked": {target: tuple(days) for target, days in plain["asked"].items()},
        "ranges": Ranges.from_dict(plain["ranges"]) if plain["ranges"] else None,
        "theory": theory,
        "horizons": plain["horizons"],
        "degraded": tuple(plain["degraded"]),
        "typical": _floats(plain["typical"]),
        "cold_start": plain["cold_start"],
        "golden": np.stack([_floats(row) for row in golden["features"]]),
        "golden_scores": {target: tuple(_floats(scores).tolist()) for target, scores in golden["scores"].items()},
        "choices": plain["choices"],
        "any_purchase_converts": plain["any_purchase_converts"],
        "purchase_converts": plain["purchase_converts"],
        "settings": plain["settings"],
    }


def to_plain(values: Floats) -> list[float | None]:
    """Numbers, shape (n,), as JSON knows them: null for nan."""
    return [None if np.isnan(value) else float(value) for value in values]


def _describe(model: TargetModel) -> dict[str, Any]:
    offset = model.offset
    return {
        "start": model.start,
        "slope": model.slope,
        "typical": model.typical,
        "trained_days": model.trained_days,
        "offset_weight": None if offset is None else offset.weight,
    }


def _file_of(name: str, days: int) -> str:
    return f"{name}_{days}.txt"


def _describe_rung(name: str, rung: Rung) -> dict[str, Any]:
    file = None if rung.trees is None else _file_of(name, rung.days)
    return {"days": rung.days, "neighbour": rung.neighbour, "start": rung.start, "trees": file}


def _parse_models(
    plain: Mapping[str, Any], files: Mapping[str, bytes], spec: FeatureSpec, theory: BuyTillYouDie
) -> dict[str, TargetModel]:
    return {name: _parse_model(name, model, files[f"{name}.txt"], spec, theory) for name, model in plain.items()}


def _parse_ladders(plain: Mapping[str, Any], files: Mapping[str, bytes], spec: FeatureSpec) -> dict[str, Ladder]:
    return {name: Ladder(tuple(_parse_rung(rung, files, spec) for rung in rungs)) for name, rungs in plain.items()}


def _parse_model(
    target: str, plain: Mapping[str, Any], text: bytes, spec: FeatureSpec, theory: BuyTillYouDie
) -> TargetModel:
    weight, trained_days = plain["offset_weight"], plain["trained_days"]
    return TargetModel(
        target=target,
        trees=_parse_trees(target, text, spec),
        start=plain["start"],
        offset=None if weight is None else Offset(theory, target, weight, trained_days),
        inputs=tuple(spec.names.index(name) for name in INPUTS),
        slope=plain["slope"],
        typical=plain["typical"],
        trained_days=trained_days,
    )


def _parse_rung(plain: Mapping[str, Any], files: Mapping[str, bytes], spec: FeatureSpec) -> Rung:
    file = plain["trees"]
    trees = _parse_trees(file, files[file], spec) if file else None
    return Rung(plain["days"], plain["neighbour"], trees, plain["start"])


def _parse_trees(name: str, text: bytes, spec: FeatureSpec) -> Forest:
    trees = Forest(text.decode())
    if trees.names != spec.names:
        raise BundleError(f"the {name} trees were grown on other features than the bundle's")
    return trees


def _floats(plain: list[float | None]) -> Floats:
    return np.asarray([np.nan if value is None else value for value in plain], dtype=np.float64)
