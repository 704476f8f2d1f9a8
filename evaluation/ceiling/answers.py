"""What each model says of customers whom none of them has seen, beside what was to be expected and what came."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.clock import local_date
from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.ceiling.lesson import true_label
from evaluation.ceiling.truth import Truth
from evaluation.comparison import OURS
from evaluation.purchases import pareto_churn, pareto_value
from evaluation.question import Question
from evaluation.scoring import BLOCK, Forecast, scores
from features.build import build_features
from training.bundle import Bundle
from training.horizons import horizons
from training.labels import TARGETS, label, population

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

CEILING = "ceiling"
PARETO = "pareto_nbd"
TRUTH = "truth"


@dataclass(frozen=True)
class Answers:
    """Of n customers: `said` by target and model, `expected` and what `came` by target, all (n,), in the target's
    unit; who had `bought` by the cutoff, and our forecast of `money` with its intervals."""

    said: Mapping[str, Mapping[str, Floats]]
    expected: Mapping[str, Floats]
    came: Mapping[str, Floats]
    bought: Flags
    money: Forecast

    @property
    def chance_of_buying(self) -> Floats:
        """Our probability of an order within the horizon of conversion, shape (n,), for buyers and prospects alike."""
        return self.said["conversion"][OURS]


def answers_of(
    book: Book,
    unseen: Histories,
    taught: Histories,
    cutoff: int,
    bundles: tuple[Bundle, Bundle],
    truth: Truth,
    advance: Callable[[str], None],
) -> Answers:
    """Asks ours and the ceiling, in this order in `bundles`, of everybody `unseen` with an event known at `cutoff`
    (µs); Pareto/NBD is fitted on `taught`. Only what came is read from events after it."""
    unseen = unseen.select(np.flatnonzero(population(unseen, cutoff, "everyone")))
    known = unseen.known_by(cutoff)
    day, days = local_date(cutoff, book.time_zone), horizons(book)
    ids = list(unseen.customer_ids)
    advance(f"answering for {len(ids):,} unseen customers")
    ours, ceiling = scores(known, cutoff, bundles[0]), predictions(known, cutoff, bundles[1])
    said = {target: {OURS: ours[target].prediction, CEILING: ceiling[target]} for target in TARGETS}
    advance("asking Pareto/NBD")
    for target, forecast in (("lifetime_value", pareto_value), ("churn", pareto_churn)):
        asked, learnt = (Question(book, whom, cutoff, target, days[target]) for whom in (known, taught))
        said[target][PARETO] = forecast(asked, learnt)
    return Answers(
        said=said,
        expected={target: true_label(truth, ids, day, target, days[target]) for target in TARGETS},
        came={target: label(unseen, cutoff, target, days[target], book) for target in TARGETS},
        bought=population(known, cutoff, "buyers"),
        money=ours["lifetime_value"],
    )


def predictions(known: Histories, cutoff: int, bundle: Bundle) -> dict[str, Floats]:
    """The scores of a bundle that is judged but never served, by target; features in blocks, to spare memory."""
    blocks = []
    for start in range(0, len(known), BLOCK):
        block = known.select(np.arange(start, min(start + BLOCK, len(known))))
        blocks.append(bundle.predict(build_features(block, [cutoff], bundle.spec)[0]))
    return {target: np.concatenate([getattr(block, target) for block in blocks]) for target in TARGETS}
