"""What the files of a bucket and their columns are called."""

from __future__ import annotations

STATEMENT = ("values", "known", "expires")
"""The fields of what was stated on a profile column."""

MARGINS = ("margin", "margined")
"""Left out of a bucket where no event has one."""

WORDS: tuple[str, ...] = ("type", "product", "category", "channel", "attributes", "order_id", "source")
"""Kept beside the numbers so that a timeline or an export can say what they stand for."""


def events_file(number: int) -> str:
    return f"events-{number:04}.arrow"


def customers_file(number: int) -> str:
    return f"customers-{number:04}.arrow"


def profile_column(name: str) -> str:
    return f"profile.{name}"


def word_column(name: str) -> str:
    return f"word.{name}"
