"""What every table of a book's TOML file has in common."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

BOOK_NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"
SOURCE_NAME = r"^\w[\w .-]*$"  # names become file names
SIGNAL_NAME = r"^[a-z][a-z0-9_]*$"
NAMES = {
    BOOK_NAME: "expected letters, digits, _ and -, beginning with a letter or digit",
    SOURCE_NAME: "expected letters, digits, blanks, _ . and -, beginning with a letter or digit",
    SIGNAL_NAME: "expected small letters, digits and _, beginning with a letter",
}
"""What the patterns of names ask for."""


class Declared(BaseModel):
    """A table of the TOML file: unknown keys, wrong types, inf and nan are refused, nothing changes afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def frozen(value: Any) -> Any:
    """Plain values of TOML or JSON with tuples for lists, as a declaration takes them."""
    if isinstance(value, dict):
        return {key: frozen(entry) for key, entry in value.items()}
    return tuple(map(frozen, value)) if isinstance(value, list) else value
