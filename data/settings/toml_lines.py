"""Where a key stands in a TOML file: the line of the nearest table, entry or key around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

Path = tuple[str | int, ...]

_HEAD = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"\s*([\w.-]+)\s*=")


def place_of(texts: Sequence[str], path: Path) -> tuple[int, int] | None:
    """Which of the texts has `("sources", 0, "columns", "time")`, or most of the way to it, and on which line, from 1.

    The first of equals; None where no text has even the beginning.
    """
    found = [_places(text) for text in texts]
    for length in range(len(path), 0, -1):
        for number, places in enumerate(found):
            if path[:length] in places:
                return number, places[path[:length]]
    return None


def _places(text: str) -> dict[Path, int]:
    """The line of every table, entry of a list of tables, and key; a text over several lines may look like a key."""
    places: dict[Path, int] = {}
    entries: Counter[Path] = Counter()
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if head := _HEAD.match(line):
            table = _table(head[2].split("."), entries, opens=head[1] == "[[")
            places.setdefault(table, number)
        elif key := _KEY.match(line):
            places.setdefault((*table, *key[1].split(".")), number)
    return places


def _table(names: list[str], entries: Counter[Path], *, opens: bool) -> Path:
    """The path of a header; a name that lists tables stands for its latest entry."""
    path: Path = ()
    for place, name in enumerate(names):
        path = (*path, name)
        if opens and place == len(names) - 1:
            entries[path] += 1
        if entries[path]:
            path = (*path, entries[path] - 1)
    return path
