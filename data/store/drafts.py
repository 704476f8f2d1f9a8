"""Files that are written under another name first, and are there whole or not at all."""

from __future__ import annotations

import secrets
from pathlib import Path


def draft_of(file: Path) -> Path:
    """A name beside the file that no other worker takes."""
    return file.with_name(f".{file.name}.{secrets.token_hex(4)}")
