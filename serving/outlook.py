"""What the scores of a bundle say of one customer, in the fields of the answer."""

import math
from dataclasses import dataclass

from serving.recommendation import Ahead, Chance, Conversion, Horizons, Money
from training.bundle import Bundle, Scores


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of one customer."""

    lifetime_value: Money
    conversion: Conversion
    churn: Chance


def outlook(scores: Scores, row: int, bundle: Bundle, conversion_types: tuple[str, ...]) -> Outlook:
    """The customer in row `row` of the scores. Churn is null, at every horizon, for who never bought, conversion for
    everybody where its event has never happened."""
    days, waiting = bundle.horizons, scores.days_to_conversion
    low, high = _range(scores, row, 90)
    low_80, high_80 = _range(scores, row, 80)
    return Outlook(
        lifetime_value=Money(
            value=float(scores.lifetime_value[row]),
            low=low,
            high=high,
            low_80=low_80,
            high_80=high_80,
            currency=bundle.currency,
            horizon_days=days["lifetime_value"],
            by_horizon=_ahead(scores, row, "lifetime_value"),
        ),
        conversion=Conversion(
            value=_or_null(float(scores.conversion[row])),
            horizon_days=days["conversion"],
            event_types=conversion_types,
            by_horizon=_ahead(scores, row, "conversion"),
            expected_days=None if waiting is None else _or_null(float(waiting[row])),
        ),
        churn=Chance(_or_null(float(scores.churn[row])), days["churn"], _ahead(scores, row, "churn")),
    )


def average_outlook(bundle: Bundle, conversion_types: tuple[str, ...]) -> Outlook:
    """That of somebody unknown: the book's averages, with no range and no other horizon."""
    value, days = bundle.cold_start["lifetime_value"], bundle.horizons
    return Outlook(
        lifetime_value=Money(value, None, None, None, None, bundle.currency, days["lifetime_value"]),
        conversion=Conversion(_average_conversion(bundle), days["conversion"], conversion_types),
        churn=Chance(None, days["churn"]),
    )


def _average_conversion(bundle: Bundle) -> float | None:
    """That of who may convert; else that any purchase comes; null where neither is a conversion."""
    averages, days = bundle.cold_start, bundle.horizons
    if "conversion" in averages:
        return averages["conversion"]
    silent = averages["churn"] ** (days["conversion"] / days["churn"])
    return float(1 - silent) if bundle.purchase_converts else None


def _range(scores: Scores, row: int, level: int) -> tuple[float | None, float | None]:
    if level not in scores.ranges:
        return None, None
    low, high = (float(ends[row]) for ends in scores.ranges[level])
    return _or_null(low), _or_null(high)


def _ahead(scores: Scores, row: int, target: str) -> Horizons:
    known = scores.by_horizon.get(target, {})
    return tuple(Ahead(days, _or_null(float(known[days][row]))) for days in sorted(known))


def _or_null(value: float) -> float | None:
    return None if math.isnan(value) else value
