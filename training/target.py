"""Training one target: mix theory and trees, tune, validate, calibrate, grow the final trees."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from data.readiness import LEAST_BUYERS
from training.boosting import Validation, carried_forward, cross_validate, fit_booster, losses
from training.buy_till_you_die import INPUTS, BuyTillYouDie, Offset
from training.forest import blended
from training.level import levels, served_level, slope_of
from training.mix import mix_of
from training.model import Scale, TargetModel
from training.sample import Sample
from training.snapshots import SnapshotPlan
from training.tuning import Search, tune

Floats = NDArray[np.float64]

WEIGHTS = (1.0, 0.5, 0.0)
"""How much of the theory's forecast trees start from: one forest for each."""

SEEDS = 1_009

LEAST_TO_CARRY = 4
"""So many snapshots it takes to see whether what earlier ones taught holds at later ones."""


@dataclass(frozen=True)
class Task:
    """One target, its snapshots, the horizon it serves (days), whether buy-till-you-die theory speaks of it."""

    target: str
    cutoff: int
    plan: SnapshotPlan
    served_days: int
    theory_speaks: bool
    search: Search

    @property
    def scale(self) -> Scale:
        return "log" if self.target in {"lifetime_value", "losses"} else "logit"

    @property
    def theory(self) -> float:
        """How much of the theory's forecast counts where it counts alone."""
        return 1.0 if self.theory_speaks else 0.0

    @property
    def weights(self) -> tuple[float, ...]:
        """The weights of the theory from which forests start; where it does not speak, one starts from nothing."""
        return WEIGHTS if self.theory_speaks else WEIGHTS[-1:]

    def seed_of(self, place: int) -> int:
        """Each forest draws its own rows, columns and folds."""
        return self.search.seed * SEEDS + place

    def offset(self, theory: BuyTillYouDie, weight: float) -> Offset:
        return Offset(theory, self.target, weight, self.plan.horizon_days, self.served_days)


@dataclass(frozen=True)
class Setting:
    """What validation chooses for a target: how much each forecast counts and LightGBM's parameters.

    The first entry of `mix` is the theory alone (or the level alone), the others the forests of `Task.weights`.
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
    weights = task.weights if np.ptp(sample.labels) else ()
    alone, *starts = (_started(task, sample, theories, weight) for weight in (task.theory, *weights))
    parameters = given.parameters if given else _tuned(task, starts, advance)
    forests = [
        cross_validate(task.target, start, parameters, task.seed_of(place)) for place, start in enumerate(starts)
    ]
    losses_of = _losses(task, sample, alone, forests)
    mix = np.array(given.mix) if given and forests else _mixed(task, sample, alone, starts, forests, parameters)
    weight = float(mix @ [task.theory, *weights])
    begin = _begin(task, sample, theories, weight)
    shape = begin + sum((share * (f.link - f.start) for share, f in zip(mix[1:], forests, strict=True)), np.zeros(1))
    slope = slope_of(sample, task.target, shape, task.scale) if forests else 1.0
    level, guess = served_level(sample, slope * shape, task.scale, task.cutoff, task.plan.horizon_days)
    model = TargetModel(
        target=task.target,
        booster=_grown(task, starts, forests, parameters, mix[1:]) if forests else _barren(task, alone),
        start=level / slope,
        offset=task.offset(theories[task.cutoff], weight) if task.theory_speaks else None,
        inputs=tuple(sample.names.index(name) for name in INPUTS),
        slope=slope,
        intercept=0.0,
        typical=(float(sample.labels.sum()) + 0.5) / (len(sample) + 1.0) if task.scale == "logit" else 0.0,
        trained_days=task.plan.horizon_days,
        horizon_days=task.served_days,
    )
    validation = _validation(task, sample, begin, slope * shape)
    record = {
        "mix": dict(zip(losses_of, mix.tolist(), strict=True)),
        "validation_loss": {**losses_of, "mix": validation.loss},
        "parameters": dict(parameters),
        "rounds": [forest.rounds for forest in forests],
        "slope": slope,
        "level_from": guess,
        "snapshots": len(task.plan.cutoffs),
        "rows": len(sample),
        "trained_days": task.plan.horizon_days,
    }
    return Fitted(model, Setting(tuple(mix.tolist()), parameters), validation, level + slope * shape, record)


def _started(task: Task, sample: Sample, theories: Mapping[int, BuyTillYouDie], weight: float) -> Sample:
    begin = _begin(task, sample, theories, weight)
    return sample.starting_from(begin + levels(sample, begin, task.scale))


def _tuned(task: Task, starts: Sequence[Sample], advance: Callable[[str], None]) -> dict[str, float | int]:
    """The parameters of all forests, tuned on the one in the middle."""
    if not starts:
        return {}
    search = task.search
    return tune(task.target, starts[len(starts) // 2], search, advance)


def _losses(task: Task, sample: Sample, alone: Sample, forests: Sequence[Validation]) -> dict[str, float]:
    """The validation loss of each forecast by its name, the one without trees first."""
    name = "theory" if task.theory_speaks else "level"
    first = float(losses(task.target, alone.start, sample.labels).mean())
    named = zip(task.weights, forests, strict=False)
    return {name: first} | {f"trees from {weight:g}": forest.loss for weight, forest in named}


def _mixed(
    task: Task,
    sample: Sample,
    alone: Sample,
    starts: Sequence[Sample],
    forests: Sequence[Validation],
    parameters: Mapping[str, float | int],
) -> Floats:
    """How much each forecast counts, by what it said of customers and times that it had not seen.

    What was best over a shorter window need not be over the longer one that is served: there nothing is learnt of
    the mix.
    """
    if not forests:
        return np.ones(1)
    prior = _prior(task, sample)
    if task.plan.extrapolated or len(np.unique(sample.snapshots)) < LEAST_TO_CARRY:
        return prior
    carried = [
        carried_forward(task.target, start, parameters, forest.rounds, task.seed_of(place))
        for place, (start, forest) in enumerate(zip(starts, forests, strict=True))
    ]
    links = np.stack([alone.start, *carried], axis=1)
    late = ~np.isnan(links).any(axis=1)
    return mix_of(task.target, links[late], sample.labels[late], sample.customers[late], prior)


def _prior(task: Task, sample: Sample) -> Floats:
    """How much the forecasts count before the data speak, shape (k,).

    All alike from LEAST_BUYERS customers on, where no theory speaks the trees alone; the fewer there are, the
    less the trees, which cannot tell a pattern from noise.
    """
    grown = min(len(np.unique(sample.customers)) / LEAST_BUYERS, 1.0)
    trees = len(task.weights)
    share = grown * (trees / (trees + 1) if task.theory_speaks else 1.0)
    return np.array([1.0 - share, *[share / trees] * trees])


def _grown(
    task: Task,
    starts: Sequence[Sample],
    forests: Sequence[Validation],
    parameters: Mapping[str, float | int],
    weights: Floats,
) -> lgb.Booster:
    """The final trees on every row, as many as validation found, in one booster."""
    grown = [
        fit_booster(task.target, start, parameters, forest.rounds, task.seed_of(place))
        for place, (start, forest) in enumerate(zip(starts, forests, strict=True))
    ]
    return blended(grown, weights.tolist())


def _barren(task: Task, alone: Sample) -> lgb.Booster:
    """A booster without a tree, where all labels are the same and trees could learn nothing."""
    return blended([fit_booster(task.target, alone, {}, 1, task.search.seed)], [0.0])


def _validation(task: Task, sample: Sample, begin: Floats, shape: Floats) -> Validation:
    link = levels(sample, shape, task.scale) + shape
    start = levels(sample, begin, task.scale) + begin
    return Validation(float(losses(task.target, link, sample.labels).mean()), 0, link, start)


def _begin(task: Task, sample: Sample, theories: Mapping[int, BuyTillYouDie], weight: float) -> Floats:
    """The theory's part of the start of every row, shape (n,), as it would have been at the row's snapshot."""
    begin = np.zeros(len(sample))
    if weight == 0.0 or not task.theory_speaks:
        return begin
    columns = [sample.names.index(name) for name in INPUTS]
    for snapshot in task.plan.cutoffs:
        rows = sample.snapshots == snapshot
        begin[rows] = task.offset(theories[snapshot], weight).trained(sample.features[rows][:, columns])
    return begin
