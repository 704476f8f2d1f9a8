"""Drafts: what is written beside a file until it is whole and takes the file's place."""

import glob
import os
from pathlib import Path


def draft_of(file: Path) -> Path:
    """This process's draft of a file, in the same folder."""
    return file.with_name(f".{file.name}.{os.getpid()}")


def sweep(file: Path) -> None:
    """Removes the drafts of a file that killed processes have left."""
    for draft in file.parent.glob(f".{glob.escape(file.name)}.*"):
        process = draft.name.rpartition(".")[2]
        if process.isdecimal() and not _is_running(int(process)):
            draft.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
