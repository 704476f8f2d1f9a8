"""Publishing a store: a copy of its generation under a URL, for workers that share no disk."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

from data.drafts import replace_durably
from data.errors import StoreError
from data.remote.folder import RemoteFolder
from data.store.at import StoreAt
from data.store.manifest import MANIFEST, text_of
from data.store.published import FORMAT, POINTER, PublishedAt, pointer_of, words_file
from data.store.store import Store

HASHED = ("type", "product", "category", "channel")
PUBLISHED = "published.json"
NAME = 16
"""So many hexadecimal digits has the name of a generation that was published."""

Advance = Callable[[int], None]


def publish(store: Store, url: str, advance: Advance) -> PublishedAt:
    """Copies a compacted store under a URL, and makes it the current one there; answers where it lies.

    Files first, then the manifest, then the pointer: readers see the old store or the new one. What lies there in its
    full size is not sent again, so that a publication that was cut off goes on where it was. Then older generations
    are removed. `advance` is told the bytes as they are there. RemoteError where the URL cannot be reached, StoreError
    where the store of another book lies there, or where events were appended that the store does not hold yet.
    """
    if not isinstance(store.at, StoreAt) or store.inbox.last() > store.manifest.appended_through:
        raise StoreError(f"book {store.book.name}: events were appended meanwhile; run the command again")
    place = RemoteFolder.of(url)
    standing = pointer_of(place)
    if standing and standing["book"] != store.book.name:
        raise StoreError(f'{url}: holds the store of book "{standing["book"]}"; publish to another place')
    text = text_of(store.manifest)
    name = hashlib.sha256(text.encode()).hexdigest()[:NAME]
    _send(store, store.at.generation, place / name, advance)
    (place / name).write(text, MANIFEST)
    pointer = {"format": FORMAT, "book": store.book.name, "settings": store.book.fingerprint(), "generation": name}
    _remember(store, place.url)
    place.write(json.dumps(pointer), POINTER)
    _sweep(place, name)
    return PublishedAt(store.book, store.at.home, place, name)


def published_at(book: str, home: Path) -> list[str]:
    """Where the store of a book was published from here, sorted."""
    file = home / book / PUBLISHED
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else []


def _remember(store: Store, url: str) -> None:
    """Takes note of where, for whoever has to remove somebody everywhere."""
    folder = store.at.home / store.book.name
    folder.mkdir(parents=True, exist_ok=True)
    known = published_at(store.book.name, store.at.home)
    replace_durably(folder / PUBLISHED, json.dumps(sorted({*known, url}), ensure_ascii=False, indent=1).encode())


def _send(store: Store, generation: Path, folder: RemoteFolder, advance: Advance) -> None:
    """The words of the columns, and every file that is not there."""
    there = folder.sizes()
    for column in (*HASHED, *store.book.profile_kinds):
        words = {str(value): word for value, word in sorted(store.words(column).items())}
        folder.write(json.dumps(words, ensure_ascii=False), words_file(column))
    for name, size in store.manifest.sizes.items():
        if there.get(name) != size:
            folder.put(generation / name, name)
        advance(size)


def _sweep(place: RemoteFolder, name: str) -> None:
    """Removes the other generations: whoever was forgotten is still in them."""
    for other in place.folders():
        if other != name and re.fullmatch(f"[0-9a-f]{{{NAME}}}", other):
            (place / other).remove()
