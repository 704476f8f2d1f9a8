"""Touches and responses."""

from features.families.touches import RESPONSE_WINDOWS, TOUCH_WINDOWS
from features.families.windows import HALF_LIVES
from features.kernel.arithmetic import ratio
from features.kernel.columns import AT, DAY, RESPONSE, TOUCH, Floats, Ints, Records, columns
from features.kernel.contacts import age_of_last, count_role, decayed_role
from features.kernel.pieces import piece

TOUCHES_IN = columns(*(f"touches_{days}d" for days in TOUCH_WINDOWS))
RESPONSES_IN = columns(*(f"responses_{days}d" for days in RESPONSE_WINDOWS))
FADE_30, FADE_120 = HALF_LIVES.index(30), HALF_LIVES.index(120)
PATIENCE = 60 * DAY


@piece
def response_days(others: Records) -> int:
    """Calendar days with a response."""
    found = 0
    age = -1
    for k in range(len(others)):
        if others[k].role == RESPONSE and others[k].age != age:
            age = others[k].age
            found += 1
    return found


@piece
def answered_touches(others: Records) -> int:
    """Touches with a response at the same time or within 60 days after."""
    found = 0
    response = -1
    for k in range(len(others) - 1, -1, -1):
        if others[k].role == RESPONSE:
            response = k
        elif others[k].role == TOUCH and response >= 0:
            found += others[response].time - others[k].time <= PATIENCE
    return found


@piece
def touches(row: Floats, others: Records, counts: Ints, lasts: Ints, cutoff: int, decay: Ints) -> None:
    """Writes the family "touches"; `counts` and `lasts` hold the others by role."""
    contacted, responded = counts[TOUCH], counts[RESPONSE]
    for k in range(len(TOUCH_WINDOWS)):
        row[TOUCHES_IN[k]] = count_role(others, TOUCH, TOUCH_WINDOWS[k] - 1) if contacted > 0 else 0
    for k in range(len(RESPONSE_WINDOWS)):
        row[RESPONSES_IN[k]] = count_role(others, RESPONSE, RESPONSE_WINDOWS[k] - 1) if responded > 0 else 0
    row[AT.touches] = contacted
    row[AT.last_touch_age_days] = age_of_last(counts, lasts, TOUCH, cutoff)
    row[AT.decayed_touches_30d] = decayed_role(others, TOUCH, decay, FADE_30)
    row[AT.responses] = responded
    row[AT.response_days] = response_days(others)
    row[AT.last_response_age_days] = age_of_last(counts, lasts, RESPONSE, cutoff)
    row[AT.decayed_responses_120d] = decayed_role(others, RESPONSE, decay, FADE_120)
    row[AT.responses_per_touch] = ratio(responded, contacted)
    row[AT.answered_touch_share] = ratio(answered_touches(others), contacted)
