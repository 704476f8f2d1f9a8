"""Who at the customer took part in an event: its attribute `contact`."""

from __future__ import annotations

from collections.abc import Mapping

CONTACT = "contact"


def contact_of(attributes: Mapping[str, str] | None) -> str | None:
    """The contact that the attributes of an event name."""
    return attributes.get(CONTACT) if attributes else None
