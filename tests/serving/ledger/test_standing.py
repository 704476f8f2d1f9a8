"""Standing tiers: whole or nothing, and since when, against a plain replay."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import StoreError
from serving.ledger.ledger import Ledger
from serving.ledger.previous import Previous

PROJECT = Path(__file__).parents[3]
CUSTOMERS = ("c1", "c2", "c3", "c4")
MONTHS = st.lists(
    st.dictionaries(st.sampled_from(CUSTOMERS), st.sampled_from(("gold", "silver", "bronze"))), min_size=1, max_size=7
)


def write(ledger: Ledger, cutoff: int, tiers: Mapping[str, str], plan: str = "p") -> int:
    return ledger.write_tiers(cutoff, plan, "m", [(customer, tier, False) for customer, tier in tiers.items()])


def replayed(months: list[dict[str, str]], customer: str) -> Previous | None:
    """Going back from the last month as long as the tier is the same."""
    if customer not in months[-1]:
        return None
    tier, first = months[-1][customer], len(months) - 1
    while first and months[first - 1].get(customer) == tier:
        first -= 1
    return Previous(tier, 10 * first, months[first - 1].get(customer) if first else None)


@settings(max_examples=25, deadline=None)
@given(months=MONTHS)
def test_since_when_a_tier_stands_is_what_going_back_month_by_month_finds(months, tmp_path_factory) -> None:
    ledger = Ledger.open("shop", tmp_path_factory.mktemp("home"))
    for number, tiers in enumerate(months):
        write(ledger, 10 * number, tiers, f"p{number}")
    for number in range(len(months)):
        told = {customer: replayed(months[: number + 1], customer) for customer in CUSTOMERS}
        expected = {customer: known for customer, known in told.items() if known}
        assert ledger.previous(10 * number, through=True) == expected
        assert ledger.previous(10 * number + 10) == expected
        assert ledger.previous(10 * number + 3, ["c1", "c3"]) == {n: p for n, p in expected.items() if n in "c1 c3"}
    assert ledger.previous(0) == {}


def test_the_latest_write_strictly_before_a_cutoff_or_through_it(ledger: Ledger) -> None:
    write(ledger, 10, {"c1": "gold"})
    write(ledger, 20, {"c1": "silver"})
    assert ledger.previous(20) == {"c1": Previous("gold", 10, None)}
    assert ledger.previous(20, through=True) == ledger.previous(21) == {"c1": Previous("silver", 20, "gold")}


def test_writing_again_changes_nothing(ledger: Ledger) -> None:
    for cutoff, tier in ((10, "gold"), (20, "silver"), (30, "silver")):
        write(ledger, cutoff, {"c1": tier, "c2": "gold"})
    before = [ledger.previous(cutoff) for cutoff in (20, 30, 40)]
    for _ in range(2):
        assert write(ledger, 20, {"c1": "silver", "c2": "gold"}) == 2
        assert [ledger.previous(cutoff) for cutoff in (20, 30, 40)] == before


def test_scoring_the_past_anew_changes_no_later_write(ledger: Ledger) -> None:
    for cutoff in (10, 20, 30):
        write(ledger, cutoff, {"c1": "gold"}, f"p{cutoff}")
    write(ledger, 20, {"c1": "bronze"}, "another plan")
    write(ledger, 15, {"c1": "silver"}, "between")
    assert ledger.previous(40) == {"c1": Previous("gold", 10, None)}
    assert ledger.previous(30) == {"c1": Previous("bronze", 20, "gold")}
    assert ledger.previous(20) == {"c1": Previous("silver", 15, "gold")}


def test_of_two_plans_at_a_cutoff_the_one_written_last_stands(ledger: Ledger) -> None:
    write(ledger, 10, {"c1": "gold"}, "one")
    write(ledger, 10, {"c1": "silver"}, "other")
    assert ledger.previous(11)["c1"].tier == "silver"
    write(ledger, 10, {"c1": "gold"}, "one")
    assert ledger.previous(11)["c1"] == Previous("gold", 10, None)


def test_a_write_that_fails_leaves_what_stood(ledger: Ledger) -> None:
    write(ledger, 10, {"c1": "gold", "c2": "silver"})
    stood = ledger.previous(11)
    with pytest.raises(StoreError):
        ledger.write_tiers(10, "p", "m", [("c1", "bronze", False), ("c1", "gold", False)])
    assert ledger.previous(11) == stood


WRITER = textwrap.dedent("""
    import sys
    from serving.ledger.ledger import Ledger
    ledger = Ledger.at(sys.argv[1], "corner_shop")
    for month in range(int(sys.argv[2]), int(sys.argv[2]) + 1000):
        ledger.write_tiers(month, f"p{month}", "m", [(f"c{n}", f"tier {month}", False) for n in range(3_000)])
        print(month, flush=True)
""")


def writer(url: str, first: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.Popen([sys.executable, "-c", WRITER, url, str(first)], stdout=subprocess.PIPE, env=environment)


def test_a_kill_in_the_middle_leaves_a_write_whole_or_out(file_url: str) -> None:
    for kill in range(4):
        process = writer(file_url, 1_000 * kill)
        assert process.stdout is not None
        told = [process.stdout.readline()]
        time.sleep(random.Random(kill).uniform(0, 0.12))
        process.send_signal(signal.SIGKILL)
        told += process.stdout.read().splitlines()
        process.wait()
        process.stdout.close()
        acknowledged = int(told[-1])
        found = Ledger.at(file_url, "corner_shop").previous(10**6)
        assert len(found) == 3_000
        ((since, tier),) = {(each.since, each.tier) for each in found.values()}
        assert since in (acknowledged, acknowledged + 1)
        assert tier == f"tier {since}"


def test_several_processes_write_and_read_at_the_same_time(url: str, ledger: Ledger) -> None:
    script = textwrap.dedent("""
        import sys
        from serving.ledger.ledger import Ledger
        from tests.serving.ledger.conftest import override
        ledger = Ledger.at(sys.argv[1], "corner_shop")
        for number in range(15):
            ledger.record(override(f"{sys.argv[2]}-{number}"))
            ledger.write_tiers(number, sys.argv[2], "m", [(f"c{n}", sys.argv[2], False) for n in range(20)])
            assert len({each.tier for each in ledger.previous(number, through=True).values()}) == 1
        ledger.close()
    """)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-W", "error", "-c", script, url]
    processes = [subprocess.Popen([*command, name], stderr=subprocess.PIPE, env=environment) for name in "abc"]
    errors = [process.communicate(timeout=60)[1].decode() for process in processes]
    assert errors == ["", "", ""]
    assert set(ledger.overrides_at(15)) == {f"{name}-{number}" for name in "abc" for number in range(15)}
    assert [len(ledger.previous(number, through=True)) for number in range(15)] == [20] * 15
