"""The one seam between work and where it is done: a task, mapped over items."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, Self, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

TRIES = 4
"""So often an item is begun before it is held to be what kills its workers."""

ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA", "VECLIB")} | {
    "POLARS_MAX_THREADS": "1"
}
"""Of a worker's environment: there are as many workers as cores."""


class Engine(Protocol):
    """Does a task for many items, on as many workers as it has.

    A task is an object of a module that workers can import, with nothing in it but what it needs; what it answers is
    small. It may be done more than once for one item, after a worker was killed, and writes whatever it writes whole.
    """

    def map(self, task: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """The results in the order of the items, each as soon as it and those before it are there.

        An item whose worker dies is begun again by another one. Raises at once, and begins no others, what the task
        raises, of the class and with the message it had; EngineError that names the item which killed its workers
        `TRIES` times, or where the engine itself is gone.
        """
        ...

    def close(self) -> None:
        """Gives the workers back, where they are not somebody else's."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
