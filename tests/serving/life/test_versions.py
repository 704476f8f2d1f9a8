from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.settings.book import Book
from serving.__main__ import app
from serving.versions import change
from serving.versions.label import labels
from training.bundle import Bundle
from training.errors import BundleError
from training.shelf import current_version, make_current, shelf, versions_before


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "try_out", lambda folder: None)


def test_a_version_is_tried_out_and_then_promoted_and_taken_back(
    book: Book, own: Path, bundle: Bundle, other: Bundle
) -> None:
    other.save(shelf(book.name, own))
    assert change.promote(book, other.version, own).version == other.version
    assert current_version(book.name, own) == other.version
    taken_back, standing = change.roll_back(book, own)
    assert (taken_back, standing.version) == (other.version, bundle.version)
    assert current_version(book.name, own) == bundle.version
    with pytest.raises(BundleError, match="no model was current before"):
        change.roll_back(book, own)


def test_a_damaged_version_is_neither_promoted_nor_rolled_back_to(
    book: Book, own: Path, bundle: Bundle, other: Bundle, untried: None
) -> None:
    folder = other.save(shelf(book.name, own))
    (folder / "churn.txt").write_bytes(b"")
    with pytest.raises(BundleError, match="was changed"):
        change.promote(book, other.version, own)
    make_current(book.name, other.version, own)
    make_current(book.name, bundle.version, own)
    with pytest.raises(BundleError, match="was changed"):
        change.roll_back(book, own)
    assert current_version(book.name, own) == bundle.version


def test_versions_are_listed_with_their_place_and_what_keeps_them_from_answering(
    book: Book, own: Path, bundle: Bundle, other: Bundle
) -> None:
    folder = other.save(shelf(book.name, own))
    make_current(book.name, other.version, own)
    make_current(book.name, bundle.version, own)
    (folder / "extra").touch()
    found = {label.version: label for label in labels(book, own)}
    assert (found[bundle.version].current, found[bundle.version].refused) == (True, None)
    assert (found[other.version].current, found[other.version].before) == (False, 1)
    assert "extra missing or added" in (found[other.version].refused or "")
    assert versions_before(book.name, own) == [other.version]


def test_the_doors_speak_in_sentences(in_the_shop: Path, bundle: Bundle) -> None:
    listed = CliRunner().invoke(app, ["models", "corner_shop.toml"])
    assert listed.exit_code == 0
    assert bundle.version in listed.output
    assert "answers" in listed.output
    refused = CliRunner().invoke(app, ["promote", "corner_shop.toml", "0123456789abcdef"])
    assert isinstance(refused.exception, BundleError)
    assert "has no model 0123456789abcdef" in str(refused.exception)
