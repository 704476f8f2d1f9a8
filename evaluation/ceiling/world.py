"""The simulated world that is judged: made once, found again, and opened as the book that reads it."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from data.ingest.opening import open_store
from data.settings.book import Book, load_book
from data.simulation.files import MARK, write_world
from data.simulation.world import World
from data.store.store import Store
from evaluation.errors import EvaluationError

SIMULATED = "trade"
"""The shipped book that reads what `python -m data simulate` writes."""


def require_truth(book: Book) -> None:
    """Raises EvaluationError for a book of which nobody knows what was to be expected."""
    if book.name != SIMULATED:
        raise EvaluationError(
            f"book {book.name}: what could be known at all is known of simulated customers alone; "
            f"ask for the book {SIMULATED}"
        )


def folder_of(world: World, home: Path) -> Path:
    """Where the files of a world stand, or will: among the data of the working folder `home`."""
    data = home / "data"
    places = (data / SIMULATED, data / f"{SIMULATED}-{world.customers}-{world.seed}")
    return next((place for place in places if world_in(place) == world), places[-1])


def world_in(folder: Path) -> World | None:
    """The world that a simulation wrote into the folder; None where none did."""
    if not (folder / MARK).is_file():
        return None
    told = json.loads((folder / MARK).read_text(encoding="utf-8"))
    first, last = (date.fromisoformat(told[name]) for name in ("first", "last"))
    return World(told["customers"], told["seed"], first, last, told["chunk"])


def opened(world: World, home: Path, advance: Callable[[str], None]) -> tuple[Store, Path]:
    """The store of a world and the folder of its files, which are simulated where they are not there yet.

    The store stands apart from that of the book as it is used otherwise. `advance` is told of each step.
    """
    folder = folder_of(world, home)
    if world_in(folder) != world:
        advance(f"simulating {world.customers:,} customers")
        write_world(world, folder)
    advance("reading the events")
    return open_store(load_book(SIMULATED, folder), home / "worlds" / f"{world.customers}-{world.seed}"), folder
