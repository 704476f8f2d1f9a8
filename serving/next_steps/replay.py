"""Candidates replayed: the features and the scores at a later cutoff, with the assumed events and without."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data.clock import add_days
from data.histories.histories import Histories
from data.histories.variants import continued
from features.build import build_features
from serving.figures import Language
from serving.next_steps.answer import Replayed
from serving.next_steps.candidates import Candidate
from serving.outlook import Outlook, outlook
from serving.plan import Plan
from serving.tiers.assign import Assignment, tiers_alone
from serving.tiers.verdict import Tier
from training.bundle import Bundle


@dataclass(frozen=True, eq=False, slots=True)
class Outcome:
    """What the models say at `later` (µs UTC), the end of the candidate's time limit."""

    candidate: Candidate
    later: int
    replayed: Replayed
    without: Replayed


@dataclass(frozen=True, eq=False, slots=True)
class Replay:
    """One customer's `history`, which holds what was known at `cutoff` (µs UTC) and nothing else."""

    history: Histories
    cutoff: int
    bundle: Bundle
    plan: Plan | None

    def now(self) -> Replayed:
        """The scores at the cutoff."""
        return self._scores(self.history, self.cutoff)[0]

    def standing(self, language: Language) -> Tier | None:
        """What the policy alone says of the customer at the cutoff; None without a plan."""
        if self.plan is None:
            return None
        features = build_features(self.history, [self.cutoff], self.bundle.spec)[0]
        return Assignment(
            plan=self.plan,
            customers=self.history.customer_ids,
            scores=self.bundle.predict(features),
            features=features,
            bundle=self.bundle,
            cutoff=self.cutoff,
            language=language,
        ).tier(0)

    def outcomes(self, candidates: Sequence[Candidate]) -> list[Outcome]:
        """The outcome of every candidate, in their order: one pass of features and models a time limit."""
        found: dict[int, Outcome] = {}
        for days in sorted({candidate.within_days for candidate in candidates}):
            places = [place for place, each in enumerate(candidates) if each.within_days == days]
            found |= zip(places, self._at(days, [candidates[place] for place in places]), strict=True)
        return [found[place] for place in range(len(candidates))]

    def _at(self, days: int, candidates: Sequence[Candidate]) -> Iterator[Outcome]:
        zone = self.bundle.spec.time_zone
        later = add_days(self.cutoff, days, zone)
        followed_by = [(), *(candidate.following(self.cutoff, zone) for candidate in candidates)]
        without, *replayed = self._scores(continued(self.history, followed_by, zone), later)
        for candidate, each in zip(candidates, replayed, strict=True):
            yield Outcome(candidate, later, each, without)

    def _scores(self, histories: Histories, cutoff: int) -> list[Replayed]:
        features = build_features(histories, [cutoff], self.bundle.spec)[0]
        scores = self.bundle.predict(features)
        tiers = tiers_alone(self.plan, scores, features, self.bundle) if self.plan else (None,) * len(histories)
        return [_replayed(outlook(scores, row, self.bundle, ()), tier) for row, tier in enumerate(tiers)]


def _replayed(seen: Outlook, tier: str | None) -> Replayed:
    return Replayed(seen.lifetime_value.value, seen.conversion.value, seen.churn.value, tier)
