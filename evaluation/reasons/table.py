"""How stable the reasons are, as a table in the terminal."""

from rich.table import Table

from evaluation.reasons.result import Grounds
from evaluation.reasons.wording import rows
from evaluation.wording import TARGETS


def table_of(found: Grounds) -> Table:
    """A line for every figure, a column for every target."""
    title = (
        f"Reasons of {found.book.name} at {found.cutoff}: seed {found.seed} beside {found.seed + 1}, "
        f"{found.explained:,} customers"
    )
    table = Table(title=title, title_justify="left")
    table.add_column("another seed", ratio=2)
    for target in found.targets:
        table.add_column(TARGETS[target].title, justify="right", no_wrap=True)
    for row in rows(found):
        table.add_row(row.title, *(f"{value}\n{between}".strip() for value, between in row.cells))
    return table
