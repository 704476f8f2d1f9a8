"""The first half of a policy: from the whole book to a plan."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from data.settings.book import Book
from serving.errors import PlanError
from serving.ledger.previous import Previous
from serving.plan import Plan
from serving.tiers.gather import Gathered
from serving.tiers.ladder import TIERS
from serving.tiers.moves import Moves
from serving.tiers.policies import Ground, policy_of
from serving.tiers.rule import Rule
from serving.tiers.stability import Past
from training.bundle import Bundle


def needed(book: Book, bundle: Bundle, policy: str | None = None) -> tuple[str, ...]:
    """The columns that the book's policy (or another) learns from and assigns by."""
    return policy_of(policy or book.tiers.policy).columns(book.tiers, bundle.spec)


def fit(
    found: Gathered,
    book: Book,
    bundle: Bundle,
    cutoff: int,
    *,
    previous: Mapping[str, Previous] | None = None,
    policy: str | None = None,
) -> Plan:
    """The plan of a book whose customers were `found` at `cutoff` (µs UTC), by its policy or another one.

    The tiers that customers had before count where capacity is shared out. PlanError for a book without customers, and
    for what the policy cannot learn from.
    """
    name = policy or book.tiers.policy
    if not found.customers:
        raise PlanError(f"book {book.name}: nobody has an event by the cutoff; there are no tiers to cut")
    chosen = policy_of(name)
    past = Past.of(found.customers, previous or {})
    learnt = chosen.learn(Ground(book, found.columns, bundle.spec, past, cutoff))
    rule = chosen.rule(learnt)
    places = rule.places(found.columns)
    return Plan(
        policy=name,
        book=book.name,
        model_version=bundle.version,
        cutoff=cutoff,
        currency=bundle.currency,
        horizon_days=bundle.horizons["lifetime_value"],
        customers=len(found.customers),
        settings=getattr(book.tiers, name).model_dump(mode="json"),
        learnt=learnt,
        moves=_moves(rule, found),
        stability=book.tiers.stability.model_dump(mode="json"),
        counts={tier: int(np.sum(places == place)) for place, tier in enumerate(TIERS)},
    )


def _moves(rule: Rule, found: Gathered) -> dict[str, Any]:
    if not found.known_then.any():
        return {}
    now = {name: column[found.known_then] for name, column in found.columns.items()}
    return Moves.learn(rule, found.then, now).to_dict()
