"""Beside the published generations of a store: which one is current, of which book and which settings."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from data.errors import StoreError
from data.remote.folder import RemoteFolder

FORMAT = 2
POINTER = "current.json"


@dataclass(frozen=True, slots=True)
class Pointer:
    """The `settings` are the fingerprint of the book's, `buried` says how many had been forgotten, and `format` is that
    of what was published."""

    book: str
    settings: str
    generation: str
    buried: int = 0
    format: int = FORMAT


def move_pointer(folder: RemoteFolder, pointer: Pointer) -> None:
    """From now on whoever opens the store finds this."""
    folder.write(json.dumps(asdict(pointer)), POINTER)


def pointer_of(folder: RemoteFolder) -> Pointer | None:
    """What is current in a folder; None where nothing was published. StoreError where the pointer is of another
    program, or of a later version of this one."""
    text = folder.read(POINTER)
    if text is None:
        return None
    file = f"{folder.url}/{POINTER}"
    try:
        values = json.loads(text)
        known = {name: values[name] for name in ("book", "settings", "generation", "format")}
        pointer = Pointer(**known, buried=int(values.get("buried", 0)))
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{file}: not a pointer to a published store; choose another place, or remove it and publish again"
        ) from error
    if pointer.format > FORMAT:
        raise StoreError(
            f"{file}: expected format {FORMAT} of published stores, found {pointer.format}; use the version of "
            f"Tierwise that published it, or publish to another place"
        )
    return pointer
