"""The commands `override` and `overrides`: what is recorded, what is said, and mistakes that change nothing."""

import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import serving.__main__ as door
from data.clock import parse_cutoff
from data.handover import Customer
from serving.engine import Engine
from serving.errors import RequestError
from serving.ledger.asked import near
from serving.ledger.ledger import Ledger
from serving.schema import RecommendationRequest
from tests.serving.ledger.conftest import override as given

BOOK, BUYER, NEVER_BUYS = "corner_shop.toml", "c001", "c010"
BY = ("--by", "Li Wei", "--reason", "opens a second shop")
GOLD = ("--tier", "gold", *BY, "--until", "2024-08-31")
LAST_DAY = "2024-05-19"
SOMEBODY_ELSES = replace(given("c002"), starts=0, expires=10**17)


def run(*arguments: str) -> str:
    """What a command prints; a user's mistake is raised."""
    result = CliRunner().invoke(door.app, arguments)
    if result.exception:
        raise result.exception
    return result.stdout


def override(*arguments: str, customer: str = BUYER) -> str:
    return run("override", BOOK, customer, *arguments)


@pytest.fixture
def ledger(in_the_shop: Path, engine: Engine) -> Ledger:
    return Ledger.open(engine.book.name, Path(".tierwise"))


def test_an_override_is_recorded_with_what_the_models_said(ledger: Ledger, engine: Engine) -> None:
    before = time.time_ns() // 1_000
    told = override(*GOLD)
    last = engine.latest_cutoff
    (one,) = ledger.overrides_at(last).values()
    (said,) = engine.answer(RecommendationRequest(customers=[Customer(customer_id=BUYER)]))
    assert said.tier is not None
    assert (one.customer_id, one.tier, one.by, one.reason) == (BUYER, "gold", "Li Wei", "opens a second shop")
    assert (one.value_then, one.churn_then) == (said.lifetime_value.value, said.churn.value)
    assert (one.tier_then, one.model_version) == (said.tier.by_policy, engine.bundle.version)
    assert before <= one.recorded <= time.time_ns() // 1_000
    assert f"Customer {BUYER} is gold from {LAST_DAY} through 2024-08-31, decided by Li Wei: opens a second" in told
    assert f"The models say now: {said.tier.by_policy}, EUR " in told


def test_it_holds_from_the_end_of_the_first_day_to_the_end_of_the_last(ledger: Ledger, engine: Engine) -> None:
    override(*GOLD, "--from", "2024-05-25")
    zone = engine.book.time_zone
    (entry,) = ledger.all_overrides(0)
    assert entry.override.starts == parse_cutoff("2024-05-25", zone)
    assert ledger.overrides_at(parse_cutoff("2024-05-24", zone)) == {}
    assert BUYER in ledger.overrides_at(parse_cutoff("2024-05-25", zone))
    assert BUYER in ledger.overrides_at(parse_cutoff("2024-08-31", zone))
    assert ledger.overrides_at(parse_cutoff("2024-08-31", zone) + 1) == {}


def test_who_never_bought_has_no_churn_then(ledger: Ledger, engine: Engine) -> None:
    told = override(*GOLD, customer=NEVER_BUYS)
    assert ledger.overrides_at(engine.latest_cutoff)[NEVER_BUYS].churn_then is None
    assert "likely to buy nothing" not in told


def test_a_second_override_goes_before_the_first_and_says_so(ledger: Ledger, engine: Engine) -> None:
    override(*GOLD)
    told = override("--tier", "bronze", *BY, "--until", "2024-06-30", "--language", "zh")
    assert "它优先于由 Li Wei 决定的金牌（2024-05-19 至 2024-08-31）；它结束后后者重新生效。" in told
    assert ledger.overrides_at(engine.latest_cutoff)[BUYER].tier == "bronze"
    assert ledger.overrides_at(parse_cutoff("2024-07-15", engine.book.time_zone))[BUYER].tier == "gold"
    assert "It goes before gold by Li Wei (2024-05-19 to 2024-08-31).\n" in override(*GOLD)


def test_the_models_word_is_theirs_also_where_an_override_is_in_force(ledger: Ledger, engine: Engine) -> None:
    override(*GOLD)
    override("--tier", "bronze", *BY, "--until", "2024-06-30")
    one, other = (entry.override for entry in ledger.overrides_of(BUYER, engine.latest_cutoff))
    assert (one.tier_then, one.value_then) == (other.tier_then, other.value_then)


def test_withdrawing_leaves_the_decision_to_the_models(ledger: Ledger, engine: Engine) -> None:
    override(*GOLD)
    told = override("--withdraw", "--by", "Wang Fang", "--reason", "the shop never opened")
    assert f"Withdrawn as of {LAST_DAY}: gold for customer {BUYER} by Li Wei" in told
    assert ledger.overrides_at(engine.latest_cutoff) == {}
    (entry,) = ledger.all_overrides(engine.latest_cutoff)
    assert entry.withdrawal is not None
    assert (entry.state, entry.withdrawal.by) == ("withdrawn", "Wang Fang")
    with pytest.raises(RequestError, match='--withdraw: no override of "c001" is in force or to come on 2024-05-19'):
        override("--withdraw", *BY)


def test_an_override_that_is_still_to_come_can_be_withdrawn(ledger: Ledger) -> None:
    override(*GOLD, "--from", "2024-05-25")
    assert "撤回：由 Li Wei 将客户 c001 定为金牌" in override("--withdraw", *BY, "--language", "zh")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--tier", "platinum", *GOLD[2:]), '--tier: expected one of diamond, gold, silver, bronze, got "platinum"'),
        (("--tier", "sliver", *GOLD[2:]), 'got "sliver"; did you mean "silver"?'),
        (GOLD[2:], "--tier: expected one of diamond, gold, silver, bronze"),
        (GOLD[:-2], "--until: an override needs an end; give its last day, such as 2027-03-31"),
        ((*GOLD[:-1], "soon"), '--until: expected a date such as 2017-10-01 .* got "soon"'),
        ((*GOLD[:-1], "2024-02-30"), "--until: expected a date"),
        ((*GOLD[:-1], "9999-12-31"), "--until: expected a date"),
        ((*GOLD[:-1], "2024-05-19"), "--until: 2024-05-19 is not after 2024-05-19, the book's last day on record"),
        ((*GOLD[:-1], "2023-01-01"), "--until: 2023-01-01 is not after 2024-05-19, the book's last day on record"),
        (
            (*GOLD[:-1], "2024-05-25", "--from", "2024-05-25"),
            "--until: 2024-05-25 is not after 2024-05-25, the day from which it is in force; choose a later day",
        ),
        ((*GOLD, "--from", "2024-05-18"), "--from: 2024-05-18 lies before 2024-05-19, the book's last day on record"),
        ((*GOLD, "--from", "1999-01-01"), "--from: lies before the book's first event"),
        ((*GOLD, "--from", "2031-01-01"), "--from: lies too far after the book's last event"),
        ((*GOLD, "--from", "now"), "--from: expected a date such as 2017-10-01"),
        ((*GOLD, "--by", " \u200b "), "--by: is empty; say it in words"),
        ((*GOLD, "--reason", "--"), "--reason: is empty"),
        ((*GOLD, "--by", "x" * 101), "--by: has 101 characters, at most 100 fit; shorten it"),
        ((*GOLD, "--reason", "x" * 10_000), "--reason: has 10,000 characters, at most 500 fit"),
        ((*GOLD, "--by", "Li\x1b[31mWei"), r"--by: holds the control character U\+001B at place 3; leave it out"),
        ((*GOLD, "--reason", "two\nlines"), r"--reason: holds the control character U\+000A at place 4"),
        ((*GOLD, "--by", "iL\u202eieW"), r"U\+202E"),
        ((*GOLD, "--by", "Li\udc80"), r"U\+DC80"),
        (("--withdraw", *BY, "--tier", "gold"), "--withdraw: takes no --tier"),
        (("--withdraw", *BY, "--until", "2024-08-31"), "--withdraw: takes no --until"),
        (("--withdraw", "--by", "", "--reason", "closed"), "--by: is empty"),
    ],
)
@pytest.mark.parametrize("written", [False, True])
def test_a_mistake_is_told_and_changes_nothing(
    ledger: Ledger, home: Path, engine: Engine, written: bool, arguments: tuple[str, ...], message: str
) -> None:
    if written:
        ledger.record(SOMEBODY_ELSES)
        ledger.close()
    file = home / engine.book.name / "ledger.db"
    before = file.read_bytes() if written else None
    with pytest.raises(RequestError, match=message):
        override(*arguments)
    assert file.exists() == written
    assert before is None or file.read_bytes() == before


@pytest.mark.parametrize("act", [GOLD, ("--withdraw", *BY)])
@pytest.mark.parametrize(
    ("customer", "message"),
    [
        ("C001", 'corner_shop has nobody under "C001"; check .*; did you mean "c001"'),
        (" c001", 'did you mean "c001"'),
        ("c0001", 'did you mean "c001"'),
        ("Müller & Söhne", "leading zeros$"),
        ("", 'nobody under ""'),
    ],
)
def test_an_unknown_customer_is_told_with_a_likely_one(
    ledger: Ledger, engine: Engine, act: tuple[str, ...], customer: str, message: str
) -> None:
    with pytest.raises(RequestError, match=message):
        override(*act, customer=customer)
    assert ledger.all_overrides(engine.latest_cutoff) == []


def test_every_mistake_is_named_at_once(ledger: Ledger) -> None:
    with pytest.raises(RequestError) as caught:
        override("--tier", "x", "--by", "", "--reason", "", "--until", "x", "--from", "x", customer="nobody")
    named = [fault.path for fault in caught.value.faults]
    assert named == ["CUSTOMER", "--tier", "--by", "--reason", "--from", "--until"]


def test_an_id_is_found_by_what_people_mistype() -> None:
    known = sorted(["0042", "ACME Ltd", "acorn", *(f"k{number:05d}" for number in range(50_000))])
    assert near("42", known) == '; did you mean "0042"?'
    assert near("acme ltd ", known) == '; did you mean "ACME Ltd"?'
    assert near("k01234x", known) == '; did you mean "k01234"?'
    assert near("???", known) == ""


def rows(file: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(file) as database:
        return database.execute("select * from overrides").fetchall()


def test_the_listing_shows_what_stands_and_on_demand_what_ended(ledger: Ledger, home: Path, engine: Engine) -> None:
    assert "Book corner_shop: no override is in force or to come on 2024-05-19." in run("overrides", BOOK)
    assert "没有任何人工定级记录" in run("overrides", BOOK, "--all", "--language", "zh")
    override(*GOLD, "--reason", "[bold]new[/bold] plant")
    override("--tier", "silver", *BY, "--until", "2024-06-30", customer=NEVER_BUYS)
    override("--withdraw", "--by", "Wang Fang", "--reason", "never opened", customer=NEVER_BUYS)
    before = rows(home / engine.book.name / "ledger.db")
    told = " ".join(run("overrides", BOOK).split())
    assert "Overrides of corner_shop as of 2024-05-19" in told
    assert all(word in told for word in (BUYER, "Li Wei", "[bold]new[/bold]", "2024-08-31", "in force", "EUR"))
    assert NEVER_BUYS not in told
    whole = run("overrides", BOOK, "--all")
    assert all(word in whole for word in (NEVER_BUYS, "withdrawn", "Wang", "never"))
    chinese = run("overrides", BOOK, "--all", "--language", "zh")
    assert all(
        word in chinese for word in ("corner_shop 的人工定级（截至 2024-05-19）", "决定人", "金牌", "生效中", "撤回")
    )
    assert rows(home / engine.book.name / "ledger.db") == before


@pytest.mark.parametrize("command", ["override", "overrides"])
def test_the_commands_have_help_with_an_example(command: str) -> None:
    assert f"Example: python -m serving {command} complete_journey" in " ".join(run(command, "--help").split())
