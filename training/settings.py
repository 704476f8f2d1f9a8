"""The settings of a book that a model answers for."""

import hashlib

from data.settings.book import Book
from training.manifest import canonical_json


def settings_of(book: Book) -> str:
    """SHA-256 in hex of the settings that a model answers for."""
    names = ("currency", "minor_digits", "time_zone", "roles", "value", "margin", "service_cost", "targets")
    return hashlib.sha256(canonical_json({name: book.settings()[name] for name in names})).hexdigest()
