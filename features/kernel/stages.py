"""Stages: inquiry, quote request, sample, order, and how often one led on to the next."""

from features.kernel.arithmetic import days_between, ratio
from features.kernel.columns import AT, DAY, INQUIRY, NEVER, PURCHASE, QUOTE, SAMPLE, Floats, Ints, Records
from features.kernel.pieces import piece
from features.kernel.ranks import median

QUOTED_WITHIN = 30 * DAY
WON_WITHIN = 90 * DAY
OPEN_DAYS = 90
FAR = 2**62  # us: an instant so distant that nothing lies within reach of it


@piece
def present_stage(row: Floats, tokens: Records, cutoff: int) -> None:
    """Writes the furthest stage since the last order, and since when; each open quote request counts."""
    stage = reached = quotes = 0
    for k in range(len(tokens) - 1, -1, -1):
        role = tokens[k].role
        if role == PURCHASE:
            break
        here = 1 if role == INQUIRY else 2 if role == QUOTE else 3 if role == SAMPLE else 0
        if here > 0 and here >= stage:
            stage = here
            reached = tokens[k].time
        quotes += role == QUOTE and tokens[k].age < OPEN_DAYS
    row[AT.stage_since_last_order] = stage
    row[AT.stage_age_days] = days_between(reached, cutoff) if stage > 0 else NEVER
    row[AT.open_quotes_90d] = quotes


@piece
def past_stages(row: Floats, tokens: Records, waits: Ints, cutoff: int) -> None:
    """Writes what followed inquiries, quote requests and samples that had their time; uses `waits` as room."""
    next_order = next_quote = FAR
    inquiries = quoted = quotes = won = samples = bought = count = 0
    for k in range(len(tokens) - 1, -1, -1):
        role, time = tokens[k].role, tokens[k].time
        if role == PURCHASE:
            next_order = time
        elif role == INQUIRY and cutoff - time > QUOTED_WITHIN:
            inquiries += 1
            quoted += next_quote - time <= QUOTED_WITHIN
        elif role == SAMPLE and cutoff - time > WON_WITHIN:
            samples += 1
            bought += next_order - time <= WON_WITHIN
        elif role == QUOTE:
            next_quote = time
            if next_order - time <= WON_WITHIN:
                waits[count] = next_order - time
                count += 1
            if cutoff - time > WON_WITHIN:
                quotes += 1
                won += next_order - time <= WON_WITHIN
    row[AT.inquiries_quoted_share] = ratio(quoted, inquiries)
    row[AT.quotes_won_share] = ratio(won, quotes)
    row[AT.samples_won_share] = ratio(bought, samples)
    row[AT.quote_to_order_days] = median(waits[:count]) / DAY


@piece
def stages(row: Floats, tokens: Records, waits: Ints, cutoff: int) -> None:
    """Writes the family "stages"; uses `waits` as room."""
    present_stage(row, tokens, cutoff)
    past_stages(row, tokens, waits, cutoff)
    orders = led = 0
    last_intent = -FAR
    for k in range(len(tokens)):
        role = tokens[k].role
        if role == PURCHASE:
            orders += 1
            led += tokens[k].time - last_intent <= WON_WITHIN
        elif role in (INQUIRY, QUOTE, SAMPLE):
            last_intent = tokens[k].time
    row[AT.orders_after_intent_share] = ratio(led, orders)
