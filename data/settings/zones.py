"""Names of time zones."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from data.errors import did_you_mean


def known_zone(name: str | None) -> str | None:
    """The name itself; ValueError with a suggestion when no such zone exists."""
    if name is None:
        return None
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(f'"{name}" is not a time zone{did_you_mean(name, available_timezones())}') from error
    return name
