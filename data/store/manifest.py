"""What a store says of itself, and which of its generations is current."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from data.account import Account, account_from
from data.drafts import replace_durably
from data.errors import StoreError

FORMAT = 4
MANIFEST = "manifest.json"
WORK = "work"
"""In the folder of a generation that is being built: what is gone when it is finished."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a generation holds, and the instants of its first and last event."""

    buckets: int
    customers: int
    events: int
    first_time: int
    last_time: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation of a store: from what it was made, what it holds, and the row accounts.

    `forgotten` is the version of the tombstones whose customers it leaves out.
    """

    book: str
    fingerprint: str
    appended_through: int
    totals: Totals
    accounts: tuple[Account, ...]
    sizes: Mapping[str, int]
    format: int = FORMAT
    forgotten: str = ""


def write_manifest(manifest: Manifest, folder: Path) -> None:
    replace_durably(folder / MANIFEST, text_of(manifest).encode())


def text_of(manifest: Manifest) -> str:
    """The manifest as it is written."""
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1)


def read_manifest(folder: Path) -> Manifest:
    """StoreError for another format version or an unreadable file."""
    file = folder / MANIFEST
    advice = f"remove the folder {folder.parent} and run the command again, it is made anew from the sources"
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise StoreError(f"{file}: not a readable manifest; {advice}") from error
    return manifest_of(text, str(file), advice)


def manifest_of(text: str, place: str, advice: str) -> Manifest:
    """What a manifest says that was read from a place; StoreError, with what to do, where it says nothing to us."""
    try:
        values = json.loads(text)
        version = values["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{place}: not a readable manifest; {advice}") from error
    if version != FORMAT:
        raise StoreError(f"{place}: expected store format {FORMAT}, found {version}; {advice}")
    try:
        accounts = tuple(account_from(account) for account in values["accounts"])
        return Manifest(**{**values, "totals": Totals(**values["totals"]), "accounts": accounts})
    except (TypeError, KeyError) as error:
        raise StoreError(f"{place}: not a readable manifest; {advice}") from error


def is_outdated(folder: Path) -> bool:
    """Whether an earlier version made this generation, so that it has to be made anew."""
    try:
        return int(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["format"]) < FORMAT
    except (OSError, ValueError, KeyError, TypeError):
        return False


def whole(manifest: Manifest, folder: Path) -> bool:
    """Whether every file of the generation is there in its full size."""
    files = {name: folder / name for name in manifest.sizes}
    return all(file.is_file() and file.stat().st_size == manifest.sizes[name] for name, file in files.items())


def current_generation(stores: Path) -> Path | None:
    """The folder of the current generation, if one was ever finished."""
    try:
        return stores / (stores / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


def begun_generation(stores: Path, inputs: str) -> Path:
    """A folder to build the next generation in: that of an interrupted ingest with the same inputs, else an empty one.
    What other ingests left behind is removed."""
    stores.mkdir(parents=True, exist_ok=True)
    begun = None
    for left in sorted(stores.glob("building-*")):
        if _inputs(left) == inputs:
            begun = left
        else:
            shutil.rmtree(left)
    return begun or _new_generation(stores, inputs)


def _new_generation(stores: Path, inputs: str) -> Path:
    numbers = [int(folder.name) for folder in stores.iterdir() if folder.name.isdecimal()]
    building = stores / f"building-{max(numbers, default=0) + 1:06}"
    (building / WORK).mkdir(parents=True)
    replace_durably(building / WORK / "inputs", inputs.encode())
    return building


def _inputs(building: Path) -> str | None:
    try:
        return (building / WORK / "inputs").read_text(encoding="utf-8")
    except OSError:
        return None


def commit_generation(building: Path, stores: Path) -> Path:
    """Makes a finished folder the current generation in one step, and removes all others."""
    finished = stores / building.name.removeprefix("building-")
    building.rename(finished)
    replace_durably(stores / "current", finished.name.encode())
    sweep_generations(stores)
    return finished


def sweep_generations(stores: Path) -> None:
    """Removes every generation but the current one; whoever builds one meanwhile loses it (see `locked`)."""
    current = current_generation(stores)
    for folder in stores.iterdir() if current is not None else ():
        if folder.is_dir() and folder != current:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def locked(folder: Path, name: str = "lock") -> Iterator[None]:
    """One ingest at a time, or one of whatever has a lock of that name; others wait. The lock ends with the process
    that holds it."""
    import fcntl

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
