"""A maker of machines whose book tells everything, and customers given as features."""

from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.settings.book import Book
from data.settings.declared import frozen
from features.profile import ProfileFeature
from features.spec import FeatureSpec
from serving.indicators.measure import Measured, measure
from serving.indicators.value import Past
from serving.indicators.yardstick import Yardstick
from serving.reasons.account import Accountant
from training.scores import Scores

Floats = NDArray[np.float64]

ROLES = {
    "order": "purchase",
    "credit": "return",
    "paid": "payment",
    "ask": "inquiry",
    "offer": "quote",
    "look": "visit",
    "mail": "touch",
    "reply": "response",
    "call": "meeting",
    "ticket": "support",
    "nps": "survey",
}
SOURCE = {
    "name": "events",
    "path": "events.csv",
    "columns": {
        "customer_id": "customer",
        "time": "time",
        "type": "type",
        "amount": "amount",
        "product": "product",
        "category": "category",
        "attributes": {"contact": "contact"},
    },
}
RATINGS = ("strategic_fit", "reference_value")
PROFILE = {
    "name": "ratings",
    "path": "ratings.csv",
    "customer_id": "customer",
    "known_time": "rated_on",
    "columns": {**dict.fromkeys(RATINGS, "number"), "country": "category"},
}
SETTINGS = {
    "name": "machines",
    "currency": "EUR",
    "time_zone": "Europe/Berlin",
    "roles": ROLES,
    "sources": [SOURCE],
    "profiles": [PROFILE],
}
HORIZON = 73
"""Days; a fifth of a year."""

NOON = 1_700_000_000_000_000


def book_of(**settings: Any) -> Book:
    """The machine maker's book; `settings` stand beside or instead of its own."""
    return Book.model_validate(frozen(SETTINGS | settings))


def yardstick_of(lacking: tuple[str, ...] = (), **settings: Any) -> Yardstick:
    """That of a book with these settings; `lacking` features are unknown to its bundle."""
    book = book_of(**settings)
    rated = tuple(ProfileFeature(name, "number") for name in RATINGS if f"profile_{name}" not in lacking)
    known = tuple(name for name in FeatureSpec(book.time_zone, 2).columns if name not in lacking)
    spec = FeatureSpec(book.time_zone, 2, rated, known)
    bundle: Any = SimpleNamespace(
        spec=spec,
        currency=book.currency,
        horizons=dict.fromkeys(("lifetime_value", "conversion", "churn"), HORIZON),
        typical=np.ones(len(spec.names)),
        version=f"{book.name} {lacking}",
    )
    return Yardstick(book, bundle)


WHOLE = yardstick_of()


def features_of(yardstick: Yardstick, given: dict[str, Any]) -> Floats:
    """The features of customers of whom this is given, a number or one for each; nothing else can be told."""
    count = max((len(value) for value in given.values() if isinstance(value, list)), default=1)
    features = np.full((count, len(yardstick.bundle.spec.names)), np.nan)
    for name, value in given.items():
        features[:, yardstick.bundle.spec.names.index(name)] = value
    return features


def measured_of(yardstick: Yardstick = WHOLE, value: Any = 0.0, past: Past | None = None, **given: Any) -> Measured:
    """What is measured of customers with these features and this lifetime value."""
    features = features_of(yardstick, given)
    nothing = np.full(len(features), np.nan)
    return measure(features, Scores(np.zeros(len(features)) + value, nothing, nothing), yardstick, past)


def accountant_of(yardstick: Yardstick, language: Any = "en") -> Accountant:
    """One who tells in a language."""
    return Accountant.at(NOON, yardstick.bundle, language, {})
