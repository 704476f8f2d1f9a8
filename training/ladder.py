"""Several horizons that agree by construction: each follows from its neighbour by a share between 0 and 1."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from training.model import TargetModel, threads

Floats = NDArray[np.float64]

LEAST_SHARE = 1e-9


@dataclass(frozen=True)
class Rung:
    """What leads from the horizon of `neighbour` days to that of `days`; without a `booster` alike for everybody.

    Down, to a shorter horizon, `share` is the part of the money, or of those with the event, that comes by then;
    up, to a longer one, the part of the longer horizon's money that has come by now, or of those without the
    event yet who stay without.
    """

    days: int
    neighbour: int
    booster: lgb.Booster | None
    start: float

    @property
    def goes_down(self) -> bool:
        return self.days < self.neighbour

    def share(self, features: Floats) -> Floats:
        """Of (n, f) features, shape (n,), strictly between 0 and 1."""
        trees = np.zeros(len(features))
        if self.booster is not None:
            trees = np.asarray(self.booster.predict(features, raw_score=True, num_threads=threads(features)))
        return np.clip(expit(self.start + trees), LEAST_SHARE, 1.0 - LEAST_SHARE)


@dataclass(frozen=True)
class Ladder:
    """The rungs of one model, each after the one that it starts from; the first start at the trained horizon.

    Beyond the last rung theory leads on, before the first one every day is alike.
    """

    rungs: tuple[Rung, ...]

    def money(self, model: TargetModel, features: Floats, horizons: Iterable[int]) -> dict[int, Floats]:
        """Money by horizon (currency), each (n,): never less for a longer one."""
        known = {model.trained_days: np.exp(model.raw_trained(features))}
        for rung in self.rungs:
            share = rung.share(features)
            known[rung.days] = known[rung.neighbour] * (share if rung.goes_down else 1.0 / share)
        for days in sorted(set(horizons) - set(known)):
            nearest = _nearest(known, days)
            if days < nearest:
                known[days] = known[nearest] * (days / nearest)
            else:
                known[days] = known[nearest] * np.exp(_longer(model, features, nearest, days))
        return {days: known[days] for days in sorted(horizons)}

    def chances(self, model: TargetModel, features: Floats, horizons: Iterable[int]) -> dict[int, Floats]:
        """The chance of the event by horizon, each (n,): never less for a longer one.

        The event of churn is the purchase: its chance is 1 − churn.
        """
        sign = -1.0 if model.target == "churn" else 1.0
        known = {model.trained_days: expit(sign * model.raw_trained(features))}
        for rung in self.rungs:
            share, before = rung.share(features), known[rung.neighbour]
            known[rung.days] = before * share if rung.goes_down else 1.0 - (1.0 - before) * share
        for days in sorted(set(horizons) - set(known)):
            nearest = _nearest(known, days)
            if days < nearest:
                known[days] = -np.expm1(np.log1p(-known[nearest]) * (days / nearest))
            else:
                known[days] = expit(logit(known[nearest]) + sign * _longer(model, features, nearest, days))
        return {days: known[days] for days in sorted(horizons)}


def median_days(chances: dict[int, Floats], furthest: int) -> Floats:
    """The day by which the event is as likely as not, shape (n,), from its chance by horizon; nan beyond `furthest`.

    The hazard is constant between horizons, and after the last one as between the last two.
    """
    days = [0, *chances]
    survival = [np.zeros(len(next(iter(chances.values())))), *(np.log1p(-chance) for chance in chances.values())]
    found = np.full(len(survival[0]), np.nan)
    for early, late, before, after in zip(days, days[1:], survival, survival[1:], strict=False):
        hazard = np.maximum((before - after) / (late - early), 1e-12)
        day = early + (np.log(2.0) + before) / hazard
        last = late == days[-1]
        found = np.where(np.isnan(found) & ((day <= late) | last), day, found)
    return np.where(found <= furthest, found, np.nan)


def _nearest(known: dict[int, Floats], days: int) -> int:
    """The next shorter horizon that is known, or the shortest."""
    return max((there for there in known if there < days), default=min(known))


def _longer(model: TargetModel, features: Floats, shorter: int, longer: int) -> Floats:
    return model.stretch(features, longer) - model.stretch(features, shorter)


def steps_between(trained: int, horizons: Sequence[int], longest: int) -> list[tuple[int, int]]:
    """(days, neighbour) of the rungs from the trained horizon down to the shortest and up to `longest`."""
    down = [days for days in sorted(set(horizons), reverse=True) if days < trained]
    up = [days for days in sorted(set(horizons)) if trained < days <= longest]
    return [*zip(down, [trained, *down], strict=False), *zip(up, [trained, *up], strict=False)]
