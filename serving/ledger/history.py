"""What was recommended to a customer, as a table; and one recommendation as it was said."""

from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from data.clock import isoformat
from data.settings.book import Book, load_book
from features.feature import Words
from serving.bridge.words import day_of
from serving.errors import Fault, RequestError
from serving.figures import Language, money, said
from serving.ledger.kept import Kept
from serving.ledger.ledger import Ledger
from serving.tiers.ladder import NAMES

MOST = 100
NONE = Words("Book {book}: nothing was recommended to {id}.", "{book}：没有为客户 {id} 留存的建议。")
TITLE = Words("Recommended to {id} of {book}", "{book} 的客户 {id} 的历次建议")
HEAD = (
    Words("as of", "截至"),
    Words("tier", "等级"),
    Words("lifetime value", "客户终身价值"),
    Words("language", "语言"),
    Words("model", "模型"),
    Words("first said", "首次给出"),
    Words("id", "编号"),
)


@dataclass(frozen=True)
class History:
    """What was recommended to a customer, the newest cutoff first."""

    book: Book
    customer: str
    kept: tuple[Kept, ...]

    def page(self, language: Language) -> Table | Text:
        """The table, or that there is nothing to show."""
        place = {"book": self.book.name, "id": self.customer}
        if not self.kept:
            return Text(said(NONE, language).format(**place))
        table = Table(title=Text(said(TITLE, language).format(**place)), title_justify="left", box=box.SIMPLE)
        for words in HEAD:
            table.add_column(said(words, language), no_wrap=words is HEAD[-1], overflow="fold")
        for one in self.kept:
            table.add_row(*(Text(cell) for cell in _cells(one, self.book, language)))
        return table


def shown(book_name: str, id_: str, home: Path, path: Path | None) -> str:
    """The recommendation as it was said, to the letter. Raises RequestError where none has this id."""
    book = load_book(book_name, path)
    found = Ledger.of(book, home).kept(id_.strip().lower())
    if found is None:
        raise RequestError(
            Fault("ID", f'book {book.name} has no recommendation "{id_}"; `kept` lists those of a customer')
        )
    return found.text


def history(book_name: str, customer: str, home: Path, path: Path | None) -> History:
    """The last recommendations to a customer."""
    book = load_book(book_name, path)
    return History(book, customer, tuple(Ledger.of(book, home).kept_of(customer, MOST)))


def _cells(one: Kept, book: Book, language: Language) -> tuple[str, ...]:
    tier = "–" if one.tier is None else said(NAMES[one.tier], language) if one.tier in NAMES else one.tier
    return (
        day_of(isoformat(one.cutoff, book.time_zone)),
        tier,
        money(one.lifetime_value, book.currency, language),
        one.language,
        one.model_version,
        _time(one.recorded, book),
        one.id,
    )


def _time(moment: int, book: Book) -> str:
    """To the minute, in the book's time zone."""
    return isoformat(moment, book.time_zone)[: len("2017-10-01T00:00")].replace("T", " ")
