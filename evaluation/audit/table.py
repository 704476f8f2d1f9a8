"""An audit as tables in the terminal."""

from collections.abc import Iterator

from rich.table import Table

from evaluation.audit import wording
from evaluation.audit.result import Audit
from evaluation.wording import TARGETS
from training.audit.table import warning_of


def tables_of(audit: Audit) -> Iterator[Table]:
    """The suspects, if any; then every tripwire and check with what it measured."""
    if audit.suspects:
        yield warning_of(audit.suspects)
    table = Table(title=f"Tripwires of {audit.book.name} at {audit.cutoff}", title_justify="left")
    table.add_column("tried", ratio=3)
    table.add_column("found", ratio=3)
    table.add_column("", no_wrap=True)
    for shuffled in audit.shuffles:
        tried = f"{TARGETS[shuffled.target].title}: labels dealt out anew"
        table.add_row(tried, wording.shuffle(shuffled), wording.passed(shuffled.passed))
    for planted in audit.planted:
        tried = f"{TARGETS[planted.target].title}: planted {wording.LEAKS[planted.leak]}"
        table.add_row(tried, wording.planted(planted), wording.passed(planted.passed))
    for check in audit.checks:
        table.add_row(wording.RULES[check.rule], wording.check(check), wording.passed(check.passed))
    yield table
    yield _known(audit)


def _known(audit: Audit) -> Table:
    table = Table(title="When events became known", title_justify="left")
    table.add_column("role")
    for name in ("events", "a day late", "30 days late", "longest, days", "known before"):
        table.add_column(name, justify="right")
    for row in audit.known:
        shares = (f"{100 * count / row.events:.1f} %" for count in (row.late, row.very_late))
        table.add_row(row.role, f"{row.events:,}", *shares, f"{max(row.longest, 0):,.0f}", f"{row.early:,}")
    return table
