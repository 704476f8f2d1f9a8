"""Purchases: counts, order values and returns."""

import numpy as np

from features.kernel.arithmetic import days_between, days_with_orders, ratio, standard_deviation, total
from features.kernel.columns import ALWAYS, AT, NEVER, Floats, Ints, Records
from features.kernel.desk import Events
from features.kernel.distinct import Table, distinct_orders
from features.kernel.pieces import piece
from features.kernel.ranks import median, nth


@piece
def quantity_of(events: Events, lines: Ints) -> float:
    """The quantity of purchase lines; a line without one adds nothing."""
    quantity = 0.0
    for line in lines:
        if not np.isnan(events.quantity[line]):
            quantity += events.quantity[line]
    return quantity


@piece
def returned_amount(events: Events, lines: Ints) -> int:
    """The value (minor units, positive) of return lines."""
    returned = 0
    for line in lines:
        returned -= events.amount[line]
    return returned


@piece
def spend_of(orders: Records) -> int:
    """The purchases (minor units) of all orders."""
    spend = 0
    for k in range(len(orders)):
        spend += orders[k].amount
    return spend


@piece
def worthless(values: Ints) -> int:
    """How many orders with a price come to zero or less."""
    found = 0
    for value in values:
        found += value <= 0
    return found


@piece
def order_values(row: Floats, values: Ints, ranked: Ints, minor_units: float) -> None:
    """Writes what describes the values (minor units) of the orders with a price; moves `ranked` about."""
    count = len(values)
    spend = total(values)
    row[AT.average_order_value] = ratio(spend / minor_units, count)
    row[AT.median_order_value] = median(ranked) / minor_units
    row[AT.largest_order_value] = nth(ranked, count - 1) / minor_units if count > 0 else NEVER
    row[AT.order_value_variation] = ratio(standard_deviation(values) * count, spend)
    row[AT.zero_value_orders] = worthless(values)


@piece
def purchases(row: Floats, events: Events, orders: Records, lines: Ints, minor_units: float) -> None:
    """Writes what the orders and their lines add up to."""
    row[AT.orders] = len(orders)
    row[AT.spend] = spend_of(orders) / minor_units
    row[AT.lines_per_order] = ratio(len(lines), len(orders))
    row[AT.quantity_per_order] = ratio(quantity_of(events, lines), len(orders))
    row[AT.active_days] = days_with_orders(orders, ALWAYS)


@piece
def returns(
    row: Floats, events: Events, orders: Records, lines: Ints, table: Table, cutoff: int, minor_units: float
) -> None:
    """Writes how much came back; `lines` are those of returns."""
    spend = spend_of(orders)
    returned = returned_amount(events, lines)
    row[AT.returns] = distinct_orders(table, events.order, lines)
    row[AT.return_share] = ratio(returned if returned < spend else spend, spend)
    row[AT.net_spend] = (spend - returned) / minor_units
    row[AT.last_return_age_days] = days_between(events.time[lines[-1]], cutoff) if len(lines) > 0 else NEVER
