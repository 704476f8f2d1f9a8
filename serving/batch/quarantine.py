"""Customers who could not be answered: who, by which kind of error, and where; nothing else about them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from traceback import extract_tb
from typing import TypeVar

from data.drafts import replace_durably
from data.errors import TierwiseError
from data.histories.histories import Histories
from serving.recommendation import to_json

QUARANTINE = ".quarantine.jsonl"
TOP = Path(__file__).parents[2]
Result = TypeVar("Result")


def one_by_one(
    work: Callable[[Histories], Result], histories: Histories
) -> Iterator[tuple[Result, None] | tuple[None, dict[str, str]]]:
    """The work on all customers at once, or where it fails on each alone: a result, or what is said of the customer.

    What is no fault of a customer (a TierwiseError, memory that ran out) is raised.
    """
    try:
        done = work(histories)
    except (TierwiseError, MemoryError):
        raise
    except Exception as error:
        if len(histories) == 1:
            yield None, _said(histories.customer_ids[0], error)
            return
    else:
        yield done, None
        return
    for place in range(len(histories)):
        yield from one_by_one(work, histories.one(place))


def quarantine_of(file: Path) -> Path:
    """Where the customers lie who are missing in a file of scores."""
    return file.with_name(file.name + QUARANTINE)


def write_quarantine(file: Path, left_out: Sequence[dict[str, str]]) -> None:
    """Writes the quarantine of a file of scores, a line for each customer; none where nobody was left out."""
    place = quarantine_of(file)
    if not left_out:
        place.unlink(missing_ok=True)
        return
    replace_durably(place, "".join(f"{to_json(one)}\n" for one in left_out).encode())


def _said(customer: str, error: Exception) -> dict[str, str]:
    """The text of the error is left out: it may hold what the customer did."""
    frames = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(TOP)]
    last = frames[-1]
    place = f"{Path(last.filename).relative_to(TOP)}:{last.lineno}"
    return {"customer_id": customer, "error": type(error).__name__, "place": place}
