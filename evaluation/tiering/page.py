"""The page of the tiers."""

from data.settings.book import Book
from evaluation.comparison import DRAWS
from evaluation.page import templates, written_day
from evaluation.tiering import wording
from evaluation.tiering.flows import FROM
from evaluation.tiering.measure import Found
from evaluation.tiering.plots import change_plot, flows_plot, metric_plot, reliability_plots, values_plot
from serving.degraded import sentence
from serving.tiers.ladder import TIERS


def render(measured: Found, book: Book) -> str:
    """The page as one HTML text that needs nothing else."""
    found = measured.tiering
    names = wording.shown(found)
    return (
        templates()
        .get_template("tiers.html")
        .render(
            title=book.title or book.name,
            found=found,
            degraded=[sentence(code, "en") for code in found.degraded],
            first=written_day(found.reviews[0].date),
            last=written_day(found.reviews[-1].date),
            names=names,
            by_tier=[metric_plot(found, name) for name in names],
            values=values_plot(found),
            changes=[change_plot(found, name) for name in names] if any(row.cases for row in found.moves) else [],
            flows=flows_plot(found),
            flow_rows=list(zip(FROM, found.flows, strict=True)),
            tiers=TIERS,
            chances=reliability_plots(measured.told),
            wording=wording,
            draws=DRAWS,
        )
    )
