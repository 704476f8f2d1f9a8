"""What is visible of a customer at a cutoff goes onto the desk: purchases, returns, orders and the rest."""

import numpy as np
from features.kernel.pieces import piece

from features.kernel.columns import PURCHASE, RETURN
from features.kernel.desk import Desk, Events, Moment, Orders, Seen, Sorted
from features.kernel.distinct import clear, put, slot_of


@piece
def age_of(moment: Moment, day: int) -> int:
    """Calendar days before the cutoff's day; never negative, though clocks set back may repeat a day."""
    return max(moment.day - np.int64(day), 0)


@piece
def sort_out(events: Events, first: int, last: int, moment: Moment, desk: Desk) -> Sorted:
    """Lists the visible rows of [first, last) by kind."""
    purchases = returns = others = 0
    oldest = newest = -1
    for row in range(first, last):
        if events.time[row] > moment.cutoff:
            break
        if events.known_time[row] > moment.known_at:
            continue
        oldest = row if oldest < 0 else oldest
        newest = row
        if events.role[row] == PURCHASE:
            desk.purchases[purchases] = row
            purchases += 1
        elif events.role[row] == RETURN:
            desk.returns[returns] = row
            returns += 1
        else:
            desk.others_at[others] = row
            others += 1
    return Sorted(purchases, returns, others, oldest, newest)


@piece
def place_of(desk: Desk, order: int, free: int) -> int:
    """The place of an order on the desk: `free` if it is met for the first time."""
    key = np.uint64(order)
    slot = slot_of(desk.table, key)
    if put(desk.table, slot, key):
        desk.places[slot] = free
    return desk.places[slot]


@piece
def open_order(orders: Orders, place: int, time: int, age: int) -> None:
    """Begins an order at its first visible line."""
    orders.time[place] = time
    orders.age[place] = age
    orders.amount[place] = 0
    orders.priced[place] = False


@piece
def gather_orders(events: Events, moment: Moment, desk: Desk, lines: int) -> int:
    """Joins the visible purchase lines to orders; returns how many."""
    clear(desk.table, lines)
    count = 0
    for k in range(lines):
        row = desk.purchases[k]
        place = place_of(desk, events.order[row], count)
        if place == count:
            open_order(desk.orders, place, events.time[row], age_of(moment, events.day[row]))
            count += 1
        desk.orders.amount[place] += events.amount[row]
        desk.orders.priced[place] |= events.priced[row]
    return count


@piece
def gather_values(orders: Orders, count: int) -> int:
    """Lists the amounts of the orders with a price in time order, and once more for ranking; returns how many."""
    values = 0
    for place in range(count):
        if orders.priced[place]:
            orders.values[values] = orders.amount[place]
            orders.ranked[values] = orders.amount[place]
            values += 1
    return values


@piece
def gather_others(events: Events, moment: Moment, desk: Desk, count: int) -> None:
    """Copies the events that are neither purchase nor return."""
    for k in range(count):
        row = desk.others_at[k]
        desk.others.time[k] = events.time[row]
        desk.others.age[k] = age_of(moment, events.day[row])
        desk.others.role[k] = events.role[row]


@piece
def gather(events: Events, first: int, last: int, moment: Moment, desk: Desk) -> Seen:
    """Puts onto the desk what the rows [first, last) show at this moment.

    Visible are events with time <= cutoff and known_time <= known_at.
    """
    rows = sort_out(events, first, last, moment, desk)
    orders = gather_orders(events, moment, desk, rows.purchases)
    values = gather_values(desk.orders, orders)
    gather_others(events, moment, desk, rows.others)
    count = rows.purchases + rows.returns + rows.others
    first_time = last_time = first_age = np.int64(-1)
    if count > 0:
        first_time = events.time[rows.oldest]
        last_time = events.time[rows.newest]
        first_age = age_of(moment, events.day[rows.oldest])
    return Seen(
        count, rows.purchases, rows.returns, rows.others, orders, values, first_time, first_age, last_time
    )
