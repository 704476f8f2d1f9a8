"""What can go wrong between a table of features and a model that can be trusted."""

from data.errors import TierwiseError


class TrainingError(TierwiseError):
    """The data cannot teach what was asked; the text says what is missing and what still works."""


class BundleError(TierwiseError):
    """A bundle is absent, damaged, or not the one its manifest describes."""
