"""Books: what is read, what is inherited, and what is refused in which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import BookError
from data.events import ROLES
from data.settings.book import load_book, shipped_books

GOOD = """
name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"

[roles]
order = "purchase"

[[sources]]
name = "orders"
path = "orders.csv"
type = "order"
columns = { customer_id = "customer", time = "at" }
"""


def book_of(folder: Path, text: str, name: str = "shop.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def refusal(folder: Path, text: str) -> str:
    file = book_of(folder, text)
    with pytest.raises(BookError) as caught:
        load_book(str(file))
    message = str(caught.value)
    assert message.startswith(str(file))
    return message.removeprefix(f"{file}: ")


@pytest.mark.parametrize("name", shipped_books())
def test_every_shipped_book_loads(name: str) -> None:
    book = load_book(name)
    assert book.name == name
    assert book.title
    assert book.judged is not None
    assert set(book.roles.values()) <= set(ROLES)


def test_the_shipped_books_are_these() -> None:
    real = {"cdnow", "cdnow_master", "complete_journey", "online_retail", "online_retail_net"}
    assert real | {"trade"} <= set(shipped_books())


def test_a_book_that_extends_another_changes_only_what_it_says() -> None:
    gross, net = load_book("online_retail"), load_book("online_retail_net")
    assert (gross.value, net.value) == ("gross", "net")
    assert net.sources == gross.sources
    assert net.targets == gross.targets
    assert net.fingerprint() != gross.fingerprint()


def test_inherited_paths_start_from_the_book_that_wrote_them(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    book_of(tmp_path / "below", GOOD, "base.toml")
    file = book_of(tmp_path, 'extends = "below/base.toml"\nname = "above"\n', "above.toml")
    assert load_book(str(file)).sources[0].directory == tmp_path / "below"


def test_books_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    file = book_of(tmp_path, 'extends = "b"\n', "a.toml")
    book_of(tmp_path, 'extends = "a"\n', "b.toml")
    with pytest.raises(BookError, match="extend each other in a circle"):
        load_book(str(file))


def test_settings_and_fingerprint_hold_no_path_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    here = load_book(str(book_of(tmp_path, GOOD)))
    there = load_book(str(book_of(tmp_path / "elsewhere", GOOD)))
    assert here.fingerprint() == there.fingerprint()
    assert str(tmp_path) not in str(here.settings())


def test_settings_hold_no_password(tmp_path: Path) -> None:
    url = 'url = "postgresql://reader:hunter2@host/shop"\nquery = "select 1"'
    book = load_book(str(book_of(tmp_path, GOOD.replace('path = "orders.csv"', url))))
    assert "hunter2" not in str(book.settings())
    assert "hunter2" not in repr(book)


def test_the_last_horizon_is_the_main_one_unless_the_book_says_otherwise(tmp_path: Path) -> None:
    more = "[targets]\nchurn = { horizons = [30, 91] }\nlifetime_value = { horizons = [30, 91], main = 30 }\n"
    book = load_book(str(book_of(tmp_path, GOOD + more)))
    assert book.targets.churn.main == 91
    assert book.targets.lifetime_value.main == 30
    assert book.targets.conversion.main == 90


def test_an_unknown_book_is_told_with_the_shipped_ones() -> None:
    with pytest.raises(BookError, match='did you mean "cdnow"') as caught:
        load_book("cdnwo")
    assert "complete_journey" in str(caught.value)


def test_a_wrong_entry_of_a_list_is_told_once(tmp_path: Path) -> None:
    assert refusal(tmp_path, GOOD.replace('time = "at"', 'time = "at", amout = "x"')) == (
        'line 13: sources[0].columns.amout: unknown key; did you mean "amount"?'
    )


def test_a_missing_or_broken_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BookError, match=r"none\.toml\": no such file; expected"):
        load_book(str(tmp_path / "none.toml"))
    with pytest.raises(BookError, match='"shop": expected a shipped book'):
        load_book("shop")
    with pytest.raises(BookError, match="or the path of a TOML file"):
        load_book(str(tmp_path / "none.toml"))
    assert "not a readable TOML file" in refusal(tmp_path, "name = ")


PROFILE = """
[[profiles]]
name = "p"
CLAUSE
customer_id = "customer"
known_time = "at"
columns = { a = "number" }
"""
REFUSED = [
    (
        GOOD.replace('"purchase"', '"purchas"'),
        'roles: type "order": expected one of touch',
        'did you mean "purchase"?',
    ),
    (
        GOOD.replace('order = "purchase"', 'ordre = "purchase"'),
        'the type "order" has no role',
        'did you mean "ordre"?',
    ),
    (
        GOOD.replace("[roles]", '[roles]\nrefund = "return"'),
        'no source delivers the type "refund"',
        "name it in appended",
    ),
    (GOOD.replace('order = "purchase"', ""), "roles: expected at least one entry", 'order = "purchase"'),
    (
        GOOD.replace('time_zone = "Europe/Berlin"', 'time_zone = "Europe/Berln"'),
        "time_zone:",
        'did you mean "Europe/Berlin"?',
    ),
    (GOOD.replace("currency =", "curency ="), "curency: unknown key", 'did you mean "currency"?'),
    (GOOD.replace('currency = "EUR"', "currency = 3"), "currency: expected string", "got 3"),
    (GOOD.replace('path = "orders.csv"', "path = 7"), "sources[0].path: expected list", "got 7"),
    (GOOD.replace('path = "orders.csv"', ""), "sources[0]: expected either path or url (with query)", ""),
    (
        GOOD.replace('path = "orders.csv"', 'url = "sqlite:///a.db"'),
        "sources[0]: url and query belong together",
        "",
    ),
    (
        GOOD.replace('path = "orders.csv"', 'path = "a.csv"\nformat = "cvs"'),
        "sources[0].format: expected one of csv",
        'did you mean "csv"?',
    ),
    (
        GOOD.replace('time = "at"', 'tme = "at"'),
        "sources[0].columns.time: this key is missing",
        "sources[0].columns.tme: unknown key",
    ),
    (GOOD.replace('type = "order"', ""), "sources[0]: expected the type from exactly one of", ""),
    (GOOD.replace('type = "order"', 'type = "order"\nheader = false'), "header = false needs names", ""),
    (GOOD.replace('"shop"', '"my shop"'), "name: ", "my shop"),
    (GOOD.replace('name = "orders"', 'name = "../orders"'), "sources[0].name: ", "../orders"),
    (GOOD.replace('name = "orders"', 'name = "inline"'), 'the name "inline" is reserved', ""),
    (GOOD + GOOD[GOOD.index("[[sources]]") :], 'the name "orders" is used twice', ""),
    (
        GOOD + '[[sources.filters]]\nname = "x"\nwhere = { column = "a", op = "is", value = 1 }',
        "filters[0].where[0].op: expected one of",
        'got "is"',
    ),
    (
        GOOD + '[[sources.filters]]\nname = "x"\nwhere = { column = "a", op = "<", value = "1" }',
        '"<" compares numbers',
        "",
    ),
    (
        GOOD + '[[sources.filters]]\nname = "x"\nwhere = { column = "a", op = "equals" }',
        '"equals" takes a value',
        "",
    ),
    (
        GOOD + '[[sources.filters]]\nname = "x"\nwhere = { column = "a", op = "in", value = 1 }',
        "a list as value belongs to",
        "",
    ),
    (GOOD + "[targets]\nchurn = { horizons = [90, 30] }", "horizons: expected ascending days", "[90, 30]"),
    (
        GOOD + "[targets]\nchurn = { horizons = [30], main = 60 }",
        "main: expected one of the horizons [30], got 60",
        "",
    ),
    (
        GOOD + '[targets]\nconversion = { types = ["odrer"] }',
        'the type "odrer" has no role',
        'did you mean "order"?',
    ),
    (GOOD + "[tiers.value_percentile]\ngold = 60.0", "tiers.value_percentile: expected diamond < gold < silver", ""),
    (GOOD + '[tiers]\npolicy = "rfm"', "tiers.policy: expected one of", "rfm7"),
    (GOOD + "[tiers.rfm7]\nrecency_days = [90.0, 30.0]", "tiers.rfm7: recency_days: expected two numbers", ""),
    (GOOD + "[tiers.scorecard]\nweights = { loyal = 1.0 }", 'unknown indicator "loyal"', "loyalty"),
    (GOOD + "[tiers.scorecard]\nweights = { loyalty = -1.0 }", "tiers.scorecard.weights.loyalty", ""),
    (GOOD + "[tiers.scorecard]\nweights = { loyalty = 0.0 }", "weights: expected at least one above 0", ""),
    (GOOD + '[[tiers.hybrid.factors]]\nname = "a"\ntimes = 2.0', "expected either column", ""),
    (GOOD + "[tiers.scorecard]\nweights = { loyalty = inf }", "expected finite number, got inf", ""),
    (GOOD + "[tiers.matrix]\ncurrent_value = nan", "tiers.matrix.current_value: expected finite number", ""),
    (GOOD + "[tiers.expected_profit]\nhours = -1.0", "tiers.expected_profit.hours", ""),
    (
        GOOD
        + '[[profiles]]\nname = "p"\npath = "p.csv"\ncustomer_id = "c"\ncolumns = { a = "categry" }\n'
        + "known_from = 2020-01-01",
        "profiles[0].columns.a.kind: expected one of",
        'did you mean "category"?',
    ),
    (
        GOOD + '[[profiles]]\nname = "p"\npath = "p.csv"\ncustomer_id = "c"\ncolumns = { a = "number" }',
        "expected either known_time (a column) or known_from",
        "",
    ),
    (
        GOOD + PROFILE.replace("CLAUSE", 'source = "ordrs"'),
        "p: source: expected one of the sources orders",
        '"orders"?',
    ),
    (GOOD + PROFILE.replace("CLAUSE", ""), "profiles[0]: expected either path, url (with query), or source", ""),
    (
        GOOD + PROFILE.replace("CLAUSE", 'source = "orders"\ntime_zone = "UTC"'),
        "time_format and time_zone are those of the source",
        "",
    ),
]


@pytest.mark.parametrize(("text", "said", "also"), REFUSED)
def test_what_cannot_be_used_is_named_with_key_and_expectation(tmp_path: Path, text: str, said: str, also: str) -> None:
    message = refusal(tmp_path, text)
    assert said in message
    assert also in message
    assert "Traceback" not in message


def test_a_type_that_only_callers_hand_over_is_named_in_appended(tmp_path: Path) -> None:
    text = GOOD.replace("[roles]", '[roles]\nvisit = "visit"').replace("currency", 'appended = ["visit"]\ncurrency')
    assert load_book(str(book_of(tmp_path, text))).roles["visit"] == "visit"
