"""Forgetting in the ledger: every table, nobody else's rows, and no byte left in a file."""

from collections.abc import Callable
from pathlib import Path

from serving.ledger.ledger import Ledger
from serving.ledger.override import UNRECORDED, Override


def decided(customer: str) -> Override:
    return Override(UNRECORDED, customer, "gold", "Li Wei", "new plant", 10, 20, 5, 120.5, None, "m" * 16, "silver")


def filled(ledger: Ledger) -> Ledger:
    for customer in ("gone", "here"):
        ledger.record(decided(customer))
        ledger.withdraw(customer, by="Li Wei", reason="no plant", ends=15, recorded=16)
        ledger.record(decided(customer))
    for cutoff in (1, 2):
        ledger.write_tiers(cutoff, "p", "m", [("gone", "gold", False), ("here", "silver", False)])
    return ledger


def test_every_row_about_the_customer_goes_and_everybody_elses_stays(ledger: Ledger) -> None:
    filled(ledger)
    before = ledger.overrides_of("here", 12)
    assert ledger.rows_of("gone") == ledger.rows_of("here") == 5
    assert ledger.forget("gone") == 5
    assert ledger.rows_of("gone") == ledger.forget("gone") == 0
    assert ledger.overrides_of("gone", 12) == []
    assert set(ledger.previous(3)) == {"here"}
    assert ledger.overrides_of("here", 12) == before
    assert ledger.record(decided("here")).id > max(entry.override.id for entry in before)


def test_a_file_and_its_log_keep_no_byte_of_the_customer(
    file_url: str, opened: Callable[..., Ledger], tmp_path: Path
) -> None:
    ledger = filled(opened(file_url))
    ledger.write_tiers(2, "p", "m", [("here", "silver", False)])  # leaves free pages with what stood before
    ledger.forget("gone")
    files = list(tmp_path.glob("ledger.db*"))
    assert files
    assert all(b"gone" not in file.read_bytes() for file in files)


def test_a_ledger_that_was_never_written_forgets_without_a_file(
    file_url: str, opened: Callable[..., Ledger], tmp_path: Path
) -> None:
    ledger = opened(file_url)
    assert ledger.rows_of("gone") == ledger.forget("gone") == 0
    assert list(tmp_path.glob("ledger.db*")) == []
