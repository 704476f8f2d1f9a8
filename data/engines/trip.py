"""A task's way to a worker, and its answer's way back: errors travel as what they are."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from data.engines.program import program_digest
from data.errors import EngineError, TierwiseError


@dataclass(frozen=True)
class Trip:
    """A task for workers of the program with this digest. Its answers are bytes, which `answer_of` reads."""

    task: Callable[[Any], Any]
    program: str

    @classmethod
    def of(cls, task: Callable[[Any], Any]) -> Trip:
        return cls(task, program_digest())

    def __call__(self, item: Any) -> bytes:
        """The answer, or the error; whoever asks to stop is not answered."""
        try:
            self._require_same_program()
            return pickle.dumps((self.task(item), None))
        except Exception as error:  # it is raised where the answer arrives
            return pickle.dumps((None, _portable(error)))

    def _require_same_program(self) -> None:
        if program_digest() != self.program:
            raise EngineError(
                "the workers run another version of Tierwise than this command; install the same one on all of them"
            )


def answer_of(answer: bytes) -> Any:
    """What the task answered; raises what it raised."""
    result, error = pickle.loads(answer)  # noqa: S301  our own worker wrote it a moment ago
    if error is not None:
        raise error
    return result


def _portable(error: Exception) -> Exception:
    """The error as it survives the trip; one that is nobody's mistake tells where it happened."""
    if not isinstance(error, TierwiseError):
        error.add_note("".join(traceback.format_exception(error)))
    try:
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301  written by the line itself
    except Exception:  # whatever an error of somebody else's class raises when it is copied
        copy = None
    return error if type(copy) is type(error) and str(copy) == str(error) else EngineError(_named(error))


def _named(error: Exception) -> str:
    return f"a worker failed: {type(error).__name__}: {error}"


def too_often(item: object, tries: int, how: str = "") -> EngineError:
    """What to say of an item that kills its workers."""
    ended = f" ({how})" if how else ""
    return EngineError(
        f"item {item}: its worker died {tries} times{ended}; most often memory ran out: give each worker more, or run "
        f"fewer of them on a machine. What is finished is kept"
    )
