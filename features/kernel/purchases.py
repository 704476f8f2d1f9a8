"""Purchases: counts, order values, breadth and returns."""

import numpy as np
from features.kernel.pieces import piece

from features.kernel.arithmetic import days_with_orders, ratio, standard_deviation, total
from features.kernel.columns import AT, NEVER, Floats
from features.kernel.desk import Desk, Events, Seen
from features.kernel.distinct import clear, distinct, put, slot_of
from features.kernel.ranks import median, nth

ALWAYS = 2**31


@piece
def quantity_of(events: Events, desk: Desk, lines: int) -> float:
    """The quantity of the visible purchase lines; a line without one adds nothing."""
    quantity = 0.0
    for k in range(lines):
        given = events.quantity[desk.purchases[k]]
        if not np.isnan(given):
            quantity += given
    return quantity


@piece
def returned_orders(events: Events, desk: Desk, lines: int) -> int:
    """Distinct orders among the visible return lines."""
    clear(desk.table, lines)
    found = 0
    for k in range(lines):
        key = np.uint64(events.order[desk.returns[k]])
        found += put(desk.table, slot_of(desk.table, key), key)
    return found


@piece
def returned_amount(events: Events, desk: Desk, lines: int) -> int:
    """The value (minor units, positive) of the visible return lines."""
    returned = np.int64(0)
    for k in range(lines):
        returned -= events.amount[desk.returns[k]]
    return returned


@piece
def order_values(row: Floats, desk: Desk, count: int, minor_units: float) -> None:
    """Writes what describes the values of the orders with a price."""
    orders = desk.orders
    spend = total(orders.values, 0, count)
    worthless = 0
    for k in range(count):
        worthless += orders.values[k] <= 0
    row[AT.average_order_value] = ratio(spend / minor_units, count)
    row[AT.median_order_value] = median(orders.ranked, count) / minor_units
    row[AT.largest_order_value] = nth(orders.ranked, count, count - 1) / minor_units if count > 0 else NEVER
    row[AT.order_value_variation] = ratio(standard_deviation(orders.values, count) * count, spend)
    row[AT.zero_value_orders] = worthless


@piece
def breadth(row: Floats, events: Events, desk: Desk, lines: int) -> None:
    """Writes how many different things were bought, and through how many channels."""
    row[AT.products] = distinct(desk.table, events.product, desk.purchases, lines)
    row[AT.categories] = distinct(desk.table, events.category, desk.purchases, lines)
    row[AT.channels] = distinct(desk.table, events.channel, desk.purchases, lines)


@piece
def purchases(row: Floats, events: Events, desk: Desk, seen: Seen, minor_units: float) -> None:
    """Writes the family "purchases"."""
    spend = total(desk.orders.amount, 0, seen.orders)
    returned = returned_amount(events, desk, seen.returns)
    row[AT.orders] = seen.orders
    row[AT.spend] = spend / minor_units
    row[AT.lines_per_order] = ratio(seen.purchases, seen.orders)
    row[AT.quantity_per_order] = ratio(quantity_of(events, desk, seen.purchases), seen.orders)
    row[AT.active_days] = days_with_orders(desk.orders, seen.orders, ALWAYS)
    row[AT.returns] = returned_orders(events, desk, seen.returns)
    row[AT.return_share] = ratio(min(returned, spend), spend)
    order_values(row, desk, seen.values, minor_units)
    breadth(row, events, desk, seen.purchases)
