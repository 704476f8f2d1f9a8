"""Recommendations on record: to the letter, once, and gone when the customer is forgotten."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy

from data.errors import StoreError
from data.histories.histories import Histories
from serving.engine import Engine
from serving.ledger.ledger import Ledger
from serving.plan import Plan
from serving.recommendation import Recommendation, to_json
from tests.serving.ledger.conftest import MakeLedger, override


@pytest.fixture(scope="module")
def answers(engine: Engine, histories: Histories, cutoff: int, plan: Plan) -> Sequence[Recommendation]:
    return engine.recommend(histories.select(range(12)), cutoff, plan, "en")


def texts(answers: Sequence[Recommendation]) -> list[str]:
    return [to_json(answer.to_dict()) for answer in answers]


def test_what_was_recommended_is_shown_again_to_the_letter(
    ledger: Ledger, answers: Sequence[Recommendation], cutoff: int, url: str, opened: MakeLedger
) -> None:
    ids = ledger.keep(answers, "en", 7)
    other = opened(url)
    found = [other.kept(id_) for id_ in ids]
    assert [one and one.text for one in found] == texts(answers)
    first, answer = found[0], answers[0]
    assert first is not None
    assert answer.tier is not None
    assert (first.customer_id, first.cutoff, first.recorded) == (answer.customer_id, cutoff, 7)
    assert (first.tier, first.policy) == (answer.tier.name, answer.tier.policy)
    assert (first.lifetime_value, first.churn) == (answer.lifetime_value.value, answer.churn.value)
    assert first.feature_hash == answer.feature_hash
    assert len(first.feature_hash or "") == 16
    assert ledger.kept("0" * 32) is None


def test_saying_it_again_adds_nothing_and_the_first_time_stays(
    ledger: Ledger, answers: Sequence[Recommendation]
) -> None:
    said = [text.encode() for text in texts(answers)]
    assert ledger.keep(answers, "en", 7) == ledger.keep(answers, "en", 8) == ledger.keep(answers, "en", 9, said)
    assert [one.recorded for one in ledger.kept_of(answers[0].customer_id)] == [7]
    assert ledger.keep([], "en", 7) == []


def test_a_customers_record_begins_with_the_newest_cutoff(ledger: Ledger, answers: Sequence[Recommendation]) -> None:
    days = ("2024-05-01", "2024-05-03", "2024-05-02")
    for day in days:
        ledger.keep([replace(answers[0], cutoff=f"{day}T23:59:59.999999+02:00")], "en", 1)
    found = ledger.kept_of(answers[0].customer_id, 2)
    assert [day for one in found for day in days if day in one.text] == ["2024-05-03", "2024-05-02"]


def test_a_damaged_row_is_told_and_not_shown(
    file_url: str, opened: MakeLedger, answers: Sequence[Recommendation]
) -> None:
    ledger = opened(file_url)
    (id_, other) = ledger.keep(answers[:2], "en", 7)
    with sqlite3.connect(file_url.removeprefix("sqlite:///")) as database:
        database.execute("update recommendations set text = x'00' where id = ?", (id_,))
    with pytest.raises(StoreError, match=f"recommendation {id_} cannot be read any more"):
        ledger.kept(id_)
    assert ledger.kept(other) is not None


def test_a_ledger_of_the_earlier_format_keeps_its_overrides(url: str, opened: MakeLedger) -> None:
    ledger = opened(url)
    recorded = ledger.record(override("c1"))
    ledger.close()
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        for table in ("accounts", "headcounts", "rosters", "recommendations", "dictionaries", "ledger_changes"):
            connection.exec_driver_sql(f"drop table {table}")
        connection.exec_driver_sql("update ledger set format = 1")
    engine.dispose()
    assert opened(url).overrides_at(recorded.starts) == {"c1": recorded}
    assert opened(url).kept("0" * 32) is None


def test_a_forgotten_customer_is_in_no_table_and_no_byte(
    url: str, ledger: Ledger, answers: Sequence[Recommendation], tmp_path: Path
) -> None:
    somebody, else_ = answers[0], answers[1]
    named = [replace(one, customer_id=f"remember {one.customer_id}") for one in (somebody, else_)]
    gone, stays = named[0].customer_id, named[1].customer_id
    for customer in (gone, stays):
        ledger.withdraw(ledger.record(override(customer)).customer_id, by="b", reason="r", ends=15, recorded=16)
    ledger.keep(named, "en", 7)
    ledger.write_tiers(10, "p", "m", [(customer, "gold", False) for customer in (gone, stays)])
    assert ledger.forget(gone) == 4
    assert ledger.kept_of(gone) == []
    assert ledger.overrides_of(gone, 10) == []
    assert set(ledger.previous(11)) == {stays}
    assert [len(found) for found in (ledger.kept_of(stays), ledger.overrides_of(stays, 10))] == [1, 1]
    assert all(gone.encode() not in file.read_bytes() for file in tmp_path.glob("ledger.db*"))
    assert ledger.forget(gone) == 0


def test_nobody_can_be_named_by_a_dictionary(
    file_url: str, opened: MakeLedger, answers: Sequence[Recommendation]
) -> None:
    opened(file_url).keep([replace(answer, customer_id=f"secret-{answer.customer_id}") for answer in answers], "en", 7)
    with sqlite3.connect(file_url.removeprefix("sqlite:///")) as database:
        ((content,),) = database.execute("select content from dictionaries").fetchall()
    assert b"secret" not in content
    assert not set(b"123456789") & set(content)
