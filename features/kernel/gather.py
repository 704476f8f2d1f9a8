"""What is in sight of a customer goes onto the desk: purchases, returns, orders and the rest."""

import numpy as np

from features.kernel.columns import PURCHASE, RETURN, Ints, Records
from features.kernel.desk import Desk, Events, Seen, View
from features.kernel.distinct import emptied, number_of, size_for
from features.kernel.pieces import piece


@piece
def age_of(view: View, day: int) -> int:
    """Calendar days before the cutoff's day; never negative, though clocks set back may repeat a day."""
    age = view.day - day
    return age if age > 0 else 0


@piece
def gather(events: Events, view: View, desk: Desk) -> Seen:
    """Sorts the visible rows by kind: those with time <= cutoff and known_time <= known_at."""
    purchase_rows, return_rows, others_seen, trail = desk.purchases, desk.returns, desk.others, desk.trail
    counts, lasts = desk.counts, desk.lasts
    counts[:] = 0
    purchases = returns = others = 0
    first_time = last_time = first_age = -1
    for row in range(view.first, view.last):
        time = events.time[row]
        if time > view.cutoff:
            break
        if events.known_time[row] > view.known_at:
            continue
        if purchases + returns + others == 0:
            first_time = time
            first_age = age_of(view, events.day[row])
        last_time = time
        trail[purchases + returns + others] = row
        if events.role[row] == PURCHASE:
            purchase_rows[purchases] = row
            purchases += 1
        elif events.role[row] == RETURN:
            return_rows[returns] = row
            returns += 1
        else:
            others_seen[others].time = time
            others_seen[others].age = age_of(view, events.day[row])
            others_seen[others].role = events.role[row]
            counts[events.role[row]] += 1
            lasts[events.role[row]] = time
            others_seen[others].row = row
            others += 1
    return Seen(purchases, returns, others, first_time, last_time, first_age)


@piece
def gather_orders(events: Events, view: View, lines: Ints, desk: Desk) -> int:
    """Joins purchase lines to orders; returns how many."""
    orders, slots = desk.orders, desk.table.slots
    stamp, size = emptied(desk.table), size_for(len(lines))
    count = 0
    for line in lines:
        place = number_of(slots, size, stamp, np.uint64(events.order[line]), count)
        if place == count:
            orders[place].time = events.time[line]
            orders[place].age = age_of(view, events.day[line])
            orders[place].amount = 0
            orders[place].priced = 0
            orders[place].line = line
            count += 1
        orders[place].amount += events.amount[line]
        orders[place].priced |= events.priced[line]
    return count


@piece
def gather_values(orders: Records, values: Ints, ranked: Ints) -> int:
    """Lists the amounts of the orders with a price in time order, twice; returns how many."""
    count = 0
    for k in range(len(orders)):
        if orders[k].priced:
            values[count] = orders[k].amount
            ranked[count] = orders[k].amount
            count += 1
    return count
