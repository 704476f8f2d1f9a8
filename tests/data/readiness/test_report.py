"""The readiness report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from data.events import ROLES
from data.ingest.opening import open_store
from data.readiness.report import COSTS, check
from data.readiness.tally import tally_of
from data.settings.book import Book, load_book

HEADER = "customer,at,type,amount,quantity,product,order\n"


def lines(days: int) -> str:
    days_of = [f"2021-{1 + day // 28:02}-{1 + day % 28:02}" for day in range(0, days, 7)]
    return HEADER + "".join(f"c{index % 5},{day},order,1,1,p,\n" for index, day in enumerate(days_of))


def horizons(judged: str, shop: Callable[..., Book], home: Path) -> dict[int, tuple[str, bool]]:
    book = shop(orders=lines(300), more="[targets]\nchurn = { horizons = [28, 91] }\n")
    book.file.write_text(f"judged = {judged}\n" + book.file.read_text())
    report = check(load_book(str(book.file)), home)
    return {row.horizon_days: (row.model, row.judged_is_complete) for row in report.horizons if row.target == "churn"}


def test_a_horizon_is_trained_where_the_history_holds_three_of_it(shop: Callable[..., Book], home: Path) -> None:
    assert horizons("2021-09-30", shop, home) == {28: ("trained", True), 91: ("trained", False)}
    assert horizons("2021-09-29", shop, home) == {28: ("trained", True), 91: ("extrapolated", False)}


def test_too_little_history_allows_no_model(shop: Callable[..., Book], home: Path) -> None:
    assert horizons("2021-01-11", shop, home) == {28: ("none", True), 91: ("none", True)}
    assert horizons("2021-01-12", shop, home) == {28: ("extrapolated", True), 91: ("extrapolated", True)}


def test_every_role_that_is_missing_says_what_it_costs(shop: Callable[..., Book], home: Path) -> None:
    report = check(shop(orders=lines(50)), home)
    assert set(COSTS) == set(ROLES)
    assert {role.role for role in report.roles if role.cost is None} == {"purchase"}
    assert (report.customers, report.buyers, report.events) == (5, 5, 8)
    assert report.late_share == 0
    assert report.leader == "buy-till-you-die models"


def test_buckets_together_are_counted_like_the_whole_book(shop: Callable[..., Book], home: Path) -> None:
    kinds = ["order", "order", "refund", "visit"]
    rows = [f"c{n % 20},2021-03-{1 + n % 28:02},{kinds[n % 4]},{n - 9},1,p,o{n // 3}\n" for n in range(300)]
    store = open_store(shop(orders=HEADER + "".join(rows)), home)
    whole = store.read_all()
    parts = [whole.select(range(start, min(start + 3, len(whole)))) for start in range(0, len(whole), 3)]
    for judged in (store.first_time, store.last_time):
        assert tally_of(store.book, parts, judged) == tally_of(store.book, [whole], judged)
