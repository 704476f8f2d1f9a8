"""The one path from histories to recommendations; every door calls it and adds nothing."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.clock import isoformat, local_day
from data.histories.histories import Histories
from features.build import build_features
from features.feature import Words
from serving.circumstances import circumstances
from serving.degraded import (
    NO_PURCHASE_YET,
    REASONS_INEXACT,
    UNKNOWN_CUSTOMER,
)
from serving.figures import Language, said
from serving.fingerprint import fingerprints
from serving.indicators.answer import Indicators
from serving.indicators.measure import Measured, measure
from serving.indicators.value import past_year
from serving.indicators.yardstick import Yardstick
from serving.ledger.override import Override
from serving.ledger.previous import Previous
from serving.outlook import Outlook, average_outlook, outlook
from serving.plan import Plan
from serving.playbook.advise import Advice, Adviser, adviser_of
from serving.playbook.case import Case
from serving.playbook.contacts import Contacts, contacts_of
from serving.playbook.declared import Playbook
from serving.playbook.shelf import shipped_playbook
from serving.reasons.account import Accountant, breakdown
from serving.reasons.parts import Reasons
from serving.recommendation import Breakdown, Recommendation
from serving.tiers.assign import Assignment
from serving.tiers.verdict import Tier
from training.bundle import Bundle, Scores
from training.explanation import Explanation
from training.labels import TARGETS, population

Floats = NDArray[np.float64]

NOTHING_YET = Contacts(0)

BETWEEN = Words(" ", "")
"""What stands between two sentences."""


def recommend(
    histories: Histories,
    cutoff: int,
    bundle: Bundle,
    plan: Plan | None,
    *,
    previous: Mapping[str, Previous] | None = None,
    overrides: Mapping[str, Override] | None = None,
    language: Language = "en",
    playbook: Playbook | None = None,
    level_names: Mapping[int, str] | None = None,
    conversion_types: tuple[str, ...] = (),
    recorded_until: int | None = None,
    yardstick: Yardstick | None = None,
) -> list[Recommendation]:
    """One recommendation per customer of `histories`, in their order, at `cutoff` (µs UTC).

    Pure: the same arguments give the same answers, for one customer, a request or a whole book. Nothing after
    the cutoff, or learnt after it, is seen. `plan` None leaves the tier out. `previous` are the tiers that customers
    had, and `overrides` those that persons gave them, both by customer id, as they stand at the cutoff; without them
    a tier is what the policy alone says. Actions and service follow the `playbook` (default: the shipped `trade`).
    `level_names` are the texts behind the stable hashes of category levels; a level without a name is told by its
    number.
    `conversion_types` is passed on into the answer. A cutoff after `recorded_until` (µs UTC, the end of the
    records) is told as a degradation. `yardstick` measures the indicators; None leaves them out.
    """
    if not len(histories):
        return []
    features = build_features(histories, [cutoff], bundle.spec)[0]
    seen = population(histories, cutoff, "everyone")
    scores = bundle.predict(features)
    answers = _Answers(
        bundle=bundle,
        plan=plan,
        adviser=adviser_of(playbook or shipped_playbook(), bundle.spec.names, bundle.currency, language),
        accountant=Accountant.at(cutoff, bundle, language, level_names or {}),
        contacts=list(contacts_of(histories, cutoff, local_day(cutoff, bundle.spec.time_zone))) if plan else [],
        cutoff=isoformat(cutoff, bundle.spec.time_zone),
        features=features,
        scores=scores,
        tiers=Assignment(
            plan=plan,
            customers=histories.customer_ids,
            scores=_as_answered(scores, seen, bundle),
            features=features,
            bundle=bundle,
            cutoff=cutoff,
            language=language,
            previous=previous or {},
            overrides=overrides or {},
        )
        if plan
        else None,
        explanations=bundle.explain(features),
        shared=circumstances(cutoff, bundle, plan, recorded_until),
        conversion_types=conversion_types,
        measured=_measured(histories, cutoff, features, scores, yardstick),
        fingerprints=fingerprints(bundle.spec.names, features),
    )
    return [
        answers.about(customer, row) if seen[row] else answers.about_somebody_unknown(customer, row)
        for row, customer in enumerate(histories.customer_ids)
    ]


@dataclass(frozen=True)
class _Answers:
    """What the answers of one call share; rows of `features`, `scores` and `explanations` are customers."""

    bundle: Bundle
    plan: Plan | None
    adviser: Adviser
    accountant: Accountant
    contacts: Sequence[Contacts]
    cutoff: str
    features: Floats
    scores: Scores
    tiers: Assignment | None
    explanations: Mapping[str, Explanation]
    shared: tuple[str, ...]
    conversion_types: tuple[str, ...]
    measured: Measured | None
    fingerprints: Sequence[str]

    @property
    def unseen(self) -> list[float]:
        """The features of somebody unknown."""
        return [math.nan] * self.features.shape[1]

    def about(self, customer: str, row: int) -> Recommendation:
        seen = outlook(self.scores, row, self.bundle, self.conversion_types)
        bought = seen.churn.value is not None
        told = [target for target in TARGETS if target in self.explanations and (bought or target != "churn")]
        whole = {target: breakdown(target, self.explanations[target], row, self.bundle) for target in told}
        exact = all(parts.adds_up_to(getattr(seen, target).value) for target, parts in whole.items())
        tier, reasons = self.tiers.tier(row) if self.tiers else None, self._reasons(told, seen, row)
        return self._answer(
            customer,
            row,
            seen,
            tier=tier,
            advice=self._advice(tier, seen, reasons, row),
            codes=(*(() if bought else (NO_PURCHASE_YET.code,)), *(() if exact else (REASONS_INEXACT.code,))),
            reasons=reasons,
            breakdowns=whole,
            indicators=self.measured.about(row, self.accountant) if self.measured else None,
        )

    def about_somebody_unknown(self, customer: str, row: int) -> Recommendation:
        """The book's averages, and no reasons: there is nothing to explain."""
        average = average_outlook(self.bundle, self.conversion_types)
        tier = self.tiers.tier(row) if self.tiers else None
        caveat = said(UNKNOWN_CUSTOMER.sentence, self.accountant.language) + said(BETWEEN, self.accountant.language)
        return self._answer(
            customer,
            row,
            average,
            tier=replace(tier, why=caveat + tier.why, probabilities=None) if tier else None,
            advice=self._advice(tier, average, {}, None),
            codes=(UNKNOWN_CUSTOMER.code,),
            reasons={},
            breakdowns={},
        )

    def _answer(
        self,
        customer: str,
        row: int,
        seen: Outlook,
        *,
        tier: Tier | None,
        advice: Advice | None,
        codes: tuple[str, ...],
        reasons: Mapping[str, Reasons],
        breakdowns: Mapping[str, Breakdown],
        indicators: Indicators | None = None,
    ) -> Recommendation:
        return Recommendation(
            customer_id=customer,
            lifetime_value=seen.lifetime_value,
            conversion=seen.conversion,
            churn=seen.churn,
            tier=tier,
            reasons={target: reasons.get(target) for target in TARGETS},
            actions=advice.actions if advice else (),
            degraded=(*codes, *self.shared),
            model_version=self.bundle.version,
            plan_version=self.plan.version if self.plan else None,
            cutoff=self.cutoff,
            breakdowns=breakdowns,
            indicators=indicators,
            service=advice.service if advice else None,
            playbook_version=self.adviser.playbook.version,
            feature_hash=self.fingerprints[row],
        )

    def _advice(
        self, tier: Tier | None, seen: Outlook, reasons: Mapping[str, Reasons], row: int | None
    ) -> Advice | None:
        """What to do for the customer in row `row`, None for somebody unknown; none without a tier."""
        if tier is None:
            return None
        return self.adviser.advise(
            Case(
                tier=tier.name,
                customer_class=tier.customer_class.name if tier.customer_class else None,
                value=seen.lifetime_value.value,
                conversion=seen.conversion.value,
                churn=seen.churn.value,
                horizon_days=seen.churn.horizon_days,
                features=self.unseen if row is None else self.features[row].tolist(),
                reasons=reasons,
                contacts=NOTHING_YET if row is None else self.contacts[row],
            )
        )

    def _reasons(self, targets: Sequence[str], seen: Outlook, row: int) -> dict[str, Reasons]:
        account = self.accountant.account(self.features, row)
        return {
            target: account.reasons(target, getattr(seen, target).value, self.explanations[target], row)
            for target in targets
        }


def _as_answered(scores: Scores, seen: NDArray[np.bool_], bundle: Bundle) -> Scores:
    """The scores that tiers are assigned by: the book's average value for who is unknown."""
    average = bundle.cold_start["lifetime_value"]
    return replace(scores, lifetime_value=np.where(seen, scores.lifetime_value, average))


def _measured(
    histories: Histories, cutoff: int, features: Floats, scores: Scores, yardstick: Yardstick | None
) -> Measured | None:
    if yardstick is None:
        return None
    return measure(features, scores, yardstick, past_year(histories, cutoff, yardstick))
