"""A world on disk: the same bytes every time, and nobody else's folder touched."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from data.errors import SourceError
from data.simulation.files import write_world
from data.simulation.world import World

SMALL = World(customers=110, seed=5, chunk=50)


def digests(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_same_world_is_the_same_bytes_whatever_the_number_of_workers(tmp_path: Path) -> None:
    seen: list[int] = []
    write_world(SMALL, tmp_path / "one", advance=seen.append)
    write_world(SMALL, tmp_path / "two", workers=2)
    assert seen == [50, 50, 10]
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert len(digests(tmp_path / "one")) == 3 * 4 + 3 + 1


def test_a_whole_chunk_does_not_depend_on_how_many_follow(tmp_path: Path) -> None:
    write_world(SMALL, tmp_path / "more")
    write_world(World(customers=50, seed=5, chunk=50), tmp_path / "less")
    more, less = digests(tmp_path / "more"), digests(tmp_path / "less")
    assert {name for name in less if name.endswith("-0000.parquet") and more[name] != less[name]} == set()


def test_another_seed_is_another_world(tmp_path: Path) -> None:
    write_world(World(customers=20, seed=1), tmp_path / "a")
    write_world(World(customers=20, seed=2), tmp_path / "b")
    one, other = digests(tmp_path / "a"), digests(tmp_path / "b")
    assert one.keys() == other.keys()
    assert all(one[name] != other[name] for name in one)


def test_an_earlier_simulation_is_replaced(tmp_path: Path) -> None:
    write_world(SMALL, tmp_path / "world")
    write_world(World(customers=20, seed=1), tmp_path / "world")
    assert json.loads((tmp_path / "world" / "world.json").read_text())["customers"] == 20
    assert not (tmp_path / "world" / "trade-events-0001.parquet").exists()
    assert [entry.name for entry in tmp_path.iterdir()] == ["world"]


def test_a_folder_with_anything_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("Dear all")
    (tmp_path / "file").touch()
    with pytest.raises(SourceError, match="not empty, and not written by a simulation"):
        write_world(SMALL, tmp_path / "letters")
    with pytest.raises(SourceError, match="expected a folder, found a file"):
        write_world(SMALL, tmp_path / "file")
    assert (tmp_path / "letters" / "dear.txt").read_text() == "Dear all"


def test_a_simulation_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_world(SMALL, tmp_path / "world", advance=interrupted)
    assert list(tmp_path.iterdir()) == []
