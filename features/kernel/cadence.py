"""Cadence: the gaps between orders, and the present gap against them.

The gaps of a customer are the times between the first visible lines of consecutive orders.
"""

import math

from features.kernel.arithmetic import days_between, ratio
from features.kernel.columns import AT, NEVER, Floats, Records
from features.kernel.pieces import piece

MONTH = 30.0


@piece
def gap_deviation(orders: Records, mean_gap: float) -> float:
    """The sample standard deviation of the gaps, in days; undefined below two gaps."""
    if len(orders) < 3:
        return NEVER
    squares = 0.0
    for k in range(1, len(orders)):
        squares += (days_between(orders[k - 1].time, orders[k].time) - mean_gap) ** 2
    return math.sqrt(squares / (len(orders) - 2))


@piece
def longest_gap(orders: Records) -> float:
    """The longest gap in days; undefined without one."""
    if len(orders) < 2:
        return NEVER
    longest = 0
    for k in range(1, len(orders)):
        gap = orders[k].time - orders[k - 1].time
        longest = gap if gap > longest else longest
    return days_between(0, longest)


@piece
def surprise(part: float) -> float:
    """x ln x, which is 0 at 0."""
    return part * math.log(part) if part > 0 else 0.0


@piece
def clumpiness(orders: Records, cutoff: int) -> float:
    """One minus the scaled entropy of the time since the first order, cut at the orders; from two orders on.

    Source: Zhang, Bradlow and Small, "Predicting Customer Value Using Clumpiness", Marketing Science 34
    (2015); here the record begins with the first order, so that n orders leave n stretches, the present
    one included.
    """
    count = len(orders)
    record = days_between(orders[0].time, cutoff)
    if count < 2 or record <= 0:
        return NEVER
    entropy = surprise(days_between(orders[count - 1].time, cutoff) / record)
    for k in range(1, count):
        entropy += surprise(days_between(orders[k - 1].time, orders[k].time) / record)
    return 1.0 + entropy / math.log(count)


@piece
def no_cadence(row: Floats) -> None:
    """Writes the family for somebody who has never bought."""
    row[AT.first_order_age_days] = NEVER
    row[AT.last_order_age_days] = NEVER
    row[AT.buying_span_days] = NEVER
    row[AT.mean_gap_days] = NEVER
    row[AT.gap_sd_days] = NEVER
    row[AT.longest_gap_days] = NEVER
    row[AT.gap_variation] = NEVER
    row[AT.clumpiness] = NEVER
    row[AT.overdue_ratio] = NEVER
    row[AT.overdue_longest_ratio] = NEVER
    row[AT.orders_per_month] = NEVER
    row[AT.spend_per_month] = NEVER


@piece
def cadence(row: Floats, orders: Records, cutoff: int) -> None:
    """Writes the family "cadence"; the column "spend" must stand already."""
    count = len(orders)
    if count == 0:
        no_cadence(row)
        return
    since_first = days_between(orders[0].time, cutoff)
    since_last = days_between(orders[count - 1].time, cutoff)
    span = days_between(orders[0].time, orders[count - 1].time)
    mean_gap = ratio(span, count - 1)
    deviation = gap_deviation(orders, mean_gap)
    longest = longest_gap(orders)
    months = since_first / MONTH if since_first > MONTH else 1.0
    row[AT.first_order_age_days] = since_first
    row[AT.last_order_age_days] = since_last
    row[AT.buying_span_days] = span
    row[AT.mean_gap_days] = mean_gap
    row[AT.gap_sd_days] = deviation
    row[AT.longest_gap_days] = longest
    row[AT.gap_variation] = ratio(deviation, mean_gap)
    row[AT.clumpiness] = clumpiness(orders, cutoff)
    row[AT.overdue_ratio] = ratio(since_last, mean_gap)
    row[AT.overdue_longest_ratio] = ratio(since_last, longest)
    row[AT.orders_per_month] = count / months
    row[AT.spend_per_month] = row[AT.spend] / months
