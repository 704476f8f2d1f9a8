"""What a plan is fitted on, of one chunk: the task that every engine does."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.histories.histories import Histories
from serving.batch.chunk import Chunk
from serving.batch.opened import EngineAt
from serving.batch.quarantine import one_by_one
from serving.tiers.gather import Gathered, gather


@dataclass(frozen=True)
class Gathering:
    """The columns of these names, at a cutoff (µs UTC), of those customers of a chunk who can be scored."""

    engine: EngineAt
    cutoff: int
    names: Sequence[str]

    def __call__(self, chunk: Chunk) -> list[Gathered]:
        engine = self.engine.opened()

        def gathered(histories: Histories) -> Gathered:
            return gather([histories], self.cutoff, engine.bundle, self.names)

        return [part for part, _ in one_by_one(gathered, chunk.histories(engine.store)) if part]
