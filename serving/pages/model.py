"""The model in plain words: how far it can be trusted, what it looks at, and where it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from data.clock import isoformat
from features.groups import GROUPS
from serving.card import Calibration, Card, JudgedGrade, JudgedMetric
from serving.engine import Engine
from serving.figures import Language, percent, said
from serving.overview.overview import Overview
from serving.pages.drawing.dots import Dots, dots
from serving.pages.frame import Frame
from serving.pages.tone import coin, word
from serving.tiers.policies import policy_of
from training.labels import TARGETS

OURS, THEORY = "tierwise", "pareto_nbd"
TOLD = (
    ("lifetime_value", "normalized_gini"),
    ("lifetime_value", "bias"),
    ("churn", "auc"),
    ("churn", "expected_calibration_error"),
)
MOST_DRIVERS = 6


@dataclass(frozen=True, slots=True)
class Told:
    """A metric: ours with its interval, and the baseline's (texts; None where it has none)."""

    metric: str
    target: str
    ours: str
    interval: str
    baseline: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A tenth of the customers in money: what was predicted of them and what came, as widths and as texts."""

    predicted: float
    came: float
    predicted_shown: str
    came_shown: str


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The tenths of one target: dots for chances, pairs for money."""

    target: str
    days: int
    dots: Dots | None
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class DriverBar:
    """A group of features and its share."""

    title: str
    share: float
    shown: str


def page(frame: Frame, _: Request) -> Response:
    """The model that answers now."""
    engine, language = frame.engine, frame.language
    card, overview, bundle, zone = engine.card, engine.overview, engine.bundle, engine.book.time_zone
    found = {target: drivers(overview, target, language) for target in TARGETS} if overview else {}
    return frame.page(
        "model.html",
        here="model",
        card=card,
        grade=grade_sentence(card.grade, language) if card and card.grade else None,
        metrics=list(metrics(card)) if card else [],
        calibrations=list(calibrations(card, language)) if card else [],
        drivers=[(target, bars) for target, bars in found.items() if bars],
        customers=f"{overview.customers:,}" if overview else "",
        policy=policy_title(engine, language),
        first=isoformat(engine.store.first_time, zone)[:10],
        last=isoformat(bundle.cutoff, zone)[:10],
        features=len(bundle.spec.names),
        horizons=bundle.horizons,
    )


def grade_sentence(grade: JudgedGrade, language: Language) -> str:
    """What the grade rests on."""
    return word("grade_text", language).format(
        found=f"{100 * grade.found:.0f}",
        baseline=f"{100 * grade.found_by_baseline:.0f}",
        more=percent(grade.more),
        low=percent(grade.low),
        high=percent(grade.high),
    )


def metrics(card: Card) -> Iterator[Told]:
    """The metrics that plain words exist for."""
    for target, metric in TOLD:
        found = {each.model: each for each in card.metrics if (each.target, each.metric) == (target, metric)}
        if OURS in found:
            ours, theory = found[OURS], found.get(THEORY)
            interval = f"{_number(ours.low)} – {_number(ours.high)}"
            yield Told(metric, target, _shown(ours), interval, _shown(theory) if theory else None)


def calibrations(card: Card, language: Language) -> Iterator[Calibrated]:
    """Every target's tenths."""
    for each in card.calibration:
        money = each.target == "lifetime_value"
        yield Calibrated(
            target=each.target,
            days=each.horizon_days,
            dots=None if money else dots(each.tenths),
            pairs=tuple(_pairs(each, card.currency, language)) if money else (),
        )


def drivers(overview: Overview, target: str, language: Language) -> list[DriverBar]:
    """The strongest groups of a target."""
    titles = {group.name: said(group.title, language) for group in GROUPS}
    found = [driver for driver in overview.drivers if driver.target == target][:MOST_DRIVERS]
    return [DriverBar(titles[each.group], 100 * each.share, percent(each.share)) for each in found]


def policy_title(engine: Engine, language: Language) -> str | None:
    """What the plan's policy is called; None without a plan."""
    return said(policy_of(engine.plan.policy).title, language) if engine.plan else None


def _pairs(found: Calibration, currency: str, language: Language) -> Iterator[Pair]:
    most = max((max(each.predicted, each.came) for each in found.tenths), default=0.0) or 1.0
    for each in reversed(found.tenths):
        widths = (100 * max(0.0, each.predicted) / most, 100 * max(0.0, each.came) / most)
        yield Pair(*widths, coin(each.predicted, currency, language), coin(each.came, currency, language))


def _shown(metric: JudgedMetric) -> str:
    return _number(metric.value)


def _number(value: float) -> str:
    return f"{value:.3f}"
