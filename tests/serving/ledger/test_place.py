"""Where a ledger lies, and whose accounts they are."""

from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import BookError, SourceError, StoreError
from data.settings.book import Book, load_book
from serving.engine import Engine
from serving.ledger.ledger import Ledger
from tests.serving.conftest import SETTINGS
from tests.serving.ledger.conftest import override


def test_the_book_says_where_the_ledger_lies_else_the_environment_else_the_working_folder(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def book(text: str) -> Book:
        file = tmp_path / "corner_shop.toml"
        file.write_text(f"{text}\n{SETTINGS}", encoding="utf-8")
        return load_book(str(file))

    monkeypatch.setenv("TIERWISE_LEDGER", f"sqlite:///{tmp_path}/environment.db")
    monkeypatch.setenv("PLACE", str(tmp_path))
    for text in ('ledger = "sqlite:///$PLACE/book.db"', "", ""):
        ledger = Ledger.of(book(text), tmp_path)
        ledger.record(override())
        ledger.close()
        if not text:
            monkeypatch.delenv("TIERWISE_LEDGER", raising=False)
    made = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.db")}
    assert made == {"book.db", "environment.db", "corner_shop/ledger.db"}
    assert "ledger" not in book('ledger = "postgresql://me:hunter2@host/x"').settings()
    with pytest.raises(SourceError, match="ledger: the environment variable NOWHERE is not set"):
        Ledger.of(book('ledger = "sqlite:///$NOWHERE/book.db"'), tmp_path)
    with pytest.raises(StoreError) as caught:
        Ledger.of(book('ledger = "nosuch://me:hunter2@host/x"'), tmp_path).previous(1)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('owner = "countri"', 'accounts.owner: expected a profile column with words (country), got "countri"; did you'),
        ('name = "staff"', 'accounts.name: expected a column of kind category or text, "staff" is a number'),
        ('boss = "country"', "accounts.boss"),
    ],
)
def test_an_account_key_that_names_no_column_is_refused(tmp_path: Path, table: str, message: str) -> None:
    (tmp_path / "shop.toml").write_text(f"{SETTINGS}\n[accounts]\n{table}\n", encoding="utf-8")
    with pytest.raises(BookError) as caught:
        load_book(str(tmp_path / "shop.toml"))
    assert message in str(caught.value)


def test_owners_and_names_are_the_words_of_their_columns(engine: Engine) -> None:
    histories = engine.store.histories(["c001", "c002"])
    assert engine.owners_of(histories) == engine.names_of(histories) == [None, None]
    accounts = engine.book.accounts.model_copy(update={"owner": "country"})
    owned = replace(engine, book=engine.book.model_copy(update={"accounts": accounts}))
    assert owned.owners_of(histories) == ["FR", "CN"]
    assert owned.names_of(histories) == [None, None]
