"""Playbooks as files: those that ship, a book's own, and what is wrong with a bad one."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.histories.histories import Histories
from data.settings.book import Book, load_book, shipped_books
from serving.engine import Engine
from serving.errors import PlaybookError
from serving.playbook.declared import Playbook
from serving.playbook.shelf import SHIPPED, playbook_of, read_playbook, shipped_playbook, shipped_playbooks
from serving.recommend import recommend
from serving.tiers.ladder import TIERS
from training.settings import settings_of

TRADE = (SHIPPED / "trade.toml").read_text(encoding="utf-8")


def test_every_shipped_book_has_a_shipped_playbook() -> None:
    playbooks = {name: load_book(name).playbook for name in shipped_books()}
    assert set(playbooks.values()) <= set(shipped_playbooks())
    assert playbooks["complete_journey"] == playbooks["cdnow"] == playbooks["cdnow_master"] == "retail"
    assert playbooks["trade"] == playbooks["online_retail"] == "trade"


def test_the_shipped_ones_serve_every_tier_and_speak_of_shops_only_to_shops(playbook: Playbook) -> None:
    assert tuple(playbook.service) == TIERS
    hours = [playbook.service[tier].sla.response_hours for tier in TIERS]
    assert hours == sorted(hours)
    retail = str(shipped_playbook("retail").model_dump())
    assert not any(word in retail for word in ("white paper", "executive", "quote", "报价", "白皮书", "高层"))


def test_another_number_is_another_version(playbook: Playbook) -> None:
    values = playbook.model_dump(exclude_unset=True)
    assert playbook.version == Playbook.model_validate(values).version
    assert playbook.version != Playbook.model_validate(values | {"most_actions": 1}).version
    assert len(playbook.version) == 16


def test_a_book_names_its_own_file_beside_itself_or_beside_the_one_it_extends(tmp_path: Path) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "ours.toml").write_text(
        TRADE.replace("most_actions = 5", "most_actions = 2"), encoding="utf-8"
    )
    base = tmp_path / "books" / "base.toml"
    base.write_text(_book("base") + 'playbook = "ours.toml"\n' + SOURCE, encoding="utf-8")
    above = tmp_path / "above.toml"
    above.write_text('extends = "books/base.toml"\nname = "above"\n', encoding="utf-8")
    for file in (base, above):
        book = load_book(str(file))
        assert playbook_of(book).most_actions == 2
        assert str(tmp_path) not in str(book.settings())


def test_the_choice_of_a_playbook_asks_for_no_training(book: Book) -> None:
    assert settings_of(book) == settings_of(book.model_copy(update={"playbook": "retail"}))


def test_an_unknown_playbook_is_named_with_the_nearest(tmp_path: Path) -> None:
    file = tmp_path / "b.toml"
    file.write_text(_book("b") + 'playbook = "retial"\n' + SOURCE, encoding="utf-8")
    with pytest.raises(PlaybookError, match=r'b\.toml: playbook: .*retail, trade.*"retial"; did you mean "retail"'):
        playbook_of(load_book(str(file)))


def test_answers_name_the_version_of_the_playbook_and_follow_it(
    engine: Engine, histories: Histories, cutoff: int
) -> None:
    (trade,) = engine.recommend(histories.one(1), cutoff, engine.plan, "en")
    (retail,) = replace(engine, playbook=shipped_playbook("retail")).recommend(
        histories.one(1), cutoff, engine.plan, "en"
    )
    assert trade.playbook_version == shipped_playbook("trade").version != retail.playbook_version
    assert [action.name for action in trade.actions] != [action.name for action in retail.actions]
    (plain,) = recommend(histories.one(1), cutoff, engine.bundle, None)
    assert plain.service is None


Change = Callable[[dict[str, Any]], object]

BAD: dict[str, tuple[Change, str]] = {
    "unknown tier": (
        lambda p: p["service"].update(platinum=p["service"]["gold"]),
        r"service: expected one of diamond, gold, silver, bronze, got \"platinum\"",
    ),
    "a tier missing": (lambda p: p["service"].pop("gold"), "service: the tier gold is missing"),
    "no SLA": (lambda p: p["service"]["gold"].pop("sla"), r"line \d+: service\.gold\.sla: this key is missing"),
    "no floor": (lambda p: p.pop("floor"), "floor: this key is missing"),
    "below the floor": (
        lambda p: p["service"]["bronze"]["sla"].update(response_hours=96),
        r"service\.bronze\.sla\.response_hours: the floor promises everybody 48 hours, got 96",
    ),
    "a higher tier waits longer": (
        lambda p: p["service"]["diamond"]["sla"].update(response_hours=20),
        r"service\.diamond\.sla\.response_hours: expected at most the 8 hours of gold, got 20",
    ),
    "unknown class": (
        lambda p: p["classes"].update(cor={}),
        'classes: .* got "cor"; did you mean "core"',
    ),
    "like an unknown class": (lambda p: p["classes"]["star"].update(like="corr"), r'classes\.star\.like: .* "core"'),
    "unknown owner": (lambda p: p["tasks"][0].update(owner="huntr"), r'tasks\[0\]\.owner: .* did you mean "hunter"'),
    "unknown channel": (
        lambda p: p["service"]["gold"].update(channel="fax"),
        r'service\.gold\.channel: expected one of vip_line.* got "fax"',
    ),
    "negative days": (
        lambda p: p["tasks"][0].update(within_days=-1),
        r"tasks\[0\]\.within_days: .*greater than",
    ),
    "no days": (lambda p: p["tasks"][0].pop("within_days"), r"tasks\[0\]: within_days: this key is missing"),
    "missing language": (lambda p: p["tasks"][0]["words"].pop("zh"), r"tasks\[0\]\.words\.zh: this key is missing"),
    "languages that differ": (
        lambda p: p["tasks"][0]["words"].update(zh="48 小时内致电"),
        r"tasks\[0\]: expected the same figures and names in braces in both languages",
    ),
    "an unknown place in the words": (
        lambda p: p["tasks"][0]["words"].update(en="{ordres}", zh="{ordres}"),
        r'tasks\[0\]: \{ordres\}: expected .* did you mean "orders"',
    ),
    "unknown group": (
        lambda p: p["tasks"][0].update(because=[{"group": "how_ofen", "direction": "lowers"}]),
        r'tasks\[0\]\.because\[0\]\.group: .* did you mean "how_often"',
    ),
    "unknown feature": (
        lambda p: p["tasks"][0].update(only_if=[{"feature": "order", "at_least": 1}]),
        r'tasks\[0\]\.only_if\[0\]\.feature: .* did you mean "orders"',
    ),
    "an age that is none": (
        lambda p: p["tasks"][0].update(instead_after={"orders": 3}),
        r'tasks\[0\]\.instead_after: "orders" is no age',
    ),
    "a cause of no kind": (lambda p: p["tasks"][0].update(because=[{"mood": "low"}]), r"one of risk, group, feature"),
    "a range without ends": (
        lambda p: p["tasks"][0].update(only_if=[{"feature": "orders"}]),
        r"only_if\[0\]: expected at_least, at_most or both",
    ),
    "two tasks of one name": (
        lambda p: p["tasks"].append(p["tasks"][0]),
        "a name of its own",
    ),
    "no regular contact": (
        lambda p: _task(p, "follow_up").update(tiers=["silver"]),
        r"tasks: expected a task with regular = true for every tier, none for gold",
    ),
    "a regular contact with conditions": (
        lambda p: _task(p, "follow_up").update(within_days=3),
        "the regular contact is for everybody of its tiers",
    ),
    "something before retention": (
        lambda p: _task(p, "follow_up").update(stake={"share": 0.9}),
        r"tasks\[\d+\]\.stake\.share: 0\.9 of the value would come before the retention of gold",
    ),
    "two that replace each other": (
        lambda p: next(task for task in p["tasks"] if task["name"] == "follow_up").update(
            replaces=["urgent_retention"]
        ),
        "replace each other",
    ),
    "unknown key": (
        lambda p: p["service"]["gold"].update(chanel="phone"),
        r"service\.gold\.chanel: unknown key",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_playbook_is_refused_with_its_file_and_key(case: str, tmp_path: Path, monkeypatch: Any) -> None:
    change, expected = BAD[case]
    values = tomllib.loads(TRADE)
    change(values)
    file = tmp_path / "ours.toml"
    file.write_text(TRADE, encoding="utf-8")
    monkeypatch.setattr("serving.playbook.shelf.tomllib.loads", lambda _: values)
    with pytest.raises(PlaybookError, match=expected) as refused:
        read_playbook(file)
    assert str(file) in str(refused.value)


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text("tasks = [", encoding="utf-8")
    with pytest.raises(PlaybookError, match="not a readable TOML file"):
        read_playbook(tmp_path / "ours.toml")


def _task(values: dict[str, Any], name: str) -> dict[str, Any]:
    return next(task for task in values["tasks"] if task["name"] == name)


def _book(name: str) -> str:
    return f'name = "{name}"\ncurrency = "EUR"\ntime_zone = "UTC"\n'


SOURCE = """
[roles]
order = "purchase"

[[sources]]
name = "e"
path = "e.csv"
type = "order"
columns = { customer_id = "c", time = "t" }
"""
