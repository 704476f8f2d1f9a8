"""Signals: one matcher for every row of the book, driven by a table.

Each signal keeps, for every prefix of its pattern, the latest instant at which a match of that prefix began;
the latest start is the one that any later event can still complete, so one pass finds every match.
"""

from typing import Any

from features.kernel.arithmetic import days_between
from features.kernel.columns import DAY, NEVER, Floats, Records
from features.kernel.desk import Events, Partial, SignalTable
from features.kernel.pieces import piece

LONG_AGO = -(2**62)
TYPE, PRODUCT, CATEGORY, CHANNEL, CONTACT = range(5)
COLUMNS_OF_A_SIGNAL = 3  # times, times within the window, days since the last time


@piece
def text_of(events: Events, column: int, row: int) -> Any:
    """The hash that one of the text columns has in a row, 0 for none."""
    if column == TYPE:
        return events.type[row]
    if column == PRODUCT:
        return events.product[row]
    if column == CATEGORY:
        return events.category[row]
    return events.channel[row] if column == CHANNEL else events.contact[row]


@piece
def fits(table: SignalTable, signal: int, step: int, events: Events, token: Records) -> bool:
    """Whether an event is one that a step of the pattern asks for."""
    if not (table.roles[signal, step] >> token.role) & 1:
        return False
    if table.plain[signal, step]:
        return True
    for column in range(table.filters.shape[2]):
        first, last = table.filters[signal, step, column, 0], table.filters[signal, step, column, 1]
        found = first == last
        for k in range(first, last):
            found |= table.texts[k] == text_of(events, column, token.row)
        if not found:
            return False
    return True


@piece
def completes(table: SignalTable, signal: int, events: Events, token: Records, partial: Partial) -> bool:
    """Moves the matches of a pattern on by one event; whether that completes one."""
    last = table.lengths[signal] - 1
    earliest = token.time - table.days[signal] * DAY
    for step in range(last, -1, -1):
        start = token.time if step == 0 else partial.starts[signal, step - 1]
        if start >= earliest and fits(table, signal, step, events, token):
            if step == last:
                return True
            partial.starts[signal, step] = start
    return False


@piece
def crowds(table: SignalTable, signal: int, events: Events, token: Records, partial: Partial) -> bool:
    """Notes one more value of the counted column; whether enough different ones were seen in the window.

    Kept are the values seen last and when, as many as are needed: the oldest gives way.
    """
    value = text_of(events, table.distinct[signal], token.row)
    if value == 0 or not fits(table, signal, 0, events, token):
        return False
    starts, texts = partial.starts[signal], partial.texts[signal]
    place = 0
    for k in range(table.least[signal]):
        if texts[k] == value:
            place = k
            break
        place = k if starts[k] < starts[place] else place
    starts[place] = token.time
    texts[place] = value
    oldest = token.time
    for k in range(table.least[signal]):
        oldest = starts[k] if starts[k] < oldest else oldest
    return bool(token.time - oldest <= table.days[signal] * DAY)


@piece
def forget(partial: Partial, signal: int) -> None:
    """Begins a signal anew."""
    for k in range(partial.starts.shape[1]):
        partial.starts[signal, k] = LONG_AGO
        partial.texts[signal, k] = 0


@piece
def signals(
    row: Floats, first: int, events: Events, tokens: Records, cutoff: int, table: SignalTable, partial: Partial
) -> None:
    """Writes three columns for each signal, from the column `first` on."""
    for signal in range(len(table.lengths)):
        forget(partial, signal)
        row[first + COLUMNS_OF_A_SIGNAL * signal] = 0
        row[first + COLUMNS_OF_A_SIGNAL * signal + 1] = 0
        row[first + COLUMNS_OF_A_SIGNAL * signal + 2] = NEVER
    for k in range(len(tokens)):
        role = tokens[k].role
        for place in range(table.waiting_from[role], table.waiting_from[role + 1]):
            signal = table.waiting[place]
            if table.distinct[signal] >= 0:
                fired = crowds(table, signal, events, tokens[k], partial)
            else:
                fired = completes(table, signal, events, tokens[k], partial)
            if fired:
                forget(partial, signal)
                column = first + COLUMNS_OF_A_SIGNAL * signal
                row[column] += 1
                row[column + 1] += tokens[k].age < table.days[signal]
                row[column + 2] = days_between(tokens[k].time, cutoff)
