"""`python -m serving keys` as a person meets it."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import serving.__main__ as door
from serving.errors import RequestError

BOOK = "corner_shop.toml"


def run(*arguments: str) -> str:
    """What a command prints; a user's mistake is raised."""
    result = CliRunner().invoke(door.app, arguments)
    if result.exception:
        raise result.exception
    return result.stdout


def made_in(told: str) -> str:
    found = re.search(r"tw_[0-9a-f]{8}_[0-9a-f]{64}", told)
    assert found
    return found[0]


def test_a_key_is_shown_once_then_listed_without_its_text_then_revoked(in_the_shop: Path) -> None:
    assert run("keys", "list", BOOK).startswith("No keys")
    told = run("keys", "add", BOOK, "--name", "ERP", "--scope", "score", "--scope", "read", "--until", "2999-12-31")
    key = made_in(told)
    assert "Keys are on from now" in told
    id_ = key.split("_")[1]
    listed = run("keys", "list", BOOK)
    assert all(word in listed for word in (id_, "ERP", "works", "every account"))
    assert key.split("_")[2] not in listed
    assert run("keys", "revoke", BOOK, id_) == f'The key {id_} of "ERP" is revoked.\n'
    assert "revoked" in run("keys", "list", BOOK)
    again = run("keys", "add", BOOK, "--name", "Li", "--scope", "read", "--owner", "Li")
    assert "Keys are on from now" not in again
    assert 'has the account manager "Li", so the key sees nothing yet' in again


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        (("--name", " ", "--scope", "read"), ["--name"]),
        (("--name", "a\nb", "--scope", "read"), ["--name"]),
        (("--name", "ERP", "--scope", "raed"), ["--scope"]),
        (("--name", "ERP", "--scope", "read", "--until", "2001-01-01"), ["--until"]),
        (("--name", "ERP", "--scope", "read", "--until", "soon"), ["--until"]),
        (("--name", "ERP", "--scope", "admin", "--owner", "Li Wei"), ["--owner"]),
        (("--name", "", "--scope", "x", "--owner", "", "--until", "y"), ["--name", "--owner", "--scope", "--until"]),
    ],
)
def test_what_makes_no_sense_is_refused_and_no_key_is_made(
    in_the_shop: Path, arguments: tuple[str, ...], paths: list[str]
) -> None:
    with pytest.raises(RequestError) as caught:
        run("keys", "add", BOOK, *arguments)
    assert [fault.path for fault in caught.value.faults] == paths
    assert run("keys", "list", BOOK).startswith("No keys")


def test_an_unknown_id_is_told_without_repeating_it(in_the_shop: Path) -> None:
    key = made_in(run("keys", "add", BOOK, "--name", "ERP", "--scope", "read"))
    with pytest.raises(RequestError, match="no key has this id") as caught:
        run("keys", "revoke", BOOK, key)
    assert key not in str(caught.value)
