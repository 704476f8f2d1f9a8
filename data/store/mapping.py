"""Files of a bucket, mapped into memory: what is read copies nothing."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]

from data.errors import StoreError

Array = npt.NDArray[Any]


def mapped(file: Path) -> mmap.mmap:
    """A file of a bucket, mapped into memory; StoreError where it is none."""
    try:
        with file.open("rb") as stream:
            return mapping_of(stream)
    except (pa.ArrowException, OSError, ValueError) as error:  # ValueError: the file is empty
        raise StoreError(f"{file}: not a readable part of the store: {error}") from error


def mapping_of(stream: IO[bytes]) -> mmap.mmap:
    """An open file of a bucket, mapped into memory; ArrowException, OSError or ValueError where it is none."""
    mapping = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    pa.ipc.open_file(pa.py_buffer(mapping))
    return mapping


def table_of(mapping: mmap.mmap) -> pa.Table:
    """The one record batch that a file holds."""
    return pa.ipc.open_file(pa.py_buffer(mapping)).read_all()


def array_of(table: pa.Table, name: str) -> Array:
    """A column without missing values."""
    column = table.column(name)
    if column.num_chunks == 0:
        return np.asarray(column.to_numpy())
    return np.asarray(column.chunk(0).to_numpy(zero_copy_only=True))
