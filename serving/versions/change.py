"""Another model version becomes the current one: only after it was verified and tried out."""

from pathlib import Path

from data.settings.book import Book
from training.bundle import Bundle
from training.canary import try_out
from training.errors import BundleError
from training.shelf import current_version, folder_of, make_current, point_to, saved_bundle, versions_before


def sound(book: Book, version: str, home: Path) -> Bundle:
    """The bundle of a version, after a process of its own has loaded it and answered its golden rows.

    Raises BundleError where it is absent, damaged, of another book or other settings, or fails there.
    """
    try_out(folder_of(book.name, version, home))
    bundle = saved_bundle(book.name, version, home)
    bundle.require_settings(book)
    return bundle


def promote(book: Book, version: str, home: Path) -> Bundle:
    """Makes a saved version the current one; a server takes it up on the fly. Raises BundleError as `sound`."""
    bundle = sound(book, version, home)
    make_current(book.name, version, home)
    return bundle


def roll_back(book: Book, home: Path) -> tuple[str, Bundle]:
    """Makes the version current again that was so before; answers the one that was current, and the bundle.

    Raises BundleError where none was, or as `sound`.
    """
    current = current_version(book.name, home)
    before = versions_before(book.name, home)
    if not before:
        raise BundleError(
            f"book {book.name}: no model was current before {current}; "
            "`python -m serving models` lists the versions, `promote` takes any of them"
        )
    bundle = sound(book, before[0], home)
    point_to(book.name, before[0], home)
    return current, bundle
