"""The ceiling as tables in the terminal."""

from collections.abc import Iterator

from rich.table import Table

from evaluation.ceiling import wording
from evaluation.ceiling.result import Ceiling, Figure, Gap


def tables_of(found: Ceiling) -> Iterator[Table]:
    """A line per question with every model beside the gap; then how often the intervals held."""
    table = Table(
        title=f"{found.book} at {found.cutoff}: taught by {found.taught:,} customers, asked of {found.unseen:,} others",
        title_justify="left",
    )
    table.add_column("asked", no_wrap=True)
    for name in wording.MODELS.values():
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("ours − ceiling", justify="right", no_wrap=True)
    for gap in found.gaps:
        asked = "\n".join(filter(None, (wording.asked(gap), wording.PEOPLE[gap.whom], wording.verdict(gap))))
        table.add_row(asked, *_models(found, gap), _gap(gap))
    yield table
    yield _coverage(found)


def figures_of(found: Ceiling, gap: Gap) -> dict[str, Figure]:
    """The figures that a gap stands among, by model."""
    key = (gap.target, gap.whom, gap.metric)
    return {row.model: row for row in found.figures if (row.target, row.whom, row.metric) == key}


def _models(found: Ceiling, gap: Gap) -> Iterator[str]:
    rows = figures_of(found, gap)
    for model in wording.MODELS:
        row = rows.get(model)
        yield f"{wording.number(row.value)}\n{wording.between(row)}".strip() if row else ""


def _gap(gap: Gap) -> str:
    return f"{wording.difference(gap.value)}\n{wording.gap_between(gap)}".strip()


def _coverage(found: Ceiling) -> Table:
    table = Table(title="Share of customers whose money lay in its interval", title_justify="left")
    table.add_column("of")
    for name in ("customers", "brought nothing", "90 % interval", "80 % interval", ""):
        table.add_column(name, justify="right", no_wrap=True)
    for wide, narrow in found.pairs:
        shares = (f"{wording.number(row.value)}\n{wording.between(row)}" for row in (wide, narrow))
        nothing = wording.number(wide.nothing)
        table.add_row(wording.PEOPLE[wide.whom], f"{wide.n:,}", nothing, *shares, wording.verdict(wide))
    return table
