"""What can go wrong between histories and features."""

from data.errors import TierwiseError


class FeatureError(TierwiseError):
    """Histories, a specification or a request that no feature table can be built from."""
