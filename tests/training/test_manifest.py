import json
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.drafts import write_durably
from training import manifest
from training.errors import BundleError
from training.manifest import (
    DRAFT,
    MANIFEST,
    canonical_json,
    read_verified,
    version_of,
    write_whole,
)

FILES = {"trees.txt": b"tree\n" * 50, "bundle.json": b'{"format": 1}'}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    assert read_verified(write_whole(FILES, tmp_path)) == FILES


def test_writing_twice_gives_the_same_folder_and_leaves_no_draft(tmp_path: Path) -> None:
    assert write_whole(FILES, tmp_path) == write_whole(dict(reversed(FILES.items())), tmp_path)
    assert [folder.name for folder in tmp_path.iterdir() if folder.is_dir()] == [version_of(FILES)]


def test_the_draft_of_a_killed_writer_is_swept_by_the_next_one_that_saves(tmp_path: Path) -> None:
    for known in (False, True):
        (tmp_path / f"{DRAFT}killed").mkdir()
        (tmp_path / f"{DRAFT}killed" / "trees.txt").write_bytes(b"tr")
        assert (tmp_path / version_of(FILES)).exists() == known
        assert read_verified(write_whole(FILES, tmp_path)) == FILES
        assert not list(tmp_path.glob(f"{DRAFT}*"))


def test_the_draft_of_a_writer_that_is_at_work_is_left_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = {"note.txt": b"other"}
    writers: list[threading.Thread] = []

    def write(path: Path, content: bytes) -> None:
        """Starts the other writer while this draft is half-written, and gives it time to sweep."""
        if not writers:
            writers.append(threading.Thread(target=write_whole, args=(other, tmp_path)))
            writers[0].start()
            writers[0].join(0.2)
        write_durably(path, content)

    monkeypatch.setattr(manifest, "write_durably", write)
    assert read_verified(write_whole(FILES, tmp_path)) == FILES
    writers[0].join()
    assert read_verified(tmp_path / version_of(other)) == other


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
@pytest.mark.parametrize("damage", ["flip", "truncate", "append", "remove"])
def test_any_damage_to_any_file_is_refused(tmp_path: Path, name: str, damage: str) -> None:
    path = write_whole(FILES, tmp_path) / name
    content = path.read_bytes()
    if damage == "remove":
        path.unlink()
    else:
        flipped = bytes([content[0] ^ 1]) + content[1:]
        path.write_bytes({"flip": flipped, "truncate": content[:-1], "append": content + b" "}[damage])
    with pytest.raises(BundleError, match=name):
        read_verified(path.parent)


def test_an_added_file_and_swapped_files_are_refused(tmp_path: Path) -> None:
    folder = write_whole(FILES, tmp_path)
    (folder / "extra.txt").write_text("hello")
    with pytest.raises(BundleError, match=r"extra\.txt"):
        read_verified(folder)
    (folder / "extra.txt").unlink()
    (folder / "trees.txt").write_bytes(FILES["bundle.json"])
    (folder / "bundle.json").write_bytes(FILES["trees.txt"])
    with pytest.raises(BundleError, match="was changed"):
        read_verified(folder)


def test_another_bundle_in_the_folder_of_a_version_is_refused(tmp_path: Path) -> None:
    folder = write_whole(FILES, tmp_path)
    folder.rename(tmp_path / "0123456789abcdef")
    with pytest.raises(BundleError, match=MANIFEST):
        read_verified(tmp_path / "0123456789abcdef")


@given(st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False)))
def test_floats_keep_every_digit_in_canonical_json(plain: dict[str, float]) -> None:
    assert json.loads(canonical_json(plain)) == plain
