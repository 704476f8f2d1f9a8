"""A small shop whose customers are drawn by a law that the tests know."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from data.events import Event
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from data.ingest.opening import open_store
from data.settings.book import Book, Tiers, load_book
from evaluation import replay
from evaluation.__main__ import app
from evaluation.backtest import backtest
from evaluation.predictions import SCHEMA, at_level
from evaluation.replay import Replay
from evaluation.results import Results
from serving.tiers.fit import fit as fit_plan
from serving.tiers.gather import Gathered
from serving.tiers.ladder import TIERS
from tests.evaluation.brief import few_trees_and_draws
from training.bundle import Bundle, Scores
from training.fit import fit
from training.tuning import Search

START = datetime(2024, 1, 1, 12, tzinfo=UTC)
DAYS = 212
SETTINGS = """
name = "shop"
title = "The shop"
currency = "EUR"
time_zone = "UTC"
{judged}

[roles]
order = "purchase"
refund = "return"
reply = "response"

[[sources]]
name = "events"
path = "events.csv"
columns = {{ customer_id = "customer", time = "at", amount = "amount" }}
types = [
    {{ type = "order", where = {{ column = "what", op = "equals", value = "order" }} }},
    {{ type = "refund", where = {{ column = "what", op = "equals", value = "refund" }} }},
    {{ type = "reply", where = {{ column = "what", op = "equals", value = "reply" }} }},
]

[targets.lifetime_value]
horizons = [60]
[targets.churn]
horizons = [60]
[targets.conversion]
horizons = [30]
types = {types}
{more}
"""

MakeBook = Callable[..., Book]
MakeHistories = Callable[..., Histories]


@dataclass(frozen=True)
class At:
    """Something that happened `day` days after the start, learnt of `late` days after that."""

    day: float
    what: str = "order"
    amount: float | None = 10.0
    late: float = 0.0

    def event(self, customer: str) -> Event:
        time = START + timedelta(days=self.day)
        return Event(customer, time, self.what, time + timedelta(days=self.late), self.amount)


@pytest.fixture(scope="session")
def at() -> type[At]:
    return At


@pytest.fixture
def make_book(tmp_path: Path) -> MakeBook:
    def make(types: str = '["reply"]', judged: str = "", more: str = "", value: str = "gross") -> Book:
        file = tmp_path / "shop.toml"
        settings = SETTINGS.format(types=types, judged=judged, more=more)
        file.write_text(settings.replace("[roles]", f'value = "{value}"\n\n[roles]', 1))
        return load_book(str(file))

    return make


@pytest.fixture
def histories() -> MakeHistories:
    def make(book: Book, customers: dict[str, list[At]]) -> Histories:
        return encode_customers(
            [(name, [event.event(name) for event in events], {}) for name, events in customers.items()], book
        )

    return make


def planted_events(customers: int, seed: int) -> pl.DataFrame:
    """Everybody orders at a pace of their own until they leave, and replies at another."""
    rng = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        pace, price = rng.gamma(1.2, 1 / 30), rng.gamma(5.0, 8.0)
        begins, stays = rng.uniform(0, 80), rng.exponential(1 / rng.gamma(2.0, 1 / 400))
        orders = begins + np.append(0.0, np.cumsum(rng.exponential(1 / pace, 400)))
        kept = orders[orders < min(begins + stays, DAYS)]
        rows += [(f"c{customer:03}", day, "order", round(price * rng.gamma(4.0, 0.25), 2)) for day in kept]
        replies = rng.uniform(begins, DAYS, rng.poisson(rng.gamma(0.8, 3.0)))
        rows += [(f"c{customer:03}", day, "reply", None) for day in replies]
    rows += [("c000", DAYS, "order", 10.0)]
    return pl.DataFrame(rows, schema=["customer", "day", "what", "amount"], orient="row")


@pytest.fixture(scope="session")
def planted() -> Callable[[int, int], dict[str, list[At]]]:
    """What a number of customers did by the planted law, with a seed."""

    def make(customers: int, seed: int) -> dict[str, list[At]]:
        table = planted_events(customers, seed).partition_by("customer", as_dict=True)
        return {
            str(name): [At(day, what, amount) for _, day, what, amount in rows.rows()]
            for (name,), rows in table.items()
        }

    return make


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings of a shop of 200 customers, judged after 150 of 212 days, with one earlier cutoff."""
    folder = tmp_path_factory.mktemp("shop")
    events = planted_events(200, seed=7)
    moments = [(START + timedelta(days=day)).isoformat(timespec="seconds") for day in events["day"]]
    events.drop("day").with_columns(at=pl.Series(moments)).write_csv(folder / "events.csv")
    (folder / "shop.toml").write_text(SETTINGS.format(types='["reply"]', judged="judged = 2024-05-30", more=""))
    return folder / "shop.toml"


@pytest.fixture(scope="session")
def trained() -> dict[int, Bundle]:
    """The bundles of the backtest by cutoff, once it has run."""
    return {}


@pytest.fixture(scope="session")
def backtested(shop: Path, trained: dict[int, Bundle], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the door writes for the shop with --full, by few trees and draws."""
    work = tmp_path_factory.mktemp("work")

    def remembering(book: Book, known: Histories, cutoff: int, *more: object) -> Bundle:
        trained[cutoff] = fit(book, known, cutoff, *more)
        return trained[cutoff]

    with pytest.MonkeyPatch.context() as patch, few_trees_and_draws():
        patch.chdir(work)
        patch.setattr(replay, "fit", remembering)
        outcome = CliRunner().invoke(app, ["backtest", str(shop), "--out", "out", "--full", "--seed", "5"])
    assert outcome.exit_code == 0, outcome.output
    return work / "out"


class Foreseeing(Bundle):
    """A bundle that also gives ranges and another horizon."""

    def predict(self, features: np.ndarray) -> Scores:
        seen = super().predict(features)
        value, churn = seen.lifetime_value, seen.churn
        return dataclasses.replace(
            seen,
            ranges={90: (np.zeros(len(value)), value * 4), 80: (np.zeros(len(value)), value * 2)},
            by_horizon={
                "lifetime_value": {30: value / 2, 60: value, 700: value * 9},
                "churn": {30: churn**0.5, 60: churn},
                "conversion": {30: seen.conversion},
            },
        )


@pytest.fixture(scope="session")
def foreseen(
    shop: Path, backtested: Path, trained: dict[int, Bundle], tmp_path_factory: pytest.TempPathFactory
) -> Results:
    """The same backtest by the same models, had they given ranges and other horizons."""
    book = load_book(str(shop))
    histories = open_store(book, tmp_path_factory.mktemp("home")).read_all()
    bundles = {
        cutoff: Foreseeing(**{field.name: getattr(bundle, field.name) for field in dataclasses.fields(bundle)})
        for cutoff, bundle in trained.items()
    }
    with pytest.MonkeyPatch.context() as patch, few_trees_and_draws():
        patch.setattr(replay, "fit", lambda book, known, cutoff, *more: bundles[cutoff])
        return backtest(book, histories, sorted(trained, reverse=True), Search(seed=5), lambda step: None)


@pytest.fixture(scope="session")
def make_replay() -> Callable[..., Replay]:
    """What was said of customers c000, c001, … with these values, chances of churn and intervals by level."""
    days = {"lifetime_value": 60, "conversion": 30, "churn": 60}
    bundle = SimpleNamespace(book="shop", version="m", currency="EUR", horizons=days, spec=None)

    def make(
        value: np.ndarray,
        truth: np.ndarray,
        churn: np.ndarray | None = None,
        silent: np.ndarray | None = None,
        ends: dict[int, tuple[np.ndarray, np.ndarray]] | None = None,
    ) -> Replay:
        nothing = np.full(len(value), np.nan)
        silence = np.full(len(value), 0.5) if churn is None else churn
        main, other = ((ends or {}).get(level, (nothing, nothing)) for level in (90, 80))
        said = [
            _said("lifetime_value", value, main, truth),
            _said("churn", silence, (nothing, nothing), np.zeros(len(value)) if silent is None else silent),
        ]
        columns, customers = {"lifetime_value": value}, tuple(f"c{i:03}" for i in range(len(value)))
        found = Gathered(customers, columns, {}, np.zeros(len(value), np.bool_))
        plan = fit_plan(found, SimpleNamespace(name="shop", tiers=Tiers()), bundle, 0)
        return Replay(
            predictions=pl.concat(said),
            beside=at_level(_said("lifetime_value", value, other, truth), 0.8),
            bundle=bundle,
            plan=plan,
            tiers={customers[i]: TIERS[place] for i, place in enumerate(plan.rule.places(columns).tolist())},
        )

    return make


def _said(target: str, prediction: np.ndarray, ends: tuple[np.ndarray, np.ndarray], truth: np.ndarray) -> pl.DataFrame:
    columns = {
        "book": "shop",
        "customer_id": [f"c{i:03}" for i in range(len(truth))],
        "cutoff": "2024-05-30",
        "horizon_days": 60,
        "target": target,
        "model": "tierwise",
        "prediction": prediction,
        "low": ends[0],
        "high": ends[1],
        "label": truth,
    }
    return pl.DataFrame(columns, schema=SCHEMA).with_columns(pl.col("low", "high").fill_nan(None))
