"""Books on disk: finding the TOML file, and laying a book over the one it extends."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from data.errors import BookError, did_you_mean, listed

SHIPPED = Path(__file__).parents[1] / "books"


def shipped_books() -> tuple[str, ...]:
    """The names of the shipped books."""
    return tuple(sorted(file.stem for file in SHIPPED.glob("*.toml")))


def shipped_file(name: str) -> Path:
    """Where the shipped book of that name lies."""
    return SHIPPED / f"{name}.toml"


def book_file(name_or_path: str) -> Path:
    """The TOML file of a shipped book's name or of a path; BookError when there is none."""
    shipped = shipped_file(name_or_path)
    if name_or_path in shipped_books():
        return shipped
    file = Path(name_or_path)
    if file.suffix == ".toml" and file.is_file():
        return file.resolve()
    names = shipped_books()
    absent = "no such file; " if file.suffix == ".toml" or len(file.parts) > 1 else ""
    raise BookError(
        f'book "{name_or_path}": {absent}expected a shipped book ({listed(names)}) or the path of a TOML file'
        f"{did_you_mean(name_or_path, names)}"
    )


def read_settings(file: Path, below: tuple[Path, ...] = ()) -> dict[str, Any]:
    """The settings of a file, laid over those of the book it extends; BookError for an unreadable one."""
    if file in below:
        raise BookError(f"{file}: extends: the books extend each other in a circle")
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BookError(f"{file}: not a readable TOML file: {error}") from error
    _place(data, file.parent)
    base = _base(data, file)
    return data if base is None else _merged(read_settings(base, (*below, file)), data)


def lineage(file: Path) -> tuple[Path, ...]:
    """The file of a readable book, and those that it extends, the nearest first."""
    base = _base(tomllib.loads(file.read_text(encoding="utf-8-sig")), file)
    return (file,) if base is None else (file, *lineage(base))


def _base(data: dict[str, Any], file: Path) -> Path | None:
    """The file that a book extends."""
    extends = data.get("extends")
    if not isinstance(extends, str):
        return None
    sibling = file.parent / f"{extends}.toml"
    return sibling if sibling.is_file() else book_file(_beside(extends, file))


def _beside(extends: str, file: Path) -> str:
    return str(file.parent / extends) if extends.endswith(".toml") else extends


def _place(data: dict[str, Any], directory: Path) -> None:
    """Tells every declared place the folder that its relative paths start from."""
    for key in ("sources", "profiles"):
        for entry in data.get(key, ()) if isinstance(data.get(key), list) else ():
            if isinstance(entry, dict):
                joins = entry.get("joins", [])
                for place in (entry, *(joins if isinstance(joins, list) else ())):
                    if isinstance(place, dict):
                        place.setdefault("directory", directory)


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = below.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
