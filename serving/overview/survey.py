"""One walk over a whole book, for everything that an overview tells."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from data.clock import add_days
from data.histories.histories import Histories
from data.store.store import Store
from features.build import build_features
from features.errors import FeatureError
from features.movers import Window, movers
from serving.batch.quarantine import one_by_one
from serving.ledger.previous import Previous
from serving.overview.board import board, class_sizes
from serving.overview.drivers import drivers
from serving.overview.flows import flows, sizes
from serving.overview.funnel import Funnel
from serving.overview.overview import Mover, Overview, Warning
from serving.overview.quarters import QUARTER_DAYS, Quarters
from serving.overview.warn import foremost, rises
from serving.plan import Plan
from serving.tiers.assign import tiers_alone
from serving.tiers.graded import GradedRule
from serving.tiers.inputs import ORDERS, RECENCY, SPEND, Floats, columns_of
from serving.tiers.policies import Ground, policy_of
from serving.tiers.stability import Past
from training.bundle import Bundle
from training.labels import population

RFM = (RECENCY.name, ORDERS.name, SPEND.name)
MOST_MOVERS = 12
SAMPLED = 1_000
"""Customers whose contributions tell what drives the scores."""


@dataclass
class Survey:
    """What was seen of the customers on record at `cutoff` (µs UTC), part by part; `standing` are the tiers that they
    were assigned."""

    bundle: Bundle
    plan: Plan
    cutoff: int
    standing: dict[str, Previous]
    funnel: Funnel
    quarters: Quarters
    every: int
    now: list[str] = field(default_factory=list)
    then: list[str | None] = field(default_factory=list)
    risen: list[Warning] = field(default_factory=list)
    value: list[Floats] = field(default_factory=list)
    rfm: list[Floats] = field(default_factory=list)
    sample: list[Floats] = field(default_factory=list)

    @property
    def since(self) -> int:
        """A quarter before the cutoff (µs UTC)."""
        return add_days(self.cutoff, -QUARTER_DAYS, self.bundle.spec.time_zone)

    def add(self, histories: Histories) -> None:
        """Takes in some customers."""
        seen, before = (population(histories, moment, "everyone") for moment in (self.cutoff, self.since))
        features, earlier = build_features(histories, [self.cutoff, self.since], self.bundle.spec)
        scores, then = self.bundle.predict(features), self.bundle.predict(earlier)
        alone = tiers_alone(self.plan, scores, features, self.bundle)
        ago = tiers_alone(self.plan, then, earlier, self.bundle)
        tiers = {
            customer: self.standing[customer].tier if customer in self.standing else tier
            for customer, tier, known in zip(histories.customer_ids, alone, seen, strict=True)
            if known
        }
        self.now += tiers.values()
        self.then += [ago[row] if before[row] else None for row in np.flatnonzero(seen).tolist()]
        self.risen += rises(histories.customer_ids, tiers, then, scores, before & seen)
        columns = columns_of(RFM, scores, features, self.bundle)
        self.value.append(scores.lifetime_value[seen])
        self.rfm.append(np.stack([columns[name][seen] for name in RFM]))
        self.sample.append(features[seen][:: self.every])
        self.funnel.add(histories)
        self.quarters.add(histories)


def overview_of(
    store: Store,
    parts: Iterable[Histories],
    customers: int,
    bundle: Bundle,
    plan: Plan,
    cutoff: int,
    standing: dict[str, Previous],
    advance: Callable[[int], None] = lambda _: None,
) -> Overview:
    """The overview of a book whose customers come in parts, `customers` in all, at `cutoff` (µs UTC).

    `standing` are the tiers that customers were assigned there, by id; who has none gets that of the plan alone.
    `advance` is told of every part's customers.
    """
    zone, digits = bundle.spec.time_zone, bundle.spec.minor_digits
    survey = Survey(
        bundle=bundle,
        plan=plan,
        cutoff=cutoff,
        standing=standing,
        funnel=Funnel(cutoff, zone),
        quarters=Quarters(cutoff, zone, digits),
        every=max(1, customers // SAMPLED),
    )
    for histories in parts:
        for _ in one_by_one(survey.add, histories):
            pass  # whoever cannot be scored is told of by the scoring itself
        advance(len(histories))
    return _told(survey, store)


def _told(survey: Survey, store: Store) -> Overview:
    bundle, plan = survey.bundle, survey.plan
    value = np.concatenate(survey.value)
    columns = dict(zip(RFM, np.concatenate(survey.rfm, axis=1), strict=True))
    matrix = policy_of("rfm7")
    ground = Ground(store.book, columns, bundle.spec, Past.of((), {}), survey.cutoff)
    rule = matrix.rule(matrix.learn(ground))
    assert isinstance(rule, GradedRule)
    return Overview(
        book=plan.book,
        model_version=bundle.version,
        plan_version=plan.version,
        cutoff=survey.cutoff,
        since=survey.since,
        currency=bundle.currency,
        horizon_days=bundle.horizons["lifetime_value"],
        customers=len(value),
        value=float(value.sum()),
        tiers=sizes(survey.now, value),
        classes=class_sizes(rule, columns, value),
        board=board(rule, columns, value),
        flows=flows(survey.then, survey.now, value),
        movers=_movers(store, survey.cutoff),
        warnings=foremost(survey.risen),
        stages=survey.funnel.told(),
        quarters=survey.quarters.told(rule),
        drivers=tuple(drivers(np.concatenate(survey.sample), bundle)),
    )


def _movers(store: Store, cutoff: int) -> tuple[Mover, ...]:
    """The surest of both lists; none at a cutoff that cannot tell rising from falling."""
    try:
        table = movers(store, cutoff, Window("orders", QUARTER_DAYS))
    except FeatureError:
        return ()
    found = table.group_by("direction", maintain_order=True).head(MOST_MOVERS)
    return tuple(Mover(**row) for row in found.drop("evidence").iter_rows(named=True))
