"""A ledger behind a server: the same answers from memory, the same rows from many threads."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import StoreError
from data.histories.histories import Histories
from serving.engine import Engine
from serving.ledger.ledger import Ledger
from serving.plan import Plan
from serving.recommendation import Recommendation
from tests.serving.ledger.conftest import MakeLedger, override

CUSTOMERS = ("c1", "c2", "c3")
STEPS = st.one_of(
    st.tuples(st.just("tiers"), st.integers(0, 4), st.sampled_from(("gold", "silver"))),
    st.tuples(st.just("record"), st.integers(0, 4), st.sampled_from(CUSTOMERS)),
    st.tuples(st.just("withdraw"), st.integers(0, 4), st.sampled_from(CUSTOMERS)),
    st.tuples(st.just("forget"), st.just(0), st.sampled_from(CUSTOMERS)),
)


def act(ledger: Ledger, kind: str, moment: int, text: str) -> None:
    if kind == "tiers":
        ledger.write_tiers(moment, f"p{text}", "m", [(customer, text, False) for customer in CUSTOMERS])
    elif kind == "record":
        ledger.record(override(text, starts=moment, expires=moment + 3))
    elif kind == "withdraw":
        ledger.withdraw(text, by="b", reason="r", ends=moment, recorded=1)
    else:
        ledger.forget(text)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=6))
def test_what_is_remembered_is_what_the_ledger_holds_whoever_wrote(
    url: str, opened: MakeLedger, steps: list[tuple[str, int, str]]
) -> None:
    serving, other = opened(url), opened(url)
    serving.serve()
    try:
        for number, step in enumerate(steps):
            act(serving if number % 3 == 0 else other, *step)
            for cutoff in range(6):
                expected = other.decisions(cutoff, CUSTOMERS)
                assert serving.decisions(cutoff, CUSTOMERS) == expected
                assert expected.previous == other.previous(cutoff, CUSTOMERS)
                assert expected.overrides == other.overrides_at(cutoff, CUSTOMERS)
    finally:
        for each in (serving, other):
            each.close()


@pytest.fixture(scope="module")
def answer(engine: Engine, histories: Histories, cutoff: int, plan: Plan) -> Recommendation:
    return engine.recommend(histories.select([1]), cutoff, plan, "en")[0]


def test_many_threads_keep_at_once_and_all_of_it_is_there(ledger: Ledger, answer: Recommendation) -> None:
    ledger.serve()

    def keep(number: int) -> Sequence[str]:
        return ledger.keep([replace(answer, customer_id=f"k{number}")], "en", number)

    with ThreadPoolExecutor(16) as threads:
        ids = [id_ for kept in threads.map(keep, range(60)) for id_ in kept]
    assert len(set(ids)) == 60
    assert [found.customer_id for id_ in ids if (found := ledger.kept(id_))] == [f"k{number}" for number in range(60)]


def test_rows_that_cannot_be_kept_spoil_no_others(ledger: Ledger, answer: Recommendation) -> None:
    ledger.serve()
    ledger.keep([answer], "en", 1)

    def keep(number: int) -> Sequence[str] | str:
        broken = None if number % 5 == 0 else f"k{number}"
        try:
            return ledger.keep([replace(answer, customer_id=broken)], "en", 1)  # type: ignore[arg-type]
        except StoreError as error:
            return str(error)

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(keep, range(20)))
    assert [isinstance(each, str) for each in told] == [number % 5 == 0 for number in range(20)]
