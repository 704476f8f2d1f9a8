"""Files that belong together: written whole or not at all, and read only when no byte was changed."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.drafts import write_durably
from data.store.manifest import locked
from training.errors import BundleError

MANIFEST = "MANIFEST.json"
DRAFT = ".draft-"


def canonical_json(plain: Any) -> bytes:
    """The same bytes for the same value; floats keep every digit."""
    return json.dumps(plain, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False).encode()


def version_of(files: Mapping[str, bytes]) -> str:
    """The first 16 hex digits of the SHA-256 of the manifest that lists every file's SHA-256."""
    return _digest(_manifest(files))[:16]


def write_whole(files: Mapping[str, bytes], shelf: Path) -> Path:
    """Writes the files under `shelf/<version>` and returns that folder, which appears complete or not at all.

    Drafts of processes that were killed are removed."""
    folder = shelf / version_of(files)
    shelf.mkdir(parents=True, exist_ok=True)
    with locked(shelf):
        _sweep(shelf)
        return folder if folder.exists() else _written(files, folder)


def _sweep(shelf: Path) -> None:
    """Removes the drafts on a shelf, whose writers no longer live: whoever writes one has the shelf's lock."""
    for left in shelf.glob(f"{DRAFT}*"):
        shutil.rmtree(left, ignore_errors=True)


def _written(files: Mapping[str, bytes], folder: Path) -> Path:
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=DRAFT))
    for name, content in {**files, MANIFEST: _manifest(files)}.items():
        write_durably(draft / name, content)
    return draft.rename(folder)


def read_verified(folder: Path) -> dict[str, bytes]:
    """Every file of the folder, once all of them match the manifest and the manifest matches the folder's name.

    Raises BundleError that names what is missing, added or changed.
    """
    if not (folder / MANIFEST).is_file():
        raise BundleError(f"no bundle at {folder}: {MANIFEST} is missing; run `python -m training fit` on its book")
    manifest = (folder / MANIFEST).read_bytes()
    if _digest(manifest)[:16] != folder.name:
        raise BundleError(f"bundle {folder}: {MANIFEST} was changed; it is not loaded")
    digests: dict[str, str] = json.loads(manifest)["files"]
    strangers = ({path.name for path in folder.iterdir()} - {MANIFEST}) ^ set(digests)
    if strangers:
        raise BundleError(f"bundle {folder}: {', '.join(sorted(strangers))} missing or added; it is not loaded")
    files = {name: (folder / name).read_bytes() for name in digests}
    for name, content in files.items():
        if _digest(content) != digests[name]:
            raise BundleError(f"bundle {folder}: {name} was changed; it is not loaded")
    return files


def _manifest(files: Mapping[str, bytes]) -> bytes:
    return canonical_json({"files": {name: _digest(files[name]) for name in sorted(files)}})


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
