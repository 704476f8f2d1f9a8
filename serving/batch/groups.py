"""Chunks that one worker does together: of a bucket that it has to fetch first, as many as make that worth the way."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Generic, TypeVar

from data.engines.engine import Engine
from serving.batch.chunk import Chunk

FETCHED = 8
"""Chunks of a bucket that a worker fetches: some seconds of work a second of waiting."""

Result = TypeVar("Result")


class Group(tuple[Chunk, ...]):
    """Chunks of one bucket."""

    __slots__ = ()

    def __str__(self) -> str:
        return str(self[0]) if len(self) == 1 else f"{self[0]} to {self[-1]}"


@dataclass(frozen=True)
class Together(Generic[Result]):
    """The task for each chunk of a group."""

    task: Callable[[Chunk], Result]

    def __call__(self, group: Group) -> list[Result]:
        return [self.task(chunk) for chunk in group]


def mapped(engine: Engine, task: Callable[[Chunk], Result], chunks: Sequence[Chunk], size: int) -> Iterator[Result]:
    """The results of a task on an engine in the order of the chunks, of which a worker gets up to `size` at once."""
    for results in engine.map(Together(task), list(groups_of(chunks, size))):
        yield from results


def groups_of(chunks: Iterable[Chunk], size: int) -> Iterator[Group]:
    """The chunks in their order, up to `size` of one bucket in each group."""
    for _, own in groupby(chunks, key=lambda chunk: chunk.bucket):
        while group := Group(islice(own, size)):
            yield group
