"""Where under the working folder customers of one book may be named."""

import json
import mmap
import os
import re
from collections.abc import Iterator
from pathlib import Path

OWN = ("store", "bundles", "plans", "quarantine")
"""Folders of a book that ingest and training make; no other file of theirs is read here."""

WORLD = "world.json"
"""The mark of a folder that a simulation wrote: nobody in it is a person."""

SHORTEST = 4
SHORTEST_NUMBER = 8
"""Characters of the shortest id, and of the shortest of digits alone, that is searched for in any text; a shorter one
means something else too often."""


def files_of(book: str, home: Path) -> Iterator[Path]:
    """The files that are neither sources nor another book's, nor of the folders that are made anew."""
    own = home / book
    left_out = {home / "data", home / "bentoml", *(own / name for name in OWN)}
    for folder, folders, names in os.walk(home):
        places = {name: Path(folder, name) for name in sorted(folders)}
        folders[:] = [
            name
            for name, place in places.items()
            if place not in left_out and (place == own or not (_is_book(place) or (place / WORLD).is_file()))
        ]
        yield from (_meant(file) for name in sorted(names) if (file := Path(folder, name)).is_file())


def other_books(book: str, home: Path) -> list[Path]:
    """The folders of the other books."""
    return [folder for folder in home.iterdir() if folder.name != book and _is_book(folder)]


def foreign_versions(book: str, home: Path) -> frozenset[str]:
    """The versions of models and plans that only other books have."""
    others = {version for folder in other_books(book, home) for version in _versions(folder)}
    return frozenset(others - _versions(home / book))


def is_telling(customer_id: str) -> bool:
    """Whether a text that has the id in it probably means the customer."""
    return len(customer_id) >= (SHORTEST_NUMBER if customer_id.isdecimal() else SHORTEST)


def naming(customer_id: str, files: Iterator[Path]) -> list[Path]:
    """The files in whose bytes an id stands by itself; Parquet files, whose bytes say nothing, are left out."""
    spellings = {customer_id.encode("utf-8", "surrogatepass"), json.dumps(customer_id)[1:-1].encode()}
    alone = re.compile(rb"(?<![\w-])(?:" + b"|".join(map(re.escape, spellings)) + rb")(?![\w-])")
    return [file for file in files if file.suffix != ".parquet" and _holds(alone, file)]


def _is_book(folder: Path) -> bool:
    return any((folder / name).is_dir() for name in ("store", "bundles", "plans"))


def _meant(file: Path) -> Path:
    return file.resolve() if file.is_symlink() else file


def _versions(folder: Path) -> set[str]:
    plans = {file.stem for file in folder.glob("plans/*.json")}
    return plans | {bundle.name for bundle in folder.glob("bundles/*")}


def _holds(pattern: re.Pattern[bytes], file: Path) -> bool:
    if not file.is_file() or file.stat().st_size == 0:
        return False
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return pattern.search(content) is not None
