"""What can go wrong between a book and its judgement."""

from data.errors import TierwiseError


class EvaluationError(TierwiseError):
    """The past cannot be replayed as asked; the text says why and what to change."""
