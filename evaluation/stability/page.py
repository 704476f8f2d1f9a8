"""The page of stability."""

from data.settings.book import Book
from evaluation.comparison import DRAWS
from evaluation.page import templates, written_day
from evaluation.stability import wording
from evaluation.stability.plots import captured_plot, followed_plot, motion_plot
from evaluation.stability.result import WHO, Stability
from serving.degraded import sentence


def render(found: Stability, book: Book) -> str:
    """The page as one HTML text that needs nothing else."""
    return (
        templates()
        .get_template("stability.html")
        .render(
            title=book.title or book.name,
            found=found,
            degraded=[sentence(code, "en") for code in found.degraded],
            reviews=found.of("ours"),
            first=written_day(found.of("ours")[0].date),
            last=written_day(found.of("ours")[-1].date),
            pairs=list(zip(*([row for row in found.followed if row.who == who] for who in WHO), strict=True)),
            motion=motion_plot(found),
            captured=captured_plot(found) if found.captured.reviews else "",
            followed=followed_plot(found) if found.followed else "",
            wording=wording,
            draws=DRAWS,
        )
    )
