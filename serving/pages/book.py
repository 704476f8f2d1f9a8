"""The whole book in figures and drawings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from features.feature import Words
from serving.figures import Language, percent, said
from serving.overview.overview import Cell, Mover, Overview, Quarter
from serving.pages.drawing.sankey import NEW, direction_of, sankey
from serving.pages.frame import Frame
from serving.pages.tone import NOTHING, coin
from serving.tiers.rfm import SEVEN

HEATS = 8
"""Shades of the board."""

FILLED = 90.0
"""Percent of its track that the highest bar fills."""

FEW = 20
"""(ours) A rate of fewer customers is told, but no bar is drawn."""


@dataclass(frozen=True, slots=True)
class Share:
    """A tier or class: its customers, and both shares as numbers and as texts."""

    name: str
    title: str
    customers: str
    of_customers: float
    of_value: float
    value: str


@dataclass(frozen=True, slots=True)
class BoardCell:
    """A cell of the board; `heat` counts the shades."""

    recency: int
    frequency: int
    customers: str
    share: str
    heat: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A stage of the funnel; `share` of the stage before is None for the first."""

    name: str
    customers: str
    width: float
    share: str | None


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of a quarter; `height` compares it with the other quarters."""

    end: str
    shown: str
    some: int
    all: int
    height: float


@dataclass(frozen=True, slots=True)
class Moved:
    """A rising or falling customer (texts)."""

    customer_id: str
    before: int
    recent: int
    spend_before: str
    spend_recent: str


def page(frame: Frame, _: Request) -> Response:
    """The book at the plan's cutoff."""
    overview, language = frame.engine.overview, frame.language
    if overview is None:
        return frame.page("unscored.html", here="book")
    seen = frame.seen([mover.customer_id for mover in overview.movers])
    return frame.page(
        "book.html",
        here="book",
        overview=overview,
        customers=f"{overview.customers:,}",
        value=coin(overview.value, overview.currency, language),
        since=frame.day(overview.since),
        shares=tiers(overview, language),
        classes=classes(overview, language),
        board=board(overview),
        sankey=sankey(overview.flows),
        moves=moves(overview),
        rising=movers(overview, "rising", seen, language),
        falling=movers(overview, "falling", seen, language),
        funnel=list(funnel(overview)),
        core=core_rates(overview),
        new=new_rates(overview),
    )


def tiers(overview: Overview, language: Language) -> list[Share]:
    """Every tier's shares, the highest first."""
    return [_share(overview, size.name, size.name, size.customers, size.value, language) for size in overview.tiers]


def classes(overview: Overview, language: Language) -> list[Share]:
    """Every class of the foreign-trade matrix."""
    titles: dict[str, Words] = {each.name: each.title for each in SEVEN}
    return [
        _share(overview, size.name, said(titles[size.name], language), size.customers, size.value, language)
        for size in overview.classes
    ]


def board(overview: Overview) -> list[BoardCell]:
    """The nine cells, row by row from the most recent buyers."""
    whole = sum(cell.value for cell in overview.board) or 1.0
    most = max((cell.value for cell in overview.board), default=0.0) or 1.0
    return [_cell(cell, whole, most) for cell in overview.board]


def moves(overview: Overview) -> dict[str, str]:
    """How many customers rose, fell and stayed."""
    counts = dict.fromkeys(("up", "down", "same", NEW), 0)
    for flow in overview.flows:
        counts[direction_of(flow)] += flow.customers
    return {name: f"{count:,}" for name, count in counts.items()}


def funnel(overview: Overview) -> Iterator[Bar]:
    """The stages, each beside the one before."""
    first = max((stage.customers for stage in overview.stages), default=0) or 1
    before: int | None = None
    for stage in overview.stages:
        share = percent(stage.customers / before) if before else None
        yield Bar(stage.name, f"{stage.customers:,}", 100 * stage.customers / first, share)
        before = stage.customers


def core_rates(overview: Overview) -> list[Rate]:
    """Core customers who bought again, by quarter."""
    return _rates([(quarter, quarter.core_bought, quarter.core) for quarter in overview.quarters])


def new_rates(overview: Overview) -> list[Rate]:
    """New customers who bought first, by quarter."""
    return _rates([(quarter, quarter.new_bought, quarter.new) for quarter in overview.quarters])


def movers(overview: Overview, direction: str, seen: frozenset[str], language: Language) -> list[Moved]:
    """Those of a direction whom the reader may see."""
    return [
        _moved(mover, overview.currency, language)
        for mover in overview.movers
        if mover.direction == direction and mover.customer_id in seen
    ]


def _share(overview: Overview, name: str, title: str, customers: int, value: float, language: Language) -> Share:
    return Share(
        name=name,
        title=title,
        customers=f"{customers:,}",
        of_customers=customers / max(1, overview.customers),
        of_value=max(0.0, value / overview.value) if overview.value > 0 else 0.0,
        value=coin(value, overview.currency, language),
    )


def _cell(cell: Cell, whole: float, most: float) -> BoardCell:
    heat = 0 if cell.value <= 0 else 1 + round((HEATS - 1) * (cell.value / most) ** 0.5)
    return BoardCell(cell.recency, cell.frequency, f"{cell.customers:,}", percent(cell.value / whole), heat)


def _rates(counted: Sequence[tuple[Quarter, int, int]]) -> list[Rate]:
    """The rates as bars, the highest of which nearly fills its track."""
    shares = [some / everybody if everybody else 0.0 for _, some, everybody in counted]
    top = max(
        [share for share, (_, _, everybody) in zip(shares, counted, strict=True) if everybody >= FEW], default=0.0
    )
    return [
        Rate(
            end=quarter.end,
            shown=percent(share) if everybody else NOTHING,
            some=some,
            all=everybody,
            height=FILLED * share / top if everybody >= FEW and top else 0.0,
        )
        for share, (quarter, some, everybody) in zip(shares, counted, strict=True)
    ]


def _moved(mover: Mover, currency: str, language: Language) -> Moved:
    spent = (coin(mover.spend_before, currency, language), coin(mover.spend_recent, currency, language))
    return Moved(mover.customer_id, mover.before, mover.recent, *spent)
