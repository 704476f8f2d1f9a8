"""Bundles that somebody laid hands on: every one has to be refused before a tree of it is read."""

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from training.errors import BundleError
from training.manifest import MANIFEST, canonical_json, read_verified, version_of

Tamper = Callable[[Path, random.Random], None]


def _flip(folder: Path, chance: random.Random) -> None:
    file = _some(folder, chance)
    content = bytearray(file.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


def _truncate(folder: Path, chance: random.Random) -> None:
    file = _some(folder, chance)
    content = file.read_bytes()
    file.write_bytes(content[: chance.randrange(len(content))])


def _append(folder: Path, chance: random.Random) -> None:
    file = _some(folder, chance)
    file.write_bytes(file.read_bytes() + chance.randbytes(chance.randint(1, 64)))


def _extra_file(folder: Path, chance: random.Random) -> None:
    (folder / f"extra_{chance.randrange(1_000)}.txt").write_bytes(chance.randbytes(16))


def _removed_file(folder: Path, chance: random.Random) -> None:
    _some(folder, chance).unlink()


def _swapped_names(folder: Path, chance: random.Random) -> None:
    one, other = chance.sample(sorted(folder.iterdir()), 2)
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def _forged_manifest(folder: Path, chance: random.Random) -> None:
    """A changed file, and a manifest that says so, under the old name."""
    _append(folder, chance)
    files = {file.name: file.read_bytes() for file in folder.iterdir() if file.name != MANIFEST}
    (folder / MANIFEST).write_bytes(
        canonical_json({"files": {name: version_of({name: files[name]}) for name in files}})
    )


WAYS: tuple[tuple[str, Tamper], ...] = (
    ("flip", _flip),
    ("truncate", _truncate),
    ("append", _append),
    ("extra file", _extra_file),
    ("removed file", _removed_file),
    ("swapped names", _swapped_names),
    ("forged manifest", _forged_manifest),
)


def tamper(
    bundle: Path, folder: Path, number: int, seed: int, advance: Callable[[int], None]
) -> dict[str, tuple[int, int]]:
    """Tampers so many copies of a bundle, made under `folder`, each in one way, in turns. Answers by way how many there
    were, and how many were refused by their bytes."""
    chance = random.Random(seed)  # noqa: S311
    tried, refused = Counter[str](), Counter[str]()
    copy = folder / bundle.name
    for place in range(number):
        way, act = WAYS[place % len(WAYS)]
        shutil.copytree(bundle, copy)
        act(copy, chance)
        tried[way] += 1
        refused[way] += _is_refused(copy)
        shutil.rmtree(copy)
        advance(1)
    return {way: (tried[way], refused[way]) for way, _ in WAYS if tried[way]}


def _is_refused(folder: Path) -> bool:
    try:
        read_verified(folder)
    except BundleError:
        return True
    return False


def _some(folder: Path, chance: random.Random) -> Path:
    return chance.choice(sorted(folder.iterdir()))
