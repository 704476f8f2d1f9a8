"""What survives kills: of scorings that go on afterwards, and of what a writer of the ledger was told is kept."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from serving.ledger.ledger import Ledger

LONGEST_LIFE = 1.5
"""Seconds that a process lives at most once it is at work."""

WRITER = """
import sys
from dataclasses import replace
from serving.engine import Engine
from serving.ledger.ledger import Ledger
engine = Engine.open(sys.argv[1])
(answer,) = engine.recommend(engine.store.histories([engine.somebody]), engine.latest_cutoff, engine.plan, "en")
ledger = Ledger.at(sys.argv[2], "kills")
ledger.serve()
first = int(sys.argv[3])
for number in range(first, first + 1_000_000):
    print(ledger.keep([replace(answer, customer_id=f"k{number}")], "en", number)[0], flush=True)
"""


@dataclass(frozen=True)
class Survived:
    """Of so many `kills`: how often the file had other bytes in the end; how many rows were acknowledged, and lost."""

    kills: int
    different: int
    acknowledged: int
    lost: int


def survived(book: str, folder: Path, kills: int, seed: int) -> Survived:
    """Kills scorings of a book, and a writer of a ledger, at random moments; works in a `folder` of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(seed)  # noqa: S311
    different = _killed_scorings(book, folder, kills, dice)
    acknowledged, lost = _killed_writers(book, folder, kills, dice)
    return Survived(kills, different, acknowledged, lost)


def _killed_scorings(book: str, folder: Path, kills: int, dice: random.Random) -> int:
    whole, cut = folder / "whole.parquet", folder / "cut.parquet"
    started = time.monotonic()
    _scored(book, whole)
    lasting = time.monotonic() - started
    expected, different, left = _digest(whole), 0, kills
    while left:
        process = _start([sys.executable, "-m", "serving", "score", book, "--out", str(cut)])
        try:
            process.wait(dice.uniform(0, lasting))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            left -= 1
        different += cut.is_file() and _digest(cut) != expected
    _scored(book, cut)
    return different + (_digest(cut) != expected)


def _killed_writers(book: str, folder: Path, kills: int, dice: random.Random) -> tuple[int, int]:
    url = f"sqlite:///{(folder / 'kills.db').resolve()}"
    told: list[str] = []
    for _ in range(kills):
        process = _start([sys.executable, "-c", WRITER, book, url, str(len(told))])
        assert process.stdout is not None
        told.append(process.stdout.readline().decode().strip())
        time.sleep(dice.uniform(0, LONGEST_LIFE))
        process.send_signal(signal.SIGKILL)
        lines = process.stdout.read().splitlines(keepends=True)
        told += [line.decode().strip() for line in lines if line.endswith(b"\n")]
        process.wait()
        process.stdout.close()
    return len(told), _lost(url, told)


def _lost(url: str, told: Sequence[str]) -> int:
    ledger = Ledger.at(url, "kills")
    try:
        return sum(ledger.kept(id_) is None for id_ in told)
    finally:
        ledger.close()


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    heard = subprocess.PIPE if "-c" in command else subprocess.DEVNULL
    return subprocess.Popen(command, stdout=heard, stderr=subprocess.DEVNULL, env=environment)  # noqa: S603


def _scored(book: str, file: Path) -> None:
    process = _start([sys.executable, "-m", "serving", "score", book, "--out", str(file)])
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, "score")


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
