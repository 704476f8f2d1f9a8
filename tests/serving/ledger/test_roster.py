"""The roster: pages against plain sorting, and readers who see the old or the new one."""

from collections.abc import Sequence
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from serving.ledger.database import Database
from serving.ledger.ledger import Ledger
from serving.ledger.roster import NOBODY, Account, Sort
from serving.ledger.tables import SORTS
from tests.serving.ledger.conftest import MakeLedger, override


def account(number: int, tier: str = "gold", owner: str | None = "Li Wei", **other: object) -> Account:
    given = {"name": f"Firma {number}", "lifetime_value": 0.0, "conversion": None, "churn": 0.5, "priority": 1.0}
    made = {"customer_id": f"c{number:03d}", **given, **other}
    return Account(tier=tier, owner=owner, recommendation="r", **made)  # type: ignore[arg-type]


CHANCES = st.sampled_from((None, 0.0, 0.25, 1.0))
ROWS = st.lists(
    st.tuples(
        st.sampled_from(("gold", "bronze")),
        st.sampled_from((None, "Li Wei", "Wang Fang")),
        st.sampled_from((-3.5, 0.0, 1e7)),
        CHANCES,
        CHANCES,
        st.sampled_from((0.0, 2.0, 3.0)),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, data=st.data())
def test_pages_are_those_of_plain_sorting(rows: list[tuple], data: st.DataObject, ledger: Ledger) -> None:
    accounts = [
        account(number, tier, owner, lifetime_value=value, conversion=conversion, churn=churn, priority=priority)
        for number, (tier, owner, value, conversion, churn, priority) in enumerate(rows)
    ]
    assert ledger.write_roster(10, "p", "m", accounts) == len(accounts)
    tier = data.draw(st.sampled_from((None, "gold", "bronze")))
    owner = data.draw(st.sampled_from((None, "Li Wei", "Wang Fang", "nobody")))
    sort = data.draw(st.sampled_from(SORTS))
    descending = data.draw(st.booleans())
    chosen = [one for one in accounts if tier in (None, one.tier) and owner in (None, one.owner)]
    chosen.sort(key=lambda one: (-1 if getattr(one, sort) is None else getattr(one, sort), one.customer_id))
    chosen = chosen[::-1] if descending else chosen
    for offset in range(0, len(chosen) + 1, 7):
        told = ledger.roster(tier=tier, owner=owner, sort=sort, descending=descending, limit=7, offset=offset)
        assert list(told.accounts) == chosen[offset : offset + 7]
        assert (told.total, told.cutoff, told.plan_version, told.model_version) == (len(chosen), 10, "p", "m")


def test_the_sorts_are_those_that_callers_may_name() -> None:
    assert get_args(Sort) == SORTS


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("müller", ["c1", "c2"]),
        ("MÜLLER & S", ["c1"]),
        ("strasse", ["c3"]),
        ("株式", ["c4"]),
        ("C2", ["c2"]),
        ("100%", ["c5"]),
        ("_", []),
        ("ABC", ["c6"]),
    ],
)
def test_a_search_finds_parts_of_ids_and_names(ledger: Ledger, search: str, found: Sequence[str]) -> None:
    names = ("Müller & Söhne", "MÜLLER AG", "Hauptstraße", "株式会社", "100% Wolle", "ＡＢＣ")
    ledger.write_roster(
        1, "p", "m", [account(1, name=name, customer_id=f"c{place}") for place, name in enumerate(names, 1)]
    )
    told = ledger.roster(search=search, sort="customer_id", descending=False)
    assert [one.customer_id for one in told.accounts] == found
    assert told.total == len(found)


def test_a_new_roster_takes_the_place_of_the_old_and_leaves_nothing(
    ledger: Ledger, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serving.ledger.roster.PART", 3)
    assert ledger.roster() == NOBODY
    ledger.record(override())
    assert ledger.roster() == NOBODY
    ledger.write_roster(1, "p1", "m", [account(number) for number in range(8)])
    ledger.write_roster(2, "p2", "m", [account(number) for number in range(5)])
    assert (ledger.roster().total, ledger.roster().cutoff, len(ledger.roster().accounts)) == (5, 2, 5)
    database = Database.at(url, "corner_shop")
    with database.reading() as connection:
        counts = [connection.exec_driver_sql(f"select count(*) from {t}").scalar() for t in ("accounts", "rosters")]
    database.close()
    assert counts == [5, 1]


def test_a_scoring_that_breaks_off_leaves_the_old_roster(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.ledger.roster.PART", 2)

    def broken() -> object:
        yield from (account(number) for number in range(5))
        assert ledger.roster().total == 8
        raise KeyboardInterrupt

    ledger.write_roster(1, "p1", "m", [account(number) for number in range(8)])
    with pytest.raises(KeyboardInterrupt):
        ledger.write_roster(2, "p2", "m", broken())  # type: ignore[arg-type]
    assert ledger.roster().plan_version == "p1"
    ledger.write_roster(3, "p3", "m", [account(1)])
    assert ledger.roster().total == 1


def test_a_forgotten_customer_is_not_counted(opened: MakeLedger, url: str) -> None:
    ledger = opened(url)
    ledger.write_roster(1, "p", "m", [account(1), account(2, owner=None), account(3)])
    assert ledger.forget("c002") == 1
    assert [one.customer_id for one in ledger.roster(sort="customer_id").accounts] == ["c003", "c001"]
    assert ledger.roster().total == 2
