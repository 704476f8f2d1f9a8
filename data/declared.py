"""What every table of a book's TOML file has in common."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Declared(BaseModel):
    """A table of the TOML file: unknown keys and wrong types are refused, nothing changes afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def frozen(value: Any) -> Any:
    """Plain values of TOML or JSON with tuples for lists, as a declaration takes them."""
    if isinstance(value, dict):
        return {key: frozen(entry) for key, entry in value.items()}
    return tuple(map(frozen, value)) if isinstance(value, list) else value
