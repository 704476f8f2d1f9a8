"""Tokens: the customer's events as a sequence, an order counted once and not line by line."""

from features.kernel.columns import PURCHASE, RETURN, Ints, Records
from features.kernel.desk import Events, View
from features.kernel.gather import age_of
from features.kernel.pieces import piece


@piece
def gather_tokens(events: Events, view: View, trail: Ints, orders: Records, tokens: Records) -> int:
    """Lists the visible rows of `trail` in time order; returns how many tokens they are.

    An order stands where its first line does; lines of one return that follow each other are one token.
    """
    count = met = 0
    last_return = -1
    for row in trail:
        role = events.role[row]
        if role == PURCHASE:
            if met == len(orders) or orders[met].line != row:
                continue
            met += 1
        elif role == RETURN:
            same_return = last_return >= 0 and count > 0 and tokens[count - 1].row == last_return
            if same_return and events.order[last_return] == events.order[row]:
                continue
            last_return = row
        tokens[count].time = events.time[row]
        tokens[count].age = age_of(view, events.day[row])
        tokens[count].role = role
        tokens[count].row = row
        count += 1
    return count
