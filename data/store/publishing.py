"""Publishing a store: a copy of its generation under a URL, for workers that share no disk."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from data.doors import notes
from data.drafts import replace_durably
from data.errors import StoreError
from data.remote.folder import RemoteFolder
from data.settings.book import Book
from data.store.at import StoreAt
from data.store.contents import CONTENTS, NAME, Contents, Piece, words_file
from data.store.manifest import locked
from data.store.pointer import Pointer, move_pointer, pointer_of
from data.store.published import PublishedAt
from data.store.store import Store

HASHED = ("type", "product", "category", "channel")
PUBLISHED = "published.json"
PUBLISHER = "publisher"
CLAIM = "publishing-"
"""Beside the generations, with the publisher's name: which one is being sent, so that nobody else removes it."""

Advance = Callable[[int], None]


def publish(store: Store, url: str, advance: Advance) -> PublishedAt:
    """Copies a compacted store under a URL, and makes it the current one there; answers where it lies.

    Files first, then the pointer, once all of them were seen there: readers see the old store or the new one. What lies
    there in its full size is not sent again, so that a publication that was cut off goes on where it was; of what is
    current already every byte is read, and what is damaged is sent again. Then older generations are removed, but for
    one that another working folder is sending. `advance` is told the bytes as they are there. RemoteError where the URL
    cannot be reached; StoreError where the store of another book lies there, where something is missing that was sent,
    or where events were appended that the store does not hold yet.
    """
    if not isinstance(store.at, StoreAt) or store.inbox.last() > store.manifest.appended_through:
        raise StoreError(f"book {store.book.name}: events were appended meanwhile; run the command again")
    own = store.at.home / store.book.name
    place = _place(url, store.at.home)
    with locked(own, "publishing.lock"), _scratch(own) as scratch:
        standing = _standing(place, store.book)
        buried = len(store.tombstones)
        if standing and buried < standing.buried:
            raise StoreError(
                f"{place.url}: {standing.buried} customers were forgotten in the store that stands there, here "
                f"{buried}; bring forgotten.json and forgotten.key from the working folder that published it to {own}"
            )
        files = _files(store, store.at.generation, scratch)
        contents = Contents(store.manifest, {name: Piece.of_file(file) for name, file in files.items()})
        claim = CLAIM + _publisher(own)
        place.write(contents.name, claim)
        _remember(own, place.url)
        is_current = standing is not None and standing.generation == contents.name
        for name in _sent(files, contents, place / contents.name, is_current):
            advance(store.manifest.sizes.get(name, 0))
        move_pointer(place, Pointer(store.book.name, store.book.fingerprint(), contents.name, buried))
        (place / claim).remove()
        _sweep(place, standing)
    return PublishedAt(store.book, store.at.home, place, contents.name)


def require_place(book: Book, home: Path, url: str) -> None:
    """RemoteError or StoreError, before any work, where the store of a book cannot be published."""
    place = _place(url, home)
    _standing(place, book)
    place.require_writable()


def published_at(book: str, home: Path) -> list[str]:
    """Where the store of a book was published from here, sorted."""
    file = home / book / PUBLISHED
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else []


def _place(url: str, home: Path) -> RemoteFolder:
    """StoreError for a place in the working folder."""
    place = RemoteFolder.of(url)
    path = place.path
    if path and path.resolve().is_relative_to(home.resolve()):
        raise StoreError(f"{place.url}: lies in the working folder {home}; publish to another place")
    return place


@contextmanager
def _scratch(own: Path) -> Iterator[Path]:
    """A folder for what is written anew, which the next publication empties where this one is killed."""
    folder = own / "publishing"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _standing(place: RemoteFolder, book: Book) -> Pointer | None:
    """What is current there, of this book."""
    standing = pointer_of(place)
    if standing and standing.book != book.name:
        raise StoreError(f'{place.url}: holds the store of book "{standing.book}"; publish to another place')
    return standing


def _files(store: Store, generation: Path, scratch: Path) -> dict[str, Path]:
    """The files of the generation, and the words of each column."""
    files = {name: generation / name for name in store.manifest.sizes}
    for column in (*HASHED, *store.book.profile_kinds):
        words = {str(value): word for value, word in sorted(store.words(column).items())}
        file = files[words_file(column)] = scratch / words_file(column)
        file.write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    return files


def _sent(files: Mapping[str, Path], contents: Contents, folder: RemoteFolder, is_current: bool) -> Iterator[str]:
    """Sends what the contents are and then what is not there, each name as the file is there."""
    sizes = folder.sizes()
    folder.write(contents.text, CONTENTS)
    for name, piece in contents.files.items():
        if sizes.get(name) != piece.size or (is_current and _read(folder, name) != piece):
            folder.put(files[name], name)
        yield name
    sizes = folder.sizes()
    for name, piece in contents.files.items():
        if sizes.get(name) != piece.size:
            raise StoreError(f"{folder.url}/{name}: was sent and is not there; run the command again")


def _read(folder: RemoteFolder, name: str) -> Piece:
    with tempfile.TemporaryFile() as stream:
        folder.copy(name, stream)
        return Piece.of(stream)


def _publisher(own: Path) -> str:
    """What no other working folder calls itself, nor a copy of this one."""
    file = own / PUBLISHER
    if not file.is_file():
        replace_durably(file, secrets.token_hex(8).encode())
    told = (file.read_text(encoding="utf-8"), socket.gethostname(), str(own.resolve()))
    return hashlib.sha256("|".join(told).encode()).hexdigest()[:NAME]


def _remember(own: Path, url: str) -> None:
    """Takes note of where, for whoever has to remove somebody everywhere."""
    known = published_at(own.name, own.parent)
    replace_durably(own / PUBLISHED, json.dumps(sorted({*known, url}), ensure_ascii=False, indent=1).encode())


def _sweep(place: RemoteFolder, earlier: Pointer | None) -> None:
    """Removes the generations that are neither current nor being sent: whoever was forgotten is still in them.

    Whoever sends one claims it first and gives the claim up last, so the order of these three looks matters.
    """
    named = [name for name in place.folders() if re.fullmatch(f"[0-9a-f]{{{NAME}}}", name)]
    found = [name for name in named if (earlier and name == earlier.generation) or CONTENTS in (place / name).sizes()]
    claims = [name for name in place.sizes() if name.startswith(CLAIM)]
    kept = {place.read(claim) for claim in claims}
    pointer = pointer_of(place)
    for name in found:
        if name not in kept and not (pointer and pointer.generation == name):
            (place / name).remove()
    for claim in claims:
        told = f"{place.url}: another working folder publishes there too, or was cut off while it did"
        notes().print(f"Note: {told}; if it was, remove {claim} and publish again", markup=False, soft_wrap=True)
