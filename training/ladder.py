"""Several horizons that agree by construction: each follows from its neighbour by a share between 0 and 1."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from training.explanation import Explanation, constant
from training.model import TargetModel
from training.trees.forest import Forest

Floats = NDArray[np.float64]

LEAST_SHARE = 1e-9
MOST_SHARE = 1.0 - LEAST_SHARE
MOST_CHANCE = 1.0 - 1e-12


@dataclass(frozen=True)
class Rung:
    """What leads from the horizon of `neighbour` days to that of `days`; without `trees` alike for everybody.

    Down, to a shorter horizon, `share` is the part of the money, or of those with the event, that comes by then;
    up, to a longer one, the part of the longer horizon's money that has come by now, or of those without the
    event yet who stay without.
    """

    days: int
    neighbour: int
    trees: Forest | None
    start: float

    @property
    def goes_down(self) -> bool:
        return self.days < self.neighbour

    def share(self, features: Floats) -> Floats:
        """Of (n, f) features, shape (n,), strictly between 0 and 1."""
        trees = np.zeros(len(features)) if self.trees is None else self.trees.predict(features)
        return np.minimum(np.maximum(expit(self.start + trees), LEAST_SHARE), MOST_SHARE)

    def explain(self, features: Floats) -> Explanation:
        """Of the share, by exact TreeSHAP of its trees."""
        if self.trees is None:
            return constant(self.share(features), features)
        shares = self.trees.explain_with_sum(features)
        base = np.full(len(features), self.start + self.trees.base_value)
        odds = Explanation(base, shares[:, :-1], base + shares[:, -1])
        return odds.expit().clipped(LEAST_SHARE, MOST_SHARE)


@dataclass(frozen=True)
class Ladder:
    """The rungs of one model, each after the one that it starts from; the first start at the trained horizon.

    Beyond the longest horizon of a rung theory leads on; between two, and before the first, every day is alike.
    """

    rungs: tuple[Rung, ...]

    def money(self, model: TargetModel, features: Floats, horizons: Iterable[int]) -> dict[int, Floats]:
        """Money by horizon (currency), each (n,): never less for a longer one."""
        known = {model.trained_days: np.exp(model.raw(features))}
        for rung in self.rungs:
            share = rung.share(features)
            known[rung.days] = known[rung.neighbour] * (share if rung.goes_down else 1.0 / share)
        longest = max(known)

        def at(days: int) -> Floats:
            if days > longest:
                return known[longest] * np.exp(_longer(model, features, longest, days))
            return _between(known, days)

        return {days: at(days) for days in sorted(horizons)}

    def chances(self, model: TargetModel, features: Floats, horizons: Iterable[int]) -> dict[int, Floats]:
        """The chance of the event by horizon, each (n,): never less for a longer one.

        The event of churn is the purchase: its chance is 1 − churn.
        """
        sign = -1.0 if model.target == "churn" else 1.0
        known = {model.trained_days: np.minimum(expit(sign * model.raw(features)), MOST_CHANCE)}
        for rung in self.rungs:
            share, before = rung.share(features), known[rung.neighbour]
            found = before * share if rung.goes_down else 1.0 - (1.0 - before) * share
            known[rung.days] = np.minimum(found, MOST_CHANCE)
        longest = max(known)

        def at(days: int) -> Floats:
            if days in known:
                return known[days]
            if days > longest:
                return np.minimum(
                    expit(logit(known[longest]) + sign * _longer(model, features, longest, days)), MOST_CHANCE
                )
            return -np.expm1(_between({there: _log_survival(chance) for there, chance in known.items()}, days))

        return {days: at(days) for days in sorted(horizons)}


def median_days(chances: dict[int, Floats], furthest: int) -> Floats:
    """The day by which the event is as likely as not, shape (n,), from its chance by horizon; nan beyond `furthest`.

    The hazard is constant between horizons, and after the last one as between the last two.
    """
    days = [0, *chances]
    survival = [np.zeros(len(next(iter(chances.values())))), *(_log_survival(chance) for chance in chances.values())]
    found = np.full(len(survival[0]), np.nan)
    for early, late, before, after in zip(days, days[1:], survival, survival[1:], strict=False):
        hazard = np.maximum((before - after) / (late - early), 1e-12)
        day = early + (np.log(2.0) + before) / hazard
        last = late == days[-1]
        found = np.where(np.isnan(found) & ((day <= late) | last), day, found)
    return np.where(found <= furthest, found, np.nan)


def _between(known: Mapping[int, Floats], days: int) -> Floats:
    """What has come by `days`, from 0 at first, of what comes by the known horizons around; alike on every day."""
    if days in known:
        return known[days]
    early, late, way = around(known, days)
    before = known[early] if early else np.zeros_like(known[late])
    return before + (known[late] - before) * way


def around(known: Iterable[int], days: int) -> tuple[int, int, float]:
    """The known horizons before `days` (0 if none) and after, and how far between them it lies, from 0 to 1."""
    late = min(there for there in known if there > days)
    early = max((there for there in known if there < days), default=0)
    return early, late, (days - early) / (late - early)


def _log_survival(chance: Floats) -> Floats:
    return np.log1p(-np.minimum(chance, MOST_CHANCE))


def _longer(model: TargetModel, features: Floats, shorter: int, longer: int) -> Floats:
    return model.stretch(features, longer) - model.stretch(features, shorter)


def steps_between(trained: int, horizons: Sequence[int], longest: int) -> list[tuple[int, int]]:
    """(days, neighbour) of the rungs from the trained horizon down to the shortest and up to `longest`."""
    down = [days for days in sorted(set(horizons), reverse=True) if days < trained]
    up = [days for days in sorted(set(horizons)) if trained < days <= longest]
    return [*zip(down, [trained, *down], strict=False), *zip(up, [trained, *up], strict=False)]
