"""Stability as tables in the terminal."""

from collections.abc import Iterator

from rich.table import Table

from evaluation.stability import wording
from evaluation.stability.result import WHO, Stability


def tables_of(found: Stability) -> Iterator[Table]:
    """The policy with memory beside the one without; then, where the truth is known, the changes that it followed."""
    first, last = found.of("ours")[0].date, found.of("ours")[-1].date
    table = Table(
        title=f"{found.book}, {found.policy}: {len(found.of('ours'))} reviews from {first} to {last}",
        title_justify="left",
    )
    table.add_column("")
    for name in (*wording.NAMES.values(), "asked"):
        table.add_column(name, justify="right")
    table.add_row("moves", *(f"{found.moves(who):,}" for who in WHO), "")
    table.add_row("flaps", *(f"{found.flaps(who):,}" for who in WHO), _asked(found, "flaps"))
    shares = (found.captured.ours, found.captured.memoryless)
    told = (f"{wording.percent(share.value)}\n{wording.between(share)}" for share in shares)
    table.add_row(f"money of diamond and gold\n{found.captured.reviews} reviews", *told, _asked(found, "captured"))
    table.add_row("customers in diamond and gold", *(wording.percent(found.best(who)) for who in WHO), "")
    lost = found.captured.lost
    table.add_row("of that lost", f"{wording.percent(lost.value)}\n{wording.between(lost)}", "", "")
    if found.over is not None:
        over = (str(sum(month.over or 0 for month in found.of(who))) for who in WHO)
        table.add_row("customers beyond seats", *over, _asked(found, "seats"))
    yield table
    if found.followed:
        yield _followed(found)


def _followed(found: Stability) -> Table:
    table = Table(title="Changes for good of the tier by true values, followed within two months", title_justify="left")
    table.add_column("of")
    for name in ("customers", *wording.NAMES.values(), "asked"):
        table.add_column(name, justify="right")
    ours, theirs = ([row for row in found.followed if row.who == who] for who in WHO)
    for row, other in zip(ours, theirs, strict=True):
        shares = (f"{wording.percent(each.share.value)}\n{wording.between(each.share)}" for each in (row, other))
        asked = _asked(found, "followed") if row.change == "all" else ""
        table.add_row(wording.of_change(row), f"{row.n:,}", *shares, asked)
    return table


def _asked(found: Stability, name: str) -> str:
    return f"{wording.verdict(found, name)}: {wording.ASKED[name].split(': ', 1)[1]}"
