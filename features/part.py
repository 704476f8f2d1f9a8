"""One bucket's part of a feature table: the task that every engine does."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]

from data.engines.parts import Parts
from data.events import ROLES
from data.histories.histories import Histories
from data.store.at import At
from data.store.store import Store, opened
from features.build import build_features
from features.errors import FeatureError
from features.kernel.columns import Floats
from features.sheets import WRITERS
from features.spec import FeatureSpec

ROWS_AT_ONCE = 32_768
Labels = dict[str, list[str]]


@dataclass(frozen=True)
class TablePart:
    """Builds the features of a bucket at every cutoff (us UTC), and writes them as a part of the table."""

    store: At
    cutoffs: Sequence[int]
    spec: FeatureSpec
    labels: Labels
    parts: Parts

    def __call__(self, bucket: int) -> int:
        """The number of rows. FeatureError where the part cannot be written."""
        try:
            with self.parts.writing(bucket) as part:
                with closing(WRITERS[self.parts.out.suffix](part.stream)) as writer:
                    for histories in opened(self.store).each([bucket]):
                        for run in runs_of(histories, len(self.cutoffs)):
                            writer.write(frame_of(run, self.cutoffs, self.spec, self.labels))
                part.rows = writer.rows
        except OSError as error:
            raise unwritable(self.parts.out, error) from error
        return part.rows


def unwritable(out: Path, error: OSError) -> FeatureError:
    """What to say of a table that cannot be written, or a part of it."""
    return FeatureError(f"{out}: cannot be written: {error.strerror}; what is finished is kept, run the command again")


def labels_of(store: Store, spec: FeatureSpec) -> Labels:
    """What the codes of each category stand for."""
    labels = {name: list(ROLES) for name in spec.categorical}
    for column in spec.profile:
        words = store.words(column.column)
        labels[column.name] = [words.get(level, "") for level in column.levels]
    return {name: labels[name] for name in spec.categorical}


def runs_of(histories: Histories, cutoffs: int) -> Iterator[Histories]:
    """The customers in runs, each with so many rows at all cutoffs together as may be in memory."""
    size = max(1, ROWS_AT_ONCE // cutoffs)
    for first in range(0, len(histories), size):
        yield histories.select(range(first, min(first + size, len(histories))))


def frame_of(histories: Histories, cutoffs: Sequence[int], spec: FeatureSpec, labels: Labels) -> pl.DataFrame:
    """One row a cutoff and customer of whom anything was known by then."""
    table = build_features(histories, cutoffs, spec).reshape(-1, len(spec.names))
    ids = pl.Series(list(histories.customer_ids) * len(cutoffs), dtype=pl.String)
    instants = pl.Series(np.repeat(np.array(cutoffs, np.int64), len(histories))).cast(pl.Datetime("us", "UTC"))
    features = {name: column_of(table[:, place], labels.get(name)) for place, name in enumerate(spec.names)}
    met = pl.any_horizontal(pl.col("events") > 0, *(pl.col(column.name).is_not_null() for column in spec.profile))
    return pl.DataFrame({"customer_id": ids, "cutoff": instants, **features}).filter(met)


def column_of(values: Floats, labels: list[str] | None) -> pl.Series:
    """A column for people: nothing where undefined, the words of a category."""
    numbers = pl.Series(pa.array(np.ascontiguousarray(values), from_pandas=True))
    return numbers if labels is None else pl.Series(labels, dtype=pl.String).gather(numbers.cast(pl.Int64))
