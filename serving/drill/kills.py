"""Kills in the middle of a promotion: the old version is current afterwards, or the new one, and it is whole."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from serving.load.server import ROOT
from training.errors import BundleError
from training.manifest import MANIFEST, read_verified, write_whole
from training.shelf import current_version, make_current, shelf, versions_before

LONGEST = 0.15
"""Seconds after its first promotion that a process is killed, at most."""


def kill(
    book: str, bundle: Path, home: Path, number: int, seed: int, advance: Callable[[int], None]
) -> tuple[int, int]:
    """Kills so many processes (signal 9) while they save and promote one version after the other, under `home`.

    Answers after how many kills the current version was whole, and after how many the one before it was.
    """
    chance = random.Random(seed)  # noqa: S311
    make_current(book, write_whole(_parts(bundle), shelf(book, home)).name, home)
    sound = before = 0
    for _ in range(number):
        command = [sys.executable, "-m", "serving.drill.kills", book, str(bundle), str(home)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:  # noqa: S603
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0.0, LONGEST))
            process.kill()
        sound += _is_whole(shelf(book, home) / current_version(book, home))
        before += all(_is_whole(shelf(book, home) / version) for version in versions_before(book, home)[:1])
        advance(1)
    return sound, before


def _is_whole(folder: Path) -> bool:
    try:
        read_verified(folder)
    except BundleError:
        return False
    return True


def _parts(bundle: Path) -> dict[str, bytes]:
    return {name: content for name, content in read_verified(bundle).items() if name != MANIFEST}


def promote_for_ever(book: str, bundle: Path, home: Path) -> None:
    """Saves and promotes a version that nobody has seen, and another one, until it is killed."""
    files, number = _parts(bundle), time.time_ns()
    while True:
        number += 1
        folder = write_whole({**files, "note.txt": str(number).encode()}, shelf(book, home))
        make_current(book, folder.name, home)
        print(folder.name, flush=True)


if __name__ == "__main__":
    promote_for_ever(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
