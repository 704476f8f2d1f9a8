"""The inbox: what was acknowledged survives a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

from data.settings.book import Book
from data.store.inbox import Inbox

WRITER = textwrap.dedent("""
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    from data.settings.book import load_book
    from data.events import Event
    from data.store.inbox import Inbox
    inbox = Inbox(load_book(sys.argv[1]), Path(sys.argv[2]))
    number = int(sys.argv[3])
    while True:
        day = datetime(2021, 1, 1, tzinfo=UTC)
        inbox.append([Event(f"c{number}", day, "visit", key=f"{number}-{part}") for part in (1, 2)])
        print(number, flush=True)
        number += 1
""")


def acknowledged_by_a_killed_writer(book: Book, home: Path, first: int, lines: int) -> list[int]:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(book.file), str(home), str(first)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert writer.stdout is not None
    told = [writer.stdout.readline() for _ in range(lines)]
    writer.send_signal(signal.SIGKILL)
    told += writer.stdout.read().splitlines()
    writer.wait()
    writer.stdout.close()
    return [int(line) for line in told]


def test_no_acknowledged_event_is_lost_and_no_batch_is_halved_by_a_kill(shop: Callable[..., Book], home: Path) -> None:
    book = shop(orders="customer,at,type,amount,quantity,product,order\n")
    told: list[int] = []
    for lines in (1, 5, 23):
        told += acknowledged_by_a_killed_writer(book, home, first=1000 * lines, lines=lines)
    inbox = Inbox(book, home)
    found = [event.key for _, event in inbox.events(0, inbox.last())]
    assert len(set(found)) == len(found)
    assert {f"{number}-{part}" for number in told for part in (1, 2)} <= set(found)
    halves = {str(key).split("-")[0] for key in found}
    assert len(found) == 2 * len(halves)
    assert len(halves) - len(told) <= 3


def test_an_inbox_that_was_never_written_is_empty_and_leaves_no_file(shop: Callable[..., Book], home: Path) -> None:
    inbox = Inbox(shop(), home)
    assert inbox.last() == 0
    assert inbox.customers(0) == []
    assert inbox.of_customers(["c1"], 0) == {}
    assert inbox.times(0) is None
    assert not home.exists()
