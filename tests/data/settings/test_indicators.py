"""The table `[indicators]`: what it may say, and that no model needs to learn it."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import BookError
from data.settings.book import load_book
from training.settings import settings_of

BOOK = """name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"

[roles]
order = "purchase"

[[sources]]
name = "orders"
path = "orders.csv"
type = "order"
columns = { customer_id = "customer", time = "at" }

[[profiles]]
name = "ratings"
path = "ratings.csv"
customer_id = "customer"
known_time = "rated_on"
columns = { strategic_fit = "number", country = "category" }
"""


def written(folder: Path, indicators: str = "") -> str:
    file = folder / "shop.toml"
    file.write_text(f"{BOOK}\n{indicators}", encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (
            '[indicators]\nstrategic = ["strategic_fitt"]',
            'indicators.strategic[0]: expected a profile column with numbers (strategic_fit), got "strategic_fitt"; '
            'did you mean "strategic_fit"?',
        ),
        ('[indicators]\nstrategic = ["country"]', 'indicators.strategic[0]: expected a column of kind "number"'),
        ('[indicators]\nstrategic = ["strategic_fit", "strategic_fit"]', "indicators.strategic[1]: "),
        ("[indicators]\nlowest = 5.0", "indicators: highest: expected more than lowest (5), got 5"),
        ("[indicators.health]\nloyalty = -0.1", "indicators.health.loyalty: expected a weight of 0 or more"),
        ("[indicators.health]\nloyalty = nan", "indicators.health.loyalty: expected finite number"),
        (
            "[indicators.health]\nloyalty = 0\ninteraction = 0\nbreadth = 0\npayment = 0",
            "indicators.health: expected a weight above 0 for one of loyalty, interaction, breadth, payment at least",
        ),
        ("[indicators.health]\nloyality = 1.0", 'indicators.health.loyality: unknown key; did you mean "loyalty"?'),
        (
            "[indicators.risks.competitive_threat]\noverdue = { watch = 2.0, alert = 1.0 }",
            "indicators.risks.competitive_threat.overdue: expected alert at or above watch (2), got 1",
        ),
        (
            "[indicators.risks.business_change]\norders_fall = { watch = 0.1, alert = 0.2 }",
            "indicators.risks.business_change.orders_fall: expected alert at or below watch (0.1), got 0.2",
        ),
        (
            "[indicators.risks.relationship_weakness]\nwatch_points = 5",
            "indicators.risks.relationship_weakness: alert_points: expected watch_points or more (5), got 4",
        ),
    ],
)
def test_errors_name_the_key(tmp_path: Path, table: str, told: str) -> None:
    with pytest.raises(BookError) as error:
        load_book(written(tmp_path, table))
    assert told in str(error.value)


def test_no_model_needs_to_learn_from_it(tmp_path: Path) -> None:
    plain = settings_of(load_book(written(tmp_path)))
    table = '[indicators]\nstrategic = ["strategic_fit"]\n[indicators.health]\nloyalty = 1.0'
    assert settings_of(load_book(written(tmp_path, table))) == plain


def test_the_shipped_trade_book_rates_strategic_fit_and_reference_value() -> None:
    assert load_book("trade").indicators.strategic == ("strategic_fit", "reference_value")
    assert load_book("online_retail").indicators.strategic == ()
