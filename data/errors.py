"""What a user can put right: every error here says what was wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class TierwiseError(Exception):
    """Base of every error that is meant for a user of any room; doors print its text and no traceback."""


class BookError(TierwiseError):
    """A book's settings cannot be used."""


class SourceError(TierwiseError):
    """A source, or an event handed over by a caller, cannot be read."""


class StoreError(TierwiseError):
    """What lies under the working folder cannot be used."""


class EngineError(TierwiseError):
    """Where work was to be done (see `data.engines`), it cannot be."""


class RemoteError(TierwiseError):
    """A place that a URL names cannot be used."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?` for the known word nearest to `word`, or nothing."""
    matches = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{matches[0]}"?' if matches else ""


def listed(words: Iterable[str]) -> str:
    """The words in one line, as error texts show them."""
    return ", ".join(words) or "nothing"
