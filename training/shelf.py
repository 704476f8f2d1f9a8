"""Where a book's bundles stand, which one is current, and their listing in the BentoML model store."""

import os
from pathlib import Path

from training.bundle import Bundle
from training.errors import BundleError
from training.manifest import write_durably

HOME = Path(".tierwise")


def shelf(book: str, home: Path = HOME) -> Path:
    """The folder that holds a book's bundles, one folder a version."""
    return home / book / "bundles"


def promote(bundle: Bundle, home: Path = HOME) -> Path:
    """Saves a bundle and makes it the current one by one atomic rename; a kill leaves the old one current."""
    folder = bundle.save(shelf(bundle.book, home))
    pointer = home / bundle.book / "current"
    draft = pointer.with_suffix(f".{os.getpid()}")
    write_durably(draft, bundle.version.encode())
    draft.replace(pointer)
    return folder


def versions(book: str, home: Path = HOME) -> list[str]:
    """All versions of a book's bundles that were saved, sorted."""
    folder = shelf(book, home)
    return sorted(file.name for file in folder.glob("[!.]*") if file.is_dir()) if folder.is_dir() else []


def later_model(bundle: Bundle, home: Path = HOME) -> str | None:
    """The current version, where it answers the same question and has learnt from a later cutoff: a model of the past
    does not take its place."""
    try:
        standing = current_bundle(bundle.book, home)
    except BundleError:
        return None
    return standing.version if standing.settings == bundle.settings and standing.cutoff > bundle.cutoff else None


def current_version(book: str, home: Path = HOME) -> str:
    """The version that serves now. Raises BundleError where the book has none."""
    pointer = home / book / "current"
    if not pointer.is_file():
        raise BundleError(f"book {book} has no model yet: run `python -m training fit` on it")
    return pointer.read_text().strip()


def current_bundle(book: str, home: Path = HOME) -> Bundle:
    """The bundle that serves now, verified."""
    return Bundle.load(shelf(book, home) / current_version(book, home))


def list_in_bentoml(folder: Path, bundle: Bundle, home: Path = HOME) -> str:
    """Copies a saved bundle into the BentoML model store, a catalogue for people; answers its tag.

    The store stands under the working folder unless BENTOML_HOME says otherwise. What serves is decided by
    our own pointer: that store neither survives a kill nor checks what it holds.
    """
    os.environ.setdefault("BENTOML_HOME", str((home / "bentoml").resolve()))
    os.environ.setdefault("BENTOML_DO_NOT_TRACK", "true")
    import bentoml

    tag = f"tierwise_{bundle.book}:{bundle.version}".lower()
    try:
        return str(bentoml.models.get(tag).tag)
    except bentoml.exceptions.NotFound:
        pass
    labels = {"book": bundle.book, "currency": bundle.currency}
    with bentoml.models.create(tag, labels=labels, metadata={"horizons": dict(bundle.horizons)}) as model:
        for file in folder.iterdir():
            Path(model.path_of(file.name)).write_bytes(file.read_bytes())
    return tag
