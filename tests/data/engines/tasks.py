"""Tasks that workers can import: some are killed, some fail."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from data.errors import SourceError


@dataclass(frozen=True)
class Square:
    """A number times itself."""

    def __call__(self, number: int) -> int:
        time.sleep(0.01 * (number % 3))
        return number * number


@dataclass(frozen=True)
class KilledOnce:
    """The worker of one number is killed when it first comes to it."""

    marker: Path
    number: int

    def __call__(self, number: int) -> int:
        if number == self.number and not self.marker.exists():
            self.marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return -number


@dataclass(frozen=True)
class Deadly:
    """The worker of one number is killed whenever it comes to it."""

    number: int

    def __call__(self, number: int) -> int:
        if number == self.number:
            os.kill(os.getpid(), signal.SIGKILL)
        return number


@dataclass(frozen=True)
class Interrupted:
    """Ctrl-C, as it comes to every process of a terminal."""

    def __call__(self, number: int) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.02)
        return number


@dataclass(frozen=True)
class Slow:
    """Half a minute; who does it is noted."""

    folder: Path

    def __call__(self, number: int) -> int:
        (self.folder / str(os.getpid())).touch()
        time.sleep(30)
        return number


@dataclass(frozen=True)
class Failing:
    """One number is a user's mistake; all that are begun are noted, and wait for that one to begin."""

    folder: Path
    number: int

    def __call__(self, number: int) -> int:
        (self.folder / str(number)).touch()
        if number == self.number:
            raise SourceError(f"line {number}: not a number")
        end = time.monotonic() + 1.0  # it may stand behind others, which are begun before it
        while not (self.folder / str(self.number)).exists() and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.02)
        return number


@dataclass(frozen=True)
class Told:
    """What a worker's environment, or Polars itself, says of threads, and whether the worker is another process."""

    asker: int

    def __call__(self, name: str) -> tuple[str | None, bool]:
        threads = str(pl.thread_pool_size()) if name == "polars" else os.environ.get(name)
        return threads, os.getpid() != self.asker


class UnportableError(Exception):
    """Its copy lacks what it was made of."""

    def __init__(self, subject: str, *, more: str) -> None:
        super().__init__(f"about {subject}")
        self.more = more


@dataclass(frozen=True)
class Mute:
    """Fails in a way that does not travel."""

    def __call__(self, number: int) -> int:
        raise UnportableError("that", more="detail")
