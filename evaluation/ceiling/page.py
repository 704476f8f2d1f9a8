"""The page of the ceiling."""

from data.settings.book import Book
from evaluation.ceiling import wording
from evaluation.ceiling.result import Ceiling
from evaluation.ceiling.table import figures_of
from evaluation.comparison import DRAWS
from evaluation.page import templates, written_day


def render(found: Ceiling, book: Book) -> str:
    """The page as one HTML text that needs nothing else."""
    return (
        templates()
        .get_template("ceiling.html")
        .render(
            title=book.title or book.name,
            found=found,
            cutoff=written_day(found.cutoff),
            lines=[(gap, figures_of(found, gap)) for gap in found.gaps],
            pairs=found.pairs,
            wording=wording,
            draws=DRAWS,
        )
    )
