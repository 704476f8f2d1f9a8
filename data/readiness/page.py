"""The readiness report as people read it."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from data.clock import local_date
from data.readiness.report import (
    HORIZONS_IN_HISTORY,
    LEAST_BUYERS,
    LEAST_HISTORY_DAYS,
    LEAST_TRAINING_BUYERS,
    Readiness,
)
from data.settings.book import Book


def show(report: Readiness, book: Book, console: Console) -> None:
    """Prints the report."""
    console.print(f"\n{book.title or book.name} ({book.name})\n", style="bold")
    console.print(_accounts(report))
    for hint in report.hints:
        console.print(hint, markup=False, soft_wrap=True)
    _say_summary(report, book, console)
    console.print(_roles(report))
    console.print(_horizons(report))
    if report.profile:
        console.print(_profile(report))
    console.print(_verdict(report))


def _accounts(report: Readiness) -> Table:
    table = _table("Rows", "source", "in", "kept", "already known", "filtered", "quarantined")
    for account in report.accounts:
        counts = (account.rows, account.kept, account.known)
        parts = (_parts(dict(account.filtered)), _parts(dict(account.quarantined)))
        table.add_row(account.source, *(f"{count:,}" for count in counts), *parts)
    return table


def _parts(counts: dict[str, int]) -> str:
    told = [f"{count:,} {name}" for name, count in counts.items() if count]
    return "\n".join(told) or "0"


def _say_summary(report: Readiness, book: Book, console: Console) -> None:
    first, last, judged = (
        local_date(instant, book.time_zone) for instant in (report.first_time, report.last_time, report.judged)
    )
    console.print(f"{report.events:,} events of {report.customers:,} customers, {first} to {last} ({book.time_zone})")
    console.print(f"{report.buyers:,} bought, {report.buyers_by_judged:,} of them by the cutoff {judged}")
    console.print(report.value, markup=False, soft_wrap=True)
    if report.late_share:
        console.print(f"{report.late_share:.1%} of the events became known after they happened")


def _roles(report: Readiness) -> Table:
    table = _table("Roles", "role", "events", "customers", "missing, and so")
    for role in report.roles:
        table.add_row(role.role, f"{role.events:,}", f"{role.customers:,}", role.cost or "")
    return table


def _horizons(report: Readiness) -> Table:
    columns = (
        "target",
        "horizon",
        "history before the last label",
        "by the end of data",
        "model",
        "judged label",
    )
    table = _table("Horizons, in days", *columns)
    for row in report.horizons:
        horizon = f"{row.horizon_days}{' (main)' if row.main else ''}"
        complete = "complete" if row.judged_is_complete else "open"
        table.add_row(row.target, horizon, _days(row.before_judged), _days(row.before_end), row.model, complete)
    return table


def _days(days: int) -> str:
    return str(days) if days > 0 else "none"


def _profile(report: Readiness) -> Table:
    table = _table("Profile", "column", "kind", "customers with a value", "valid at the cutoff")
    for column in report.profile:
        table.add_row(column.column, column.kind, f"{column.filled:.1%}", f"{column.known_by_judged:.1%}")
    return table


def _verdict(report: Readiness) -> str:
    told = {
        "trained": f"trained: the history up to the cutoff holds {HORIZONS_IN_HISTORY} such horizons",
        "extrapolated": "extrapolated: trained at a shorter horizon and stretched by Pareto/NBD",
        "none": f"none: the history up to the cutoff is shorter than {LEAST_HISTORY_DAYS} days",
    }
    present = [text for model, text in told.items() if any(row.model == model for row in report.horizons)]
    if report.buyers_by_judged < LEAST_TRAINING_BUYERS:
        few = f"training needs at least {LEAST_TRAINING_BUYERS} customers who bought by the cutoff"
        return "\n".join([*present, f"{few}; there are {report.buyers_by_judged}"])
    comparison = "at least" if report.buyers_by_judged >= LEAST_BUYERS else "fewer than"
    return "\n".join([*present, f"{report.leader} lead: {comparison} {LEAST_BUYERS:,} buyers by the cutoff"])


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column)
    return table
