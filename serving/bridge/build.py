"""Bridges between two standpoints, for one customer, a request or a whole book."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from data.clock import isoformat
from data.histories.histories import Histories
from serving.bridge.account import Bridge, End, ScoreBridge, TierBridge
from serving.bridge.replay import Flags, Replay, arrivals, replays
from serving.bridge.standpoint import Standpoint, require_one_question
from serving.bridge.steps import STEPS, Stride, strides
from serving.bridge.tier import tier_bridge
from serving.bridge.words import notes, told, unchanged
from serving.circumstances import age_of_the_model
from serving.figures import Language
from serving.reasons.account import unit_of
from serving.reasons.shelf import shelf_of
from training.labels import TARGETS
from training.scores import Scores

Tiers = tuple[str | None, ...]
"""The tier of every customer, in their order."""


def bridge(
    histories: Histories,
    before: Standpoint,
    after: Standpoint,
    *,
    language: Language = "en",
    level_names: Mapping[int, str] | None = None,
) -> list[Bridge]:
    """Why the scores and the tier of each customer of `histories`, in their order, changed between two standpoints.

    Pure: the same arguments give the same answers, for one customer or for many. Each score goes from the old one
    to the new one in steps: what is known now of the time before; the time that passed without anything new; what
    happened in it; the new model. Who was unknown before has a single step, from the book's average to the new score.
    Raises ServingError for models that answer different questions.
    """
    require_one_question(before, after)
    if not len(histories):
        return []
    replayed = replays(histories, before, after)
    shelves = (shelf_of(before.bundle, language), shelf_of(after.bundle, language))
    steps = strides(replayed, *shelves, level_names or {})
    customers = histories.customer_ids
    tiers = [_tiers(before, replay) for replay in replayed], _tiers(after, replayed[-1])
    kept = _kept(before, customers, replayed[0]), _kept(after, customers, replayed[-1])
    bridges = _Bridges(before, after, replayed, arrivals(replayed), steps, tiers, kept, language)
    return [bridges.about(customer, row) for row, customer in enumerate(customers)]


@dataclass(frozen=True)
class _Bridges:
    """What the bridges of one call share; rows of the replays are customers, `arrived` whom nobody knew before; `tiers`
    are what the old plan says of every replay, and what the new one does; `kept` what was kept at either end."""

    before: Standpoint
    after: Standpoint
    replayed: Sequence[Replay]
    arrived: Flags
    strides: Sequence[Stride]
    tiers: tuple[Sequence[Tiers], Tiers]
    kept: tuple[Tiers, Tiers]
    language: Language

    def about(self, customer: str, row: int) -> Bridge:
        ends = self._end(self.before, 0, row), self._end(self.after, -1, row)
        scores = {target: self._score(target, row, *ends) for target in TARGETS}
        tiers = self._tier_path(row), self.tiers[1][row], (self.kept[0][row], self.kept[1][row])
        tier = tier_bridge(customer, *tiers, self.before, self.after, self.language, arrived=ends[1].is_first(ends[0]))
        return Bridge(
            customer_id=customer,
            before=ends[0],
            after=ends[1],
            scores=scores,
            tier=tier,
            summary=tuple(self._summary(scores, tier, *ends)),
            notes=notes(*ends, self.language),
        )

    def _summary(
        self, scores: Mapping[str, ScoreBridge], tier: TierBridge | None, before: End, after: End
    ) -> Iterator[str]:
        if all(score.is_still for score in scores.values()) and (tier is None or tier.is_still):
            yield unchanged(before, after, self.language)
            return
        sentences = [score.text for score in scores.values()]
        if tier:
            sentences.insert(1 if after.is_first(before) else 0, tier.text)
        yield from sentences

    def _score(self, target: str, row: int, before: End, after: End) -> ScoreBridge:
        path = self._path(target, row)
        whole = not any(map(math.isnan, path))
        bare = ScoreBridge(
            unit=unit_of(target, self.after.bundle),
            horizon_days=self.after.bundle.horizons[target],
            before=_or_null(path[0]),
            after=_or_null(path[-1]),
            steps=tuple(stride.step(target, row) for stride in self.strides) if whole else (),
            text="",
        )
        return replace(bare, text=told(target, bare, before, after, self.language))

    def _path(self, target: str, row: int) -> list[float]:
        """The score at the start and after every step, nan where there is none."""
        return self._steps([float(replay.accounts[target].score[row]) for replay in self.replayed], row)

    def _tier_path(self, row: int) -> list[str | None]:
        """What the old plan says at the start and after every step."""
        return self._steps([tiers[row] for tiers in self.tiers[0]], row)

    def _steps(self, seen: list[Any], row: int) -> list[Any]:
        first, *others = seen
        if self.arrived[row]:
            return [first, *[others[-1]] * len(STEPS)]
        return [first, first, *others]

    def _end(self, standpoint: Standpoint, place: int, row: int) -> End:
        zone = standpoint.bundle.spec.time_zone
        return End(
            cutoff=isoformat(standpoint.cutoff, zone),
            known_at=isoformat(standpoint.known_by, zone),
            model_version=standpoint.bundle.version,
            plan_version=standpoint.plan.version if standpoint.plan else None,
            known=bool(self.replayed[place].known[row]),
            degraded=(*standpoint.bundle.degraded, *age_of_the_model(standpoint.cutoff, standpoint.bundle)),
        )


def _tiers(standpoint: Standpoint, replay: Replay) -> Tiers:
    return standpoint.tiers_of(_scores(replay), replay.features, replay.bundle)


def _kept(standpoint: Standpoint, customers: Sequence[str], replay: Replay) -> Tiers:
    return standpoint.kept_of(customers, _scores(replay), replay.features, replay.bundle)


def _scores(replay: Replay) -> Scores:
    value, conversion, churn = (replay.accounts[target].score for target in TARGETS)
    return Scores(value, conversion, churn)


def _or_null(score: float) -> float | None:
    return None if math.isnan(score) else score
