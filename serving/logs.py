"""What may be logged: kinds of faults and places in the code, never a text that could quote a customer."""

import logging
import traceback

from pydantic import ValidationError

DEEPEST = 4


def told(error: BaseException) -> str:
    """The kind of a fault and the innermost lines of code it passed through, without its text."""
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}"


class Discreet(logging.Filter):
    """Takes the tracebacks out of a logger's records, and drops those of invalid requests: these are the
    caller's, who is told."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, ValidationError):
            return False
        if error is not None:
            record.msg, record.args, record.exc_info = told(error), (), None
        return True


def log_plainly() -> None:
    """Sends what is logged to the standard error: warnings of everybody, and what goes on here."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("tierwise").setLevel(logging.INFO)


def log_fault(logger: logging.Logger, request_id: str, error: BaseException) -> None:
    """Logs a fault of ours under the request's id."""
    logger.error("%s %s", request_id, told(error))


def discreet(logger: str) -> None:
    """Makes a logger of another library discreet."""
    logging.getLogger(logger).addFilter(Discreet())
