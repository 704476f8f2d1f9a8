"""What the pages share: their templates, and how a day is written."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def templates() -> "Environment":
    """The shipped templates; what stands in one without a value is an error, and all text of pages is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, disabled_extensions=("md",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def written_day(iso: str) -> str:
    """An ISO date as people write it."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"
