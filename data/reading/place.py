"""Finding the files that a book's places name, and telling whether they changed."""

from __future__ import annotations

import importlib.metadata
import os
from pathlib import Path

from data.errors import SourceError, did_you_mean, listed
from data.settings.book import Book
from data.settings.source import SUFFIXES, Format, Place

WORKING = Path(".tierwise")
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
VARIABLE = "TIERWISE_DATA"


def files_of(place: Place, book: Book, home: Path) -> list[Path]:
    """The files of a place, sorted by name within one pattern; SourceError when there are none."""
    if place.package:
        return [_packaged(place.package, path) for path in place.path]
    if place.search:
        return _searched(place, book, home)
    directory = place.directory or book.directory
    return [file for path in place.path for file in _matching(directory, path)]


def format_of(place: Place, file: Path) -> Format:
    """The declared format, else the one of the file's suffix."""
    if place.format is not None:
        return place.format
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        raise SourceError(f'{file}: format: unknown suffix "{suffix}"; expected {listed(SUFFIXES)}, or set format')
    return SUFFIXES[suffix]


def _matching(directory: Path, path: str) -> list[Path]:
    absolute = Path(path).expanduser()
    root, pattern = (Path(absolute.anchor), str(absolute.relative_to(absolute.anchor)))
    if not absolute.is_absolute():
        root, pattern = directory, path
    found = sorted(file for file in root.glob(pattern) if file.is_file()) if "*" in path else []
    if "*" not in path and (root / pattern).is_file():
        found = [root / pattern]
    if not found:
        raise SourceError(f"{root / pattern}: no such file{_near(root / pattern)}")
    return found


def _near(missing: Path) -> str:
    if not missing.parent.is_dir():
        return f"; the folder {missing.parent} does not exist"
    return did_you_mean(missing.name, [file.name for file in missing.parent.iterdir()])


def _packaged(package: str, path: str) -> Path:
    try:
        entries = importlib.metadata.files(package) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise SourceError(f'package "{package}" is not installed; install it with: pip install {package}') from error
    for entry in entries:
        if entry.as_posix() == path and Path(str(entry.locate())).is_file():
            return Path(str(entry.locate()))
    data = [entry.as_posix() for entry in entries if entry.suffix in SUFFIXES]
    raise SourceError(f'package "{package}" has no file "{path}"; it has {listed(data)}')


def _searched(place: Place, book: Book, home: Path) -> list[Path]:
    """The files of the first name found in the first folder that has one."""
    names, places = place.path, search_places(book, home)
    for folder in places:
        if folder.is_file() and folder.name in names:
            return [folder]
        for name in names:
            if found := _named(folder, name):
                return found
    given = book.search_path
    if given is not None and given.is_file():
        return [given]
    searched = "\n  ".join(_described(folder, home) for folder in places)
    raise SourceError(
        f"book {book.name}: expected {' or '.join(names)}, found it in none of\n  {searched}\n{_advice(place)}"
    )


def _named(folder: Path, name: str) -> list[Path]:
    """The files of one name, which may hold `*`, in one folder."""
    found = folder.glob(name) if "*" in name else [folder / name]
    return sorted(file for file in found if file.is_file())


def _advice(place: Place) -> str:
    if place.made_by is not None:
        return f"Make them with: {place.made_by}\nor name their folder with --path or ${VARIABLE}."
    return f"Put the file into one of these, or name its file or folder with --path or ${VARIABLE}."


def search_places(book: Book, home: Path) -> list[Path]:
    """Where files are searched for: --path, $TIERWISE_DATA, the working folder, and beside the checkout."""
    given = [book.search_path] if book.search_path is not None else []
    variable = [Path(os.environ[VARIABLE])] if os.environ.get(VARIABLE) else []
    return [*given, *variable, home / "data", BESIDE]


def _described(place: Path, home: Path) -> str:
    if place == home / "data":
        return f"{place} (working folder)"
    return f"{place} (beside the checkout)" if place == BESIDE else str(place)
