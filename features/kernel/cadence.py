"""Cadence: the gaps between orders, and the present gap against them.

The gaps of a customer are the times between the first visible lines of consecutive orders.
"""

import numpy as np
from features.kernel.pieces import piece

from features.kernel.arithmetic import days_between, ratio
from features.kernel.columns import AT, NEVER, Floats
from features.kernel.desk import Desk, Moment, Orders

MONTH = 30.0


@piece
def gap_deviation(orders: Orders, count: int, mean_gap: float) -> float:
    """The sample standard deviation of the gaps, in days; undefined below two gaps."""
    if count < 3:
        return NEVER
    squares = 0.0
    for k in range(1, count):
        squares += (days_between(orders.time[k - 1], orders.time[k]) - mean_gap) ** 2
    return np.sqrt(squares / (count - 2))


@piece
def longest_gap(orders: Orders, count: int) -> float:
    """The longest gap in days; undefined without one."""
    if count < 2:
        return NEVER
    longest = np.int64(0)
    for k in range(1, count):
        longest = max(longest, orders.time[k] - orders.time[k - 1])
    return days_between(0, longest)


@piece
def surprise(part: float) -> float:
    """x ln x, which is 0 at 0."""
    return part * np.log(part) if part > 0 else 0.0


@piece
def clumpiness(orders: Orders, count: int, cutoff: int) -> float:
    """One minus the scaled entropy of the time since the first order, cut at the orders; from two orders on.

    Source: Zhang, Bradlow and Small, "Predicting Customer Value Using Clumpiness", Marketing Science 34 (2015);
    here the record begins with the first order, so that n orders leave n stretches, the present one included.
    """
    record = days_between(orders.time[0], cutoff)
    if count < 2 or record <= 0:
        return NEVER
    entropy = surprise(days_between(orders.time[count - 1], cutoff) / record)
    for k in range(1, count):
        entropy += surprise(days_between(orders.time[k - 1], orders.time[k]) / record)
    return 1.0 + entropy / np.log(count)


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
def cadence(row: Floats, desk: Desk, count: int, moment: Moment) -> None:
    """Writes the family "cadence"; the columns "orders" and "spend" must stand already."""
    if count == 0:
        no_cadence(row)
        return
    orders = desk.orders
    since_first = days_between(orders.time[0], moment.cutoff)
    since_last = days_between(orders.time[count - 1], moment.cutoff)
    span = days_between(orders.time[0], orders.time[count - 1])
    mean_gap = ratio(span, count - 1)
    deviation = gap_deviation(orders, count, mean_gap)
    longest = longest_gap(orders, count)
    months = max(since_first, MONTH) / MONTH
    row[AT.first_order_age_days] = since_first
    row[AT.last_order_age_days] = since_last
    row[AT.buying_span_days] = span
    row[AT.mean_gap_days] = mean_gap
    row[AT.gap_sd_days] = deviation
    row[AT.longest_gap_days] = longest
    row[AT.gap_variation] = ratio(deviation, mean_gap)
    row[AT.clumpiness] = clumpiness(orders, count, moment.cutoff)
    row[AT.overdue_ratio] = ratio(since_last, mean_gap)
    row[AT.overdue_longest_ratio] = ratio(since_last, longest)
    row[AT.orders_per_month] = count / months
    row[AT.spend_per_month] = row[AT.spend] / months
