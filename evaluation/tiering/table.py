"""Tiers as tables in the terminal."""

from collections.abc import Iterator

from rich.table import Table

from evaluation.tiering import wording
from evaluation.tiering.flows import FROM
from evaluation.tiering.result import Tiering
from serving.tiers.ladder import TIERS


def tables_of(found: Tiering) -> Iterator[Table]:
    """What came of each tier, before and after a move, and from where to where customers went."""
    yield _effects(found)
    yield _moves(found)
    yield _flows(found)


def _effects(found: Tiering) -> Table:
    first, last = found.reviews[0].date, found.reviews[-1].date
    title = (
        f"{found.book}, {found.policy}: {len(found.reviews)} reviews from {first} to {last}, "
        f"the {found.horizon_days} days after each"
    )
    names = wording.shown(found)
    table = Table(title=title, title_justify="left")
    table.add_column("tier")
    for name in ("customers", *(wording.titled(each, found.currency) for each in names), "share of value"):
        table.add_column(name, justify="right")
    for row in found.effects:
        figures = (
            f"{wording.figure(name, row.figures[name].value)}\n{wording.between(name, row.figures[name])}"
            for name in names
        )
        share = f"{wording.percent(row.value_share.value)}\n{wording.percent(row.value_share.low)} to "
        table.add_row(
            row.tier,
            f"{row.customers:,}\n{row.cases:,} cases",
            *figures,
            f"{share}{wording.percent(row.value_share.high)}",
        )
    return table


def _moves(found: Tiering) -> Table:
    names = wording.shown(found)
    table = Table(
        title=f"The {found.horizon_days} days before a review and after it; no effect of the tier", title_justify="left"
    )
    table.add_column("between reviews")
    table.add_column("cases", justify="right")
    for name in names:
        table.add_column(f"{wording.titled(name, found.currency)}\nbefore → after", justify="right")
    for row in found.moves:
        cells = (
            f"{wording.figure(name, row.before[name].value)} → "
            f"{wording.figure(name, row.after[name].value)}\n"
            f"{wording.difference_between(name, row.difference[name])}"
            for name in names
        )
        table.add_row(wording.DIRECTIONS[row.direction].lower(), f"{row.cases:,}", *cells)
    return table


def _flows(found: Tiering) -> Table:
    table = Table(title=f"From {found.reviews[0].date} to {found.reviews[-1].date}", title_justify="left")
    table.add_column("from")
    for tier in TIERS:
        table.add_column(f"to {tier}", justify="right")
    for name, row in zip(FROM, found.flows, strict=True):
        table.add_row(name, *(f"{count:,}" for count in row))
    return table
