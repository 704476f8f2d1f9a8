"""What can go wrong between gains, limits and places."""

from data.errors import TierwiseError


class CapacityError(TierwiseError):
    """Gains or limits that no assignment can be found for."""
