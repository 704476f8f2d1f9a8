"""What a saved bundle says of itself, read without parsing its trees."""

import json
from dataclasses import dataclass
from pathlib import Path

from data.settings.book import Book
from training.bundle_text import FORMAT
from training.errors import BundleError
from training.manifest import read_verified
from training.settings import settings_of
from training.shelf import current_version, shelf, versions, versions_before

OTHER_FORMAT = "has format {found}, this program reads {wanted}; train again"
OTHER_BOOK = "is of book {found}"
OTHER_SETTINGS = "answers for other settings of the book; train again"


@dataclass(frozen=True)
class Label:
    """A version on the shelf: its training cutoff (µs UTC; None where it cannot be read), whether it answers now, its
    place among those that answered before (1 for the one just before), and why it cannot answer."""

    version: str
    cutoff: int | None
    current: bool
    before: int | None
    refused: str | None


def labels(book: Book, home: Path) -> list[Label]:
    """Every saved version of a book, the latest training cutoff first. Raises BundleError where it has none."""
    current, before = current_version(book.name, home), versions_before(book.name, home)
    found = []
    for version in versions(book.name, home):
        cutoff, refused = _read(shelf(book.name, home) / version, book)
        place = before.index(version) + 1 if version in before else None
        found.append(Label(version, cutoff, version == current, place, refused))
    return sorted(found, key=lambda label: (-(label.cutoff or 0), label.version))


def _read(folder: Path, book: Book) -> tuple[int | None, str | None]:
    """Cutoff and obstacle of the bundle in a folder."""
    try:
        plain = json.loads(read_verified(folder)["bundle.json"])
    except (BundleError, OSError) as error:
        return None, str(error)
    if plain.get("format") != FORMAT:
        return plain.get("cutoff"), OTHER_FORMAT.format(found=plain.get("format"), wanted=FORMAT)
    if plain["book"] != book.name:
        return plain["cutoff"], OTHER_BOOK.format(found=plain["book"])
    return plain["cutoff"], None if plain["settings"] == settings_of(book) else OTHER_SETTINGS
