"""What is measured: trees alone, the whole bundle, one recommendation, and whether everything adds up."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.histories.histories import Histories
from features.build import build_features
from serving.bench.anchor import Anchor, anchored, forests
from serving.bench.race import Race, race, timed
from serving.engine import Engine
from serving.score import chunks
from training.bundle import Bundle
from training.labels import TARGETS
from training.trees.forest import Forest

Floats = NDArray[np.float64]

CORES = os.cpu_count() or 1
CHUNK = 512
SINGLES = 200
"""So many customers are asked about one by one."""


@dataclass(frozen=True)
class Latency:
    """Milliseconds of one customer's step, one figure a customer."""

    what: str
    milliseconds: tuple[float, ...]


@dataclass(frozen=True)
class Tables:
    """The tables of a forest: seconds to build them, and their size."""

    what: str
    trees: int
    seconds: float
    bytes: int


@dataclass(frozen=True)
class Sums:
    """How far base value and contributions are from the score, at most, over `customers`; and from the prediction."""

    target: str
    customers: int
    residual: float
    from_score: float


@dataclass(frozen=True)
class Measured:
    """All figures of one run on a book of so many customers; `recommended` (customers, seconds) in words, together,
    on one core."""

    book: str
    customers: int
    tables: tuple[Tables, ...]
    races: tuple[Race, ...]
    latencies: tuple[Latency, ...]
    recommended: tuple[int, float]
    sums: tuple[Sums, ...]


def measured(engine: Engine, rows: int, advance: Callable[[str], None]) -> Measured:
    """Everything, with the book's first `rows` customers in the races; `advance` is told of each step."""
    advance("building features and tables")
    features = features_of(engine, rows)
    built = tuple(tables(engine.bundle))
    advance("explaining trees")
    races = tuple(tree_races(engine.bundle, features))
    advance("explaining with the whole bundle")
    races += (bundle_race(engine.bundle, features),)
    advance("recommending")
    customers = len(engine.store.customers())
    return Measured(
        book=engine.book.name,
        customers=customers,
        tables=built,
        races=races,
        latencies=tuple(latencies(engine)),
        recommended=book_rate(engine, rows),
        sums=tuple(sums(engine.bundle, features)),
    )


def features_of(engine: Engine, most: int) -> Floats:
    """The features of the book's first customers, at most so many, at the last day on record."""
    parts, rows = [], 0
    for histories in chunks(engine):
        parts.append(build_features(histories, [engine.latest_cutoff], engine.bundle.spec)[0])
        rows += len(histories)
        if rows >= most:
            break
    return np.concatenate(parts)[:most]


def tables(bundle: Bundle) -> Iterator[Tables]:
    """Every forest's tables, built anew; a first forest pays for what is compiled."""
    texts = {what: forest.text for what, forest in forests(bundle).items()}
    nobody = np.zeros((1, len(bundle.spec.names)))
    Forest(next(iter(texts.values()))).explain(nobody)
    for what, text in texts.items():
        forest = Forest(text)
        seconds = timed(lambda forest=forest: forest.explain(nobody))  # type: ignore[misc]
        yield Tables(what, text.count("\nTree="), seconds, forest.table_bytes)


def tree_races(bundle: Bundle, features: Floats) -> Iterator[Race]:
    """TreeSHAP of all forests of the bundle: many rows on one thread and on all, and rows one by one."""
    ours = list(forests(bundle).values())
    for threads in sorted({1, CORES}):
        anchors = [Anchor(forest.text, threads) for forest in ours]
        work = _whole(ours, features) if threads == 1 else _in_chunks(lambda part: _whole(ours, part)(), features)
        yield race("trees, many rows", len(features), threads, work, _whole(anchors, features))
    singles = [features[[row]] for row in range(min(SINGLES, len(features)))]
    anchors = [Anchor(forest.text, 1) for forest in ours]
    yield race("trees, one row", len(singles), 1, _one_by_one(ours, singles), _one_by_one(anchors, singles), turns=3)


def bundle_race(bundle: Bundle, features: Floats) -> Race:
    """All scores of the bundle explained, theory, rungs and units included, on all cores."""
    other = anchored(bundle, 1)
    return race(
        "whole bundle", len(features), CORES, _in_chunks(bundle.explain, features), _in_chunks(other.explain, features)
    )


def latencies(engine: Engine) -> Iterator[Latency]:
    """One known customer after the other: from the store to the recommendation."""
    everybody = engine.store.customers()
    asked = [everybody[place] for place in np.linspace(0, len(everybody) - 1, SINGLES).astype(int)]
    cutoff, bundle = engine.latest_cutoff, engine.bundle
    people = [engine.store.histories([customer]) for customer in asked]
    rows = [build_features(person, [cutoff], bundle.spec)[0] for person in people]
    steps: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
        "read the history": (lambda customer: engine.store.histories([customer]), asked),
        "build the features": (lambda person: build_features(person, [cutoff], bundle.spec), people),
        "predict": (bundle.predict, rows),
        "explain": (bundle.explain, rows),
        "the whole recommend()": (lambda person: engine.recommend(person, cutoff, engine.plan, "en"), people),
    }
    for what, (step, things) in steps.items():
        step(things[0])
        yield Latency(what, tuple(1e3 * timed(lambda thing=thing: step(thing)) for thing in things))  # type: ignore[misc]  # noqa: B023


def book_rate(engine: Engine, most: int) -> tuple[int, float]:
    """(customers, seconds) of recommending, in words, for the book's first customers on one core."""
    parts: list[Histories] = []
    for histories in chunks(engine):
        parts.append(histories)
        if sum(map(len, parts)) >= most:
            break
    cutoff, plan = engine.latest_cutoff, engine.plan
    seconds = sum(timed(lambda part=part: engine.recommend(part, cutoff, plan, "en")) for part in parts)  # type: ignore[misc]
    return sum(map(len, parts)), seconds


def sums(bundle: Bundle, features: Floats) -> Iterator[Sums]:
    """Whether base value and contributions are the score, on every row."""
    scores, explained = bundle.predict(features), bundle.explain(features)
    for target in TARGETS:
        if target in explained:
            found, wanted = explained[target], getattr(scores, target)
            asked = ~np.isnan(wanted)
            apart = np.abs(found.score - wanted)[asked] / np.maximum(np.abs(wanted[asked]), 1e-12)
            yield Sums(target, int(asked.sum()), float(found.residual().max()), float(apart.max(initial=0.0)))


def _whole(asked: Sequence[Forest], features: Floats) -> Callable[[], object]:
    return lambda: [forest.explain(features) for forest in asked]


def _one_by_one(asked: Sequence[Forest], rows: Sequence[Floats]) -> Callable[[], object]:
    return lambda: [forest.explain(row) for row in rows for forest in asked]


def _in_chunks(explain: Callable[[Floats], object], features: Floats) -> Callable[[], object]:
    """On all cores, some hundred rows at a time."""
    parts = [features[start : start + CHUNK] for start in range(0, len(features), CHUNK)]

    def work() -> None:
        with ThreadPoolExecutor(CORES) as pool:
            for _ in pool.map(explain, parts):
                pass

    return work
