"""What indicators are measured with: the book's settings, and where a bundle's features stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from data.contact import CONTACT
from data.settings.book import Book
from data.settings.indicators import IndicatorSettings
from data.settings.source import Source
from training.bundle import Bundle

Floats = NDArray[np.float64]

Gathering = tuple[NDArray[np.int64], NDArray[np.int64]]
"""The columns of features, and which of them are not told."""

ASKING = ("inquiry", "quote", "sample", "visit", "content", "meeting")
"""Roles of events in which a customer seeks us; an answer to our own contact is none."""

NEEDED_ROLES: dict[str, tuple[str, ...]] = {
    "interactions_91d": ASKING,
    "interactions_rise_91d": (*ASKING, "response"),
    "engagement_depth_30d": (*ASKING, "response"),
    "support_tickets_91d": ("support",),
}
"""Counts that are 0, and mean nothing, where a book has none of these roles."""

OF_LINES = {
    "products": "product",
    "categories": "category",
    "new_categories_91d": "category",
}
"""Counts that are 0 where no source tells this of an event."""

OF_CONTACTS = ("contacts_seen", "active_contacts_91d")


@dataclass(frozen=True, eq=False)
class Yardstick:
    """A book and the bundle that reads its customers. Made once; places of features are looked up once."""

    book: Book
    bundle: Bundle

    @cached_property
    def settings(self) -> IndicatorSettings:
        """Those of the book."""
        return self.book.indicators

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The column of every feature that means something in this book."""
        return {name: place for place, name in enumerate(self.bundle.spec.names) if self._means_something(name)}

    @cached_property
    def ratings(self) -> tuple[str, ...]:
        """The features that hold strategic ratings; one that the bundle has not seen is none."""
        return tuple(f"profile_{name}" for name in self.settings.strategic if f"profile_{name}" in self.places)

    @cached_property
    def weights(self) -> Floats:
        """Those of the parts of health, (4,)."""
        return np.array(self.settings.health.weights)

    @cached_property
    def scales(self) -> Floats:
        """Those of the parts of health, (5,)."""
        health = self.settings.health
        counts = (float(health.full_streak), float(health.full_repeats))
        return np.array([*counts, health.interaction_half, health.breadth_half, health.worst_delay])

    def columns_of(self, names: tuple[str, ...]) -> Gathering:
        """Where features stand."""
        if names not in self._gatherings:
            places = np.array([self.places.get(name, 0) for name in names], np.int64)
            self._gatherings[names] = places, np.array([n for n, name in enumerate(names) if name not in self.places])
        return self._gatherings[names]

    @cached_property
    def _gatherings(self) -> dict[tuple[str, ...], Gathering]:
        return {}

    @cached_property
    def without_cost(self) -> Book:
        """The book as if serving its customers cost nothing."""
        return self.book.model_copy(update={"service_cost": {}})

    def seen(self, features: Floats) -> "Seen":
        """The features (n, f) of n customers, by name."""
        return Seen(self, features)

    def _means_something(self, feature: str) -> bool:
        if feature in OF_LINES:
            return any(_tells(source, OF_LINES[feature]) for source in self.book.sources)
        if feature in OF_CONTACTS:
            return any(CONTACT in source.columns.attributes for source in self.book.sources)
        roles = NEEDED_ROLES.get(feature)
        return roles is None or not set(roles).isdisjoint(self.book.roles.values())


class Seen:
    """The features (n, f) of n customers by name; nan for what a book or a bundle does not tell."""

    __slots__ = ("_places", "columns", "count", "nothing", "yardstick")

    def __init__(self, yardstick: Yardstick, features: Floats) -> None:
        self.yardstick = yardstick
        self.columns = features.T
        self.count = len(features)
        self.nothing = np.full(self.count, np.nan)
        self._places = yardstick.places

    def __getitem__(self, name: str) -> Floats:
        place = self._places.get(name)
        column: Floats = self.nothing if place is None else self.columns[place]
        return column

    def gathered(self, names: tuple[str, ...]) -> Floats:
        """Several features, (len(names), n)."""
        places, lacking = self.yardstick.columns_of(names)
        together: Floats = self.columns.take(places, axis=0)
        if len(lacking):
            together[lacking] = np.nan
        return together


def _tells(source: Source, field: str) -> bool:
    return bool(getattr(source, field) or getattr(source.columns, field))
