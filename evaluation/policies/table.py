"""The proof as tables in the terminal."""

from collections.abc import Iterator

from rich.table import Table

from evaluation.policies import wording
from evaluation.policies.ranking import NAMES, OTHERS, OURS
from evaluation.policies.result import EFFECTS, TOPS, Care, Figure, Proof, Span

MEASURES = {
    **{f"captured_{top}": f"top {top} %" for top in TOPS},
    **{f"profit_{effect}": f"profit, {effect}" for effect in EFFECTS},
}
CARE_MEASURES = [f"{measure}_{top}" for top in TOPS[::-1] for measure in ("regret", "realised", "expected")]


def tables_of(found: Proof) -> Iterator[Table]:
    """What every policy captures and gains, how ours differ, and who should get care where that is known."""
    for span in found.spans:
        yield _figures(found, span)
        yield _differences(found, span)
    if found.care:
        yield _care(found, found.care)


def _figures(found: Proof, span: Span) -> Table:
    table = Table(title=title_of(found, span), title_justify="left")
    table.add_column("policy")
    for title in MEASURES.values():
        table.add_column(title, justify="right", no_wrap=True)
    by_measure = {measure: found.of(span, measure) for measure in MEASURES}
    for policy in NAMES:
        rows = [columns.get(policy) for columns in by_measure.values()]
        if any(rows):
            table.add_row(wording.name(policy, found.horizon_days), *(_cell(row) for row in rows))
    return table


def _differences(found: Proof, span: Span) -> Table:
    table = Table(title=f"Ours − other, {wording.SPANS[span]} (paired 95 % intervals)", title_justify="left")
    table.add_column("other")
    keys = [(mine, measure) for mine in OURS for measure in (*(f"captured_{top}" for top in TOPS), "profit_mid")]
    for mine, measure in keys:
        table.add_column(f"{wording.name(mine, found.horizon_days)}\n{MEASURES[measure]}", justify="right")
    columns = [{row.other: row for row in found.between(span, measure, mine)} for mine, measure in keys]
    for other in OTHERS:
        rows = [column[other] for column in columns]
        cells = (
            f"{wording.told_difference(row.measure, row.value)}\n{wording.difference_between(row)}".strip()
            for row in rows
        )
        table.add_row(wording.name(other, found.horizon_days), *cells)
    return table


def _care(found: Proof, care: Care) -> Table:
    table = Table(title=wording.care_title(care), title_justify="left", caption_justify="left")
    table.add_column("policy")
    for measure in CARE_MEASURES:
        table.add_column(wording.care_column(measure), justify="right")
    rows = {(row.measure, row.policy): row for row in care.figures}
    for policy in NAMES:
        if (CARE_MEASURES[0], policy) in rows:
            cells = (_cell(rows[measure, policy]) for measure in CARE_MEASURES)
            table.add_row(wording.name(policy, found.horizon_days), *cells)
    ratios = [rows[f"ratio_{top}", mine] for top in TOPS[::-1] for mine in OURS]
    table.caption = "\n".join(
        f"{wording.ratio_of(row, found.horizon_days)}: {wording.share(row.value)} ({wording.between(row)})"
        for row in ratios
    )
    return table


def title_of(found: Proof, span: Span) -> str:
    """What a table or a plot is about."""
    chosen = found.replayed if span == "pooled" else found.replayed[:1]
    days = " and ".join(f"{each.cutoff} ({each.customers:,} customers)" for each in chosen)
    return f"{found.book.name} at {days}, {found.horizon_days} days; profit in {found.book.currency}"


def _cell(row: Figure | None) -> str:
    return f"{wording.told(row.measure, row.value)}\n{wording.between(row)}".strip() if row else ""
