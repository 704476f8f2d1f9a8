"""Overrides: added and ended, never edited; in force by time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import StoreError
from serving.ledger.ledger import Ledger
from serving.ledger.override import Override
from serving.ledger.tables import OVERRIDES, WITHDRAWALS
from tests.serving.ledger.conftest import MakeLedger, override

MOMENTS = st.integers(0, 12)
CUSTOMERS = ("c1", "c2", "客户 3")


@dataclass(frozen=True)
class Given:
    customer: str
    tier: str
    starts: int
    days: int


@dataclass(frozen=True)
class Taken:
    customer: str
    ends: int


STEPS = st.lists(
    st.one_of(
        st.builds(Given, st.sampled_from(CUSTOMERS), st.sampled_from("gsb"), MOMENTS, st.integers(1, 8)),
        st.builds(Taken, st.sampled_from(CUSTOMERS), MOMENTS),
    ),
    max_size=12,
)


class Plain:
    """The same rules over a list, one by one."""

    def __init__(self) -> None:
        self.rows: list[list[object]] = []

    def give(self, one: Given) -> None:
        self.rows.append([one.customer, one.tier, one.starts, one.starts + one.days, None])

    def take(self, one: Taken) -> None:
        for row in self.rows:
            if row[0] == one.customer and row[4] is None and one.ends < row[3]:  # type: ignore[operator]
                row[4] = one.ends

    def at(self, cutoff: int) -> dict[str, tuple[str, int]]:
        found = {}
        for customer, tier, starts, expires, end in self.rows:
            in_time = starts <= cutoff < expires  # type: ignore[operator]
            if in_time and not (end is not None and end <= cutoff):  # type: ignore[operator]
                found[customer] = (tier, starts)
        return found  # type: ignore[return-value]


def play(ledger: Ledger, steps: Sequence[Given | Taken]) -> Plain:
    plain = Plain()
    for step in steps:
        if isinstance(step, Given):
            plain.give(step)
            ledger.record(override(step.customer, step.tier, starts=step.starts, expires=step.starts + step.days))
        else:
            plain.take(step)
            ledger.withdraw(step.customer, by="Wang", reason="sold", ends=step.ends, recorded=99)
    return plain


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_what_is_in_force_is_what_a_plain_list_says(steps: list[Given | Taken], tmp_path_factory) -> None:
    ledger = Ledger.open("shop", tmp_path_factory.mktemp("home"))
    plain = play(ledger, steps)
    for cutoff in range(-1, 22):
        expected = plain.at(cutoff)
        found = {name: (one.tier, one.starts) for name, one in ledger.overrides_at(cutoff).items()}
        assert found == expected
        told = {e.override.customer_id: e.override for e in ledger.all_overrides(cutoff) if e.state == "in_force"}
        assert told == ledger.overrides_at(cutoff)
        assert ledger.overrides_at(cutoff, CUSTOMERS[:2]) == {n: o for n, o in told.items() if n in CUSTOMERS[:2]}


def rows(url: str) -> list[tuple[object, ...]]:
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        found = [
            tuple(row) for table in (OVERRIDES, WITHDRAWALS) for row in connection.execute(sqlalchemy.select(table))
        ]
    engine.dispose()
    return found


def test_every_row_stays_as_it_was_recorded(url: str, ledger: Ledger) -> None:
    seen: list[tuple[object, ...]] = []
    for number in range(4):
        ledger.record(override(tier=f"tier {number}", starts=number, expires=50))
        if number == 2:
            ledger.withdraw("c1", by="Wang", reason="closed", ends=2, recorded=3)
        now = rows(url)
        assert set(seen) < set(now)
        seen = now
    assert len(seen) == 7


def test_an_override_comes_back_as_it_was_given(ledger: Ledger) -> None:
    given = replace(override(), churn_then=0.25, reason="“新工厂” – 100 % sure; drop table", tier_then=None)
    taken = ledger.record(given)
    assert replace(taken, id=given.id) == given
    assert ledger.overrides_at(10) == {"c1": taken}


def test_the_states_of_an_override_follow_time(ledger: Ledger) -> None:
    def states(cutoff: int) -> list[str]:
        return [entry.state for entry in ledger.overrides_of("c1", cutoff)]

    ledger.record(override(starts=10, expires=40))
    ledger.record(override("c2", starts=0, expires=90))
    ledger.record(override(starts=20, expires=30))
    assert [states(at) for at in (9, 10, 20, 30, 40)] == [
        ["to_come", "to_come"],
        ["in_force", "to_come"],
        ["superseded", "in_force"],
        ["in_force", "expired"],
        ["expired", "expired"],
    ]
    ended = ledger.withdraw("c1", by="Wang", reason="closed", ends=35, recorded=36)
    assert [one.expires for one in ended] == [40]
    assert [states(at) for at in (34, 35, 40)] == [
        ["in_force", "expired"],
        ["withdrawn", "expired"],
        ["withdrawn", "expired"],
    ]
    (entry, _) = ledger.overrides_of("c1", 35)
    assert entry.withdrawal is not None
    assert (entry.withdrawal.by, entry.withdrawal.reason) == ("Wang", "closed")


def test_withdrawing_ends_what_is_superseded_or_still_to_come_as_well(ledger: Ledger) -> None:
    for starts in (0, 5, 30):
        ledger.record(override(starts=starts, expires=50))
    assert len(ledger.withdraw("c1", by="Wang", reason="closed", ends=10, recorded=11)) == 3
    assert all(ledger.overrides_at(cutoff) == {} for cutoff in range(10, 50))
    assert ledger.withdraw("c1", by="Wang", reason="closed", ends=12, recorded=13) == []


def test_a_thousand_customers_are_asked_for_at_once(ledger: Ledger) -> None:
    ledger.record(override("c700"))
    assert list(ledger.overrides_at(15, [f"c{number}" for number in range(1_201)])) == ["c700"]
    assert ledger.overrides_at(15, []) == {}


def test_a_ledger_that_was_never_written_is_empty_and_leaves_no_file(tmp_path: Path) -> None:
    ledger = Ledger.open("shop", tmp_path / "home")
    assert ledger.overrides_at(5) == {}
    assert ledger.overrides_of("c1", 5) == ledger.all_overrides(5) == []
    assert ledger.previous(5) == {}
    assert ledger.withdraw("c1", by="Wang", reason="closed", ends=1, recorded=1) == []
    assert not (tmp_path / "home").exists()


def test_a_ledger_serves_one_book(url: str, ledger: Ledger, opened: MakeLedger) -> None:
    ledger.record(override())
    with pytest.raises(StoreError, match="is the ledger of book corner_shop, not of mill; give each book its own"):
        opened(url, "mill").overrides_at(1)
    assert isinstance(opened(url).overrides_at(15)["c1"], Override)


def test_a_database_that_cannot_be_used_is_told_without_its_password(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "ledger.db").write_text("no database at all, but long enough to look like one" * 20)
    with pytest.raises(StoreError, match=r"ledger\.db: file is not a database"):
        Ledger.open("shop", tmp_path).overrides_at(1)
    with pytest.raises(StoreError, match="expected a database URL"):
        Ledger.at("nowhere", "shop")
    with pytest.raises(StoreError, match='unknown kind of database "nosuch"'):
        Ledger.at("nosuch://host/x", "shop").previous(1)
    with pytest.raises(StoreError) as caught:
        Ledger.at("postgresql://u:hunter2@127.0.0.1:1/x", "shop").previous(1)
    assert "hunter2" not in str(caught.value)


def test_a_ledger_of_another_format_is_refused(url: str, ledger: Ledger, opened: MakeLedger) -> None:
    ledger.record(override())
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("update ledger set format = 99")
    engine.dispose()
    with pytest.raises(StoreError, match="expected ledger format 2, found 99"):
        opened(url).overrides_at(1)
