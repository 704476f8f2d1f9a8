"""Playbooks on disk: those that ship, and a book's own."""

import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from data.errors import did_you_mean, listed
from data.settings.book import Book
from data.settings.declared import frozen
from data.settings.wording import explain
from serving.errors import PlaybookError
from serving.playbook.declared import Playbook

SHIPPED = Path(__file__).parents[1] / "playbooks"
DEFAULT = "trade"


def shipped_playbooks() -> tuple[str, ...]:
    """The names of the playbooks that ship."""
    return tuple(sorted(file.stem for file in SHIPPED.glob("*.toml")))


def playbook_of(book: Book) -> Playbook:
    """The playbook that a book names. Raises PlaybookError that names the file and the key."""
    return shipped_playbook(book.playbook) if book.playbook in shipped_playbooks() else _own(book)


@lru_cache(maxsize=8)
def shipped_playbook(name: str = DEFAULT) -> Playbook:
    """The playbook that ships under a name."""
    return read_playbook(SHIPPED / f"{name}.toml")


def read_playbook(file: Path) -> Playbook:
    """The playbook of a TOML file. Raises PlaybookError that names the file and the key."""
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlaybookError(f"{file}: not a readable TOML file: {error}") from error
    try:
        return Playbook.model_validate(frozen(values))
    except ValidationError as error:
        raise PlaybookError(explain(error, (file,))) from error


def _own(book: Book) -> Playbook:
    file = book.playbook_file
    if file.suffix == ".toml" and file.is_file():
        return read_playbook(file)
    names = shipped_playbooks()
    raise PlaybookError(
        f"{book.file}: playbook: expected a shipped one ({listed(names)}) or the path of a TOML file, "
        f'got "{book.playbook}"'
        f"{did_you_mean(book.playbook, names)}"
    )
