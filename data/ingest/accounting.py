"""The accounts of an ingest: what every delivery brought against what every bucket kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from data.account import Account
from data.events import APPENDED
from data.ingest.harvest import Counts, Harvest
from data.ingest.intake import origins
from data.ingest.kinds import REJECTED
from data.ingest.quarantine import distinct_rejected, named, reasons
from data.ingest.writing import Written, conflicts_file
from data.settings.book import Book


def accounts_of(
    book: Book, harvests: Sequence[Harvest], buckets: Sequence[Written], told: Path
) -> tuple[list[Account], pl.DataFrame]:
    """The account of every source and profile, and the quarantined rows."""
    quarantined, again = distinct_rejected(_rejected(book, harvests, len(buckets), told))
    counts, kept, conflicts = Counts(), Counter[str](), Counter[str]()
    for harvest in harvests:
        counts.update(harvest.counts)
    for bucket in buckets:
        kept.update(bucket.kept)
        conflicts.update(bucket.conflicts)
    names = [source.name for source in book.sources] + [source.name for source in book.profiles]
    names += [APPENDED] if counts.rows[APPENDED] else []
    accounts = [
        Account(
            source=name,
            rows=counts.rows[name],
            kept=kept[name],
            known=counts.usable[name] - kept[name] - conflicts[name] + again.get(name, 0),
            filtered=dict(counts.filtered.get(name, {})),
            quarantined=reasons(quarantined, name),
        )
        for name in names
    ]
    return accounts, quarantined


def _rejected(book: Book, harvests: Sequence[Harvest], buckets: int, told: Path) -> pl.DataFrame:
    """What deliveries rejected in the order of reading, then the conflicts of bucket after bucket."""
    deliveries = {harvest.number: harvest.counts.delivery for harvest in harvests}
    rows = [harvest.rows[REJECTED].of(0, 1) for harvest in harvests]
    for file in (conflicts_file(told, number) for number in range(buckets)):
        if file.is_file():
            conflicts = pl.read_ipc(file).partition_by("origin", "delivery", as_dict=True)
            for (origin, delivery), own in conflicts.items():
                rows.append(named(own, origins(book)[int(origin)], deliveries[int(delivery)]))
    return pl.concat(rows)
