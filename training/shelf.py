"""Where a book's bundles stand, which one is current, and their listing in the BentoML model store."""

import json
import os
from pathlib import Path

from data.drafts import replace_durably
from data.store.manifest import locked
from training.bundle import Bundle
from training.errors import BundleError
from training.manifest import canonical_json

HOME = Path(".tierwise")
KEPT = 50
"""So many promotions are remembered for a rollback."""


def shelf(book: str, home: Path = HOME) -> Path:
    """The folder that holds a book's bundles, one folder a version."""
    return home / book / "bundles"


def promote(bundle: Bundle, home: Path = HOME) -> Path:
    """Saves a bundle and makes it the current one by one atomic rename; a kill leaves the old one current."""
    folder = bundle.save(shelf(bundle.book, home))
    make_current(bundle.book, bundle.version, home)
    return folder


def make_current(book: str, version: str, home: Path = HOME) -> None:
    """Makes a saved version the current one by one atomic rename, and remembers which one was current before.

    A kill leaves the old version current, or the new one. What was promoted after the old one and then taken
    back by a rollback is forgotten.
    """
    with locked(shelf(book, home)):
        earlier = [each for each in _until_now(book, home) if each != version]
        replace_durably(_history(book, home), canonical_json([*earlier, version][-KEPT:]))
        point_to(book, version, home)


def point_to(book: str, version: str, home: Path = HOME) -> None:
    """Moves the pointer alone, by one atomic rename: what a rollback does."""
    replace_durably(_pointer(book, home), version.encode())


def versions_before(book: str, home: Path = HOME) -> list[str]:
    """The versions that were current before the present one, the latest first; none where nobody remembers."""
    until_now = _until_now(book, home)
    return until_now[-2::-1]


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
    pointer = _pointer(book, home)
    if not pointer.is_file():
        raise BundleError(f"book {book} has no model yet: run `python -m training fit` on it")
    return pointer.read_text().strip()


def saved_bundle(book: str, version: str, home: Path = HOME) -> Bundle:
    """A bundle that was saved, verified. Raises BundleError where there is none of that name, or it is damaged."""
    return Bundle.load(folder_of(book, version, home))


def folder_of(book: str, version: str, home: Path = HOME) -> Path:
    """Where a saved version lies. Raises BundleError for a version that nobody saved."""
    known = versions(book, home)
    if version not in known:
        raise BundleError(f"book {book} has no model {version}; its models are {', '.join(known) or 'none'}")
    return shelf(book, home) / version


def current_bundle(book: str, home: Path = HOME) -> Bundle:
    """The bundle that serves now, verified."""
    return Bundle.load(shelf(book, home) / current_version(book, home))


def _pointer(book: str, home: Path) -> Path:
    return home / book / "current"


def _history(book: str, home: Path) -> Path:
    return home / book / "promoted.json"


def _until_now(book: str, home: Path) -> list[str]:
    """What was promoted, up to and with the present version, each named once."""
    pointer, history = _pointer(book, home), _history(book, home)
    if not pointer.is_file():
        return []
    current = current_version(book, home)
    promoted: list[str] = json.loads(history.read_bytes()) if history.is_file() else []
    return promoted[: promoted.index(current) + 1] if current in promoted else [*promoted, current]


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
