"""Training one target: mix theory and trees, tune, validate, calibrate, grow the final trees."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.readiness.report import LEAST_BUYERS
from training.boosting import Grow, Validation, carried_forward, cross_validate, fit_booster, losses
from training.level import levels, served_level, slope_of
from training.mix import mix_of
from training.model import Scale, TargetModel, scale_of
from training.sample import Sample
from training.snapshots import SnapshotPlan
from training.start import Beginnings, Start
from training.theory.buy_till_you_die import INPUTS, BuyTillYouDie, Offset
from training.trees.blend import blended
from training.trees.forest import Forest
from training.tuning import Search, tune

Floats = NDArray[np.float64]

SEEDS = 1_009

LEAST_TO_CARRY = 4
"""So many snapshots it takes to see whether what earlier ones taught holds at later ones."""


@dataclass(frozen=True)
class Task:
    """One target, its snapshots, the horizon it serves (days), whether buy-till-you-die theory speaks of it, and what
    grows its final trees."""

    target: str
    cutoff: int
    plan: SnapshotPlan
    served_days: int
    theory_speaks: bool
    search: Search
    grow: Grow

    @property
    def scale(self) -> Scale:
        return scale_of(self.target)

    def seed_of(self, place: int) -> int:
        """Each forest draws its own rows, columns and folds."""
        return self.search.seed * SEEDS + place

    def offset(self, theory: BuyTillYouDie, weight: float) -> Offset:
        return Offset(theory, self.target, weight, self.plan.horizon_days)


@dataclass(frozen=True)
class Setting:
    """What validation chooses for a target: how much each forecast counts and LightGBM's parameters.

    The first entry of `mix` is the theory alone (or the level alone), the others are the forests.
    """

    mix: tuple[float, ...]
    parameters: Mapping[str, float | int]


@dataclass(frozen=True)
class Fitted:
    """A target's model, its setting, what validation says of it, and the record of what was chosen why.

    `validation` predicts every row, of a customer whom its trees never saw, at the level of its snapshot;
    `served` (n,) the same at the level that is served, as the model would have answered.
    """

    model: TargetModel
    setting: Setting
    validation: Validation
    served: Floats
    record: dict[str, Any]


def fit_target(
    task: Task,
    sample: Sample,
    theories: Mapping[int, BuyTillYouDie],
    advance: Callable[[str], None],
    given: Setting | None = None,
) -> Fitted:
    """The model of a target, with the setting `given` or else the one that validation chooses.

    `theories` are the forecasts as of each snapshot, which the trees learn to correct, and as of the cutoff,
    with which they serve.
    """
    advance(f"training {task.target}")
    begin = Beginnings(task.target, task.scale, task.plan, theories if task.theory_speaks else None)
    starts = begin.starts if np.ptp(sample.labels) else ()
    started = [begin.started(sample, start) for start in starts]
    parameters = given.parameters if given else _tuned(task, started, advance)
    forests = [cross_validate(task.target, seen, parameters, task.seed_of(k)) for k, seen in enumerate(started)]
    mix = np.ones(1)
    if forests:
        mix = np.array(given.mix) if given else _mixed(task, sample, begin, started, forests, parameters)
    weight = float(mix @ [start.weight for start in (begin.alone, *starts)])
    trees = [(forest.link - forest.start) / start.power for forest, start in zip(forests, starts, strict=True)]
    alone = begin.of(sample, weight)
    shape = alone + sum((share * grown for share, grown in zip(mix[1:], trees, strict=True)), np.zeros(1))
    slope = slope_of(sample, task.target, shape, task.scale) if forests else 1.0
    level, guess = served_level(sample, slope * shape, task.scale, task.cutoff, task.plan.horizon_days)
    model = TargetModel(
        target=task.target,
        trees=_grown(task, started, forests, parameters, [m / s.power for m, s in zip(mix[1:], starts, strict=True)])
        if forests
        else _barren(task, sample),
        start=level / slope,
        offset=task.offset(theories[task.cutoff], weight) if task.theory_speaks else None,
        inputs=tuple(sample.names.index(name) for name in INPUTS),
        slope=slope,
        typical=(float(sample.labels.sum()) + 0.5) / (len(sample) + 1.0) if task.scale == "logit" else 0.0,
        trained_days=task.plan.horizon_days,
    )
    setting = Setting(tuple(mix.tolist()), parameters)
    validation = _validation(task, sample, alone, slope * shape)
    grounds = {"slope": slope, "level_from": guess, "rounds": [forest.rounds for forest in forests]}
    record = _record(task, sample, setting, _losses(task, sample, begin, starts, forests), validation) | grounds
    return Fitted(model, setting, validation, level + slope * shape, record)


def _record(
    task: Task, sample: Sample, setting: Setting, losses_of: Mapping[str, float], validation: Validation
) -> dict[str, Any]:
    """What was chosen, and the loss of everything that could have been."""
    return {
        "mix": dict(zip(losses_of, setting.mix, strict=True)),
        "validation_loss": {**losses_of, "mix": validation.loss},
        "parameters": dict(setting.parameters),
        "snapshots": len(task.plan.cutoffs),
        "rows": len(sample),
        "trained_days": task.plan.horizon_days,
    }


def _tuned(task: Task, started: Sequence[Sample], advance: Callable[[str], None]) -> dict[str, float | int]:
    """The parameters of all forests, tuned on the one in the middle."""
    return tune(task.target, started[len(started) // 2], task.search, advance) if started else {}


def _losses(
    task: Task, sample: Sample, begin: Beginnings, starts: Sequence[Start], forests: Sequence[Validation]
) -> dict[str, float]:
    """The validation loss of each forecast by its name, the one without trees first."""
    links = {"theory" if task.theory_speaks else "level": begin.link(sample, begin.alone, np.zeros(len(sample)))}
    for start, forest in zip(starts, forests, strict=True):
        links[start.name] = begin.link(sample, start, forest.link - forest.start)
    return {name: float(losses(task.target, link, sample.labels).mean()) for name, link in links.items()}


def _mixed(
    task: Task,
    sample: Sample,
    begin: Beginnings,
    started: Sequence[Sample],
    forests: Sequence[Validation],
    parameters: Mapping[str, float | int],
) -> Floats:
    """How much each forecast counts, by what it said of customers and times that it had not seen.

    What was best over a shorter window need not be over the longer one that is served: there nothing is learnt of
    the mix.
    """
    prior = _prior(task, sample, len(forests))
    if task.plan.extrapolated or len(np.unique(sample.snapshots)) < LEAST_TO_CARRY:
        return prior
    carried = [
        carried_forward(task.target, seen, parameters, forest.rounds, task.seed_of(k)) - seen.start
        for k, (seen, forest) in enumerate(zip(started, forests, strict=True))
    ]
    late = np.flatnonzero(~np.isnan(carried[0]))
    judged = sample.rows(late, sample.labels[late], np.ones(len(late)))
    said = [(begin.alone, np.zeros(len(late))), *((s, c[late]) for s, c in zip(begin.starts, carried, strict=True))]
    links = np.stack([begin.link(judged, start, trees) for start, trees in said], axis=1)
    return mix_of(task.target, links, judged.labels, judged.customers, prior)


def _prior(task: Task, sample: Sample, forests: int) -> Floats:
    """How much the forecasts count before the data speak, shape (1 + forests,).

    All alike from LEAST_BUYERS customers on, where no theory speaks the trees alone; the fewer there are, the
    less the trees, which cannot tell a pattern from noise.
    """
    grown = min(len(np.unique(sample.customers)) / LEAST_BUYERS, 1.0)
    share = grown * (forests / (forests + 1) if task.theory_speaks else 1.0)
    return np.array([1.0 - share, *[share / forests] * forests])


def _grown(
    task: Task,
    started: Sequence[Sample],
    forests: Sequence[Validation],
    parameters: Mapping[str, float | int],
    weights: Sequence[float],
) -> Forest:
    """The final trees on every row, as many as validation found, in one forest."""
    grown = [
        task.grow(task.target, seen, parameters, forest.rounds, task.seed_of(k))
        for k, (seen, forest) in enumerate(zip(started, forests, strict=True))
    ]
    return blended(grown, weights)


def _barren(task: Task, sample: Sample) -> Forest:
    """A forest without a tree, where all labels are the same and trees could learn nothing."""
    return blended([fit_booster(task.target, sample, {}, 1, task.search.seed)], [0.0])


def _validation(task: Task, sample: Sample, begin: Floats, shape: Floats) -> Validation:
    link = levels(sample, shape, task.scale) + shape
    start = levels(sample, begin, task.scale) + begin
    return Validation(float(losses(task.target, link, sample.labels).mean()), 0, link, start)
