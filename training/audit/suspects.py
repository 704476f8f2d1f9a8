"""The suspects of a lesson: features that know the label better than an honest feature can."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.settings.book import Book
from features.feature import Words
from features.spec import FeatureSpec
from training.audit.scan import Finding, Scan, scan
from training.audit.wording import advice, reason
from training.audit.yardstick import honest_features
from training.labels import audience
from training.lesson import Lesson
from training.sample import Sample

Floats = NDArray[np.float64]

DIGITS = 4


@dataclass(frozen=True)
class Suspect:
    """A feature that may be a leak of a target's label, as plain values that JSON keeps.

    `figure` with its 95 % interval is the share of pairs that it alone ranks rightly (AUC), or of the perfect order
    of the money where `outcome` is money; `honest_figure` is that of the best of recency, frequency and money,
    `among_alike` its own where only customers alike in these are compared (None for money).
    `known_if` and `known_else` are the shares of rows with a value, of those to whom it happened and the others.
    """

    target: str
    feature: str
    title_en: str
    title_zh: str
    outcome: str
    figure: float
    low: float
    high: float
    among_alike: float | None
    honest_feature: str
    honest_figure: float
    known_if: float
    known_else: float
    ground: str
    reason: str
    advice: str


def suspects_of(lesson: Lesson) -> tuple[Suspect, ...]:
    """Every feature of a lesson that is too good to be true, those of one target together, the strongest first."""
    return tuple(suspect for found in scans_of(lesson) for suspect in suspects_in(found, lesson))


def scans_of(lesson: Lesson) -> tuple[Scan, ...]:
    """What every feature alone tells of each target."""
    return tuple(
        scan_of(lesson, target, sample, lesson.today[asked_now(lesson, target)])
        for target, sample in lesson.asked.items()
    )


def scan_of(lesson: Lesson, target: str, sample: Sample, today: Floats) -> Scan:
    """What every column of a sample tells alone, with `today` (m, f) of those whom the target is asked of now."""
    return scan(
        target, sample, today, lambda speaking: honest_features(lesson.book, target, speaking), undated(lesson.book)
    )


def suspects_in(found: Scan, lesson: Lesson) -> Iterator[Suspect]:
    """The findings of a scan with all that is said of them, the strongest first."""
    days = lesson.plans[found.target].horizon_days
    for finding in sorted(found.findings, key=lambda finding: (-finding.strength.figure, finding.strength.feature)):
        yield _suspect(found.target, finding, days, lesson.spec)


def undated(book: Book) -> tuple[str, ...]:
    """The profile features whose values the book does not date one by one."""
    return tuple(f"profile_{name}" for source in book.profiles if source.known_time is None for name in source.columns)


def recorded(suspects: Iterable[Suspect], target: str) -> list[dict[str, Any]]:
    """The suspects of one target, as a bundle's choices keep them."""
    return [asdict(suspect) for suspect in suspects if suspect.target == target]


def remembered(choices: Mapping[str, Any]) -> tuple[Suspect, ...]:
    """The suspects that a bundle's choices keep."""
    return tuple(Suspect(**plain) for choice in choices.values() for plain in choice.get("suspects", ()))


def asked_now(lesson: Lesson, target: str) -> NDArray[np.bool_]:
    """Whom a target is asked of at the training cutoff, shape (n,)."""
    events = np.nan_to_num(lesson.today[:, lesson.spec.names.index("events")]) > 0
    whom = "everyone" if target == "lifetime_value" else audience(lesson.book, target)
    if whom == "everyone":
        return np.asarray(events)
    return lesson.buyers if whom == "buyers" else np.asarray(events & ~lesson.buyers)


def _suspect(target: str, finding: Finding, days: int, spec: FeatureSpec) -> Suspect:
    feature = spec.feature(finding.strength.feature)
    return Suspect(
        target=target,
        feature=feature.name,
        title_en=feature.meaning.en,
        title_zh=feature.meaning.zh,
        outcome=finding.strength.outcome,
        figure=round(finding.strength.figure, DIGITS),
        low=round(finding.low, DIGITS),
        high=round(finding.high, DIGITS),
        among_alike=None if math.isnan(finding.among_alike) else round(finding.among_alike, DIGITS),
        honest_feature=finding.honest.feature,
        honest_figure=round(finding.honest.figure, DIGITS),
        known_if=round(finding.known_if, DIGITS),
        known_else=round(finding.known_else, DIGITS),
        ground=finding.ground,
        reason=reason(target, finding, days, title_of(finding.honest.feature, spec)),
        advice=advice(finding, feature.family),
    )


def title_of(name: str, spec: FeatureSpec) -> Words | None:
    """What a feature is called; None for no feature."""
    return spec.feature(name).meaning if name else None
