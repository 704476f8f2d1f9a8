"""Four-part value: money a year, and people's ratings, never added up."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from data.clock import end_of_day
from data.events import Event
from data.histories.inline import encode_customers
from serving.indicators.value import Past, past_year
from tests.serving.indicators.machines import accountant_of, book_of, measured_of, yardstick_of

RATED = {"strategic": ["strategic_fit", "reference_value"]}
SPRING = datetime(2024, 3, 1, tzinfo=UTC)
COST = {"value": "net", "service_cost": {"ticket": 25.0, "call": 10.0}}


def test_the_parts_of_a_gross_book_are_as_worked_by_hand() -> None:
    told = measured_of(yardstick_of(indicators=RATED), 300.0, spend_365d=1000.0, profile_strategic_fit=4.0).columns
    assert told["current_value"] == [1000.0]
    assert told["net_value"] == [1000.0]
    assert told["growth_potential"] == [300.0 * 365 / 73 - 1000.0]
    assert told["strategic_value"] == [75.0]
    assert np.isnan(told["service_cost"]).all()


def test_strategic_value_is_the_mean_of_the_valid_ratings_on_the_scale_of_the_book() -> None:
    scale = yardstick_of(indicators={**RATED, "lowest": 0.0, "highest": 10.0})
    ratings = {
        "profile_strategic_fit": [8.0, np.nan, 10.0, np.nan],
        "profile_reference_value": [2.0, 5.0, 12.0, np.nan],
    }
    strategic = measured_of(scale, **ratings).columns["strategic_value"]
    assert strategic[:3].tolist() == [50.0, 50.0, 100.0]
    assert np.isnan(strategic[3])


@pytest.mark.parametrize("lacking", [(), ("profile_strategic_fit",)])
def test_a_rating_that_the_book_or_the_model_does_not_name_is_no_strategic_value(lacking: tuple[str, ...]) -> None:
    named = {"strategic": ["strategic_fit"]} if lacking else {}
    yardstick = yardstick_of(lacking, indicators=named)
    assert np.isnan(measured_of(yardstick, profile_reference_value=5.0).columns["strategic_value"]).all()


def test_service_cost_may_exceed_what_a_customer_brings() -> None:
    yardstick = yardstick_of(**COST)
    measured = measured_of(yardstick, 10.0, Past(np.array([100.0]), np.array([150.0])), orders=1.0)
    assert measured.columns["net_value"] == [-50.0]
    assert measured.columns["growth_potential"] == [100.0]
    told = measured.about(0, accountant_of(yardstick)).value_parts
    assert told.text == (
        "Purchases less returns of the last 365 days: EUR 100.00; service cost EUR 150.00, which leaves −EUR 50.00; "
        "EUR 100.00 more a year expected."
    )


def test_the_past_year_is_counted_as_the_book_counts_value() -> None:
    events = [
        Event("a", datetime(2022, 3, 1, tzinfo=UTC), "order", amount=999.0, order_id="1"),
        Event("a", SPRING, "order", amount=200.0, order_id="2"),
        Event("a", SPRING, "credit", amount=-50.0),
        Event("a", SPRING, "ticket"),
        Event("a", datetime(2024, 6, 1, tzinfo=UTC), "order", amount=777.0, order_id="3"),
    ]
    yardstick = yardstick_of(**COST)
    histories = encode_customers([("a", events, {})], yardstick.book)
    past = past_year(histories, end_of_day(date(2024, 3, 31), "Europe/Berlin"), yardstick)
    assert past is not None
    assert past.value == [150.0]
    assert past.cost == [25.0]
    assert past_year(histories, 0, yardstick_of()) is None


def test_without_its_past_the_value_of_a_net_book_cannot_be_told() -> None:
    yardstick = yardstick_of(value="net")
    told = measured_of(yardstick, 10.0, spend_365d=5.0).about(0, accountant_of(yardstick, "zh")).value_parts
    assert told.current_value is told.growth_potential is told.net_value is told.service_cost is None
    assert told.text == "近 365 天的价值无法计算。"


def test_the_book_names_its_ratings() -> None:
    assert book_of(indicators=RATED).indicators.strategic == ("strategic_fit", "reference_value")
