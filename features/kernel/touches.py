"""Touches and responses."""

from features.kernel.pieces import piece

from features.families.touches import RESPONSE_WINDOWS, TOUCH_WINDOWS
from features.families.windows import HALF_LIVES
from features.kernel.arithmetic import ratio
from features.kernel.columns import AT, DAY, RESPONSE, TOUCH, Floats, Ints, columns
from features.kernel.contacts import age_of_last, count_role, decayed_role
from features.kernel.desk import Desk, Moment, Others

TOUCHES_IN = columns(*(f"touches_{days}d" for days in TOUCH_WINDOWS))
RESPONSES_IN = columns(*(f"responses_{days}d" for days in RESPONSE_WINDOWS))
FADE_30, FADE_120 = HALF_LIVES.index(30), HALF_LIVES.index(120)
ALWAYS = 2**31
PATIENCE = 60 * DAY


@piece
def response_days(others: Others, count: int) -> int:
    """Calendar days with a response."""
    found = 0
    age = -1
    for k in range(count):
        if others.role[k] == RESPONSE and others.age[k] != age:
            age = others.age[k]
            found += 1
    return found


@piece
def answered_touches(others: Others, count: int) -> int:
    """Touches with a response at the same time or within 60 days after."""
    found = 0
    response = -1
    for k in range(count - 1, -1, -1):
        if others.role[k] == RESPONSE:
            response = k
        elif others.role[k] == TOUCH and response >= 0:
            found += others.time[response] - others.time[k] <= PATIENCE
    return found


@piece
def touches(row: Floats, desk: Desk, count: int, moment: Moment, decay: Ints) -> None:
    """Writes the family "touches"."""
    others = desk.others
    contacted = count_role(others, count, TOUCH, ALWAYS)
    responded = count_role(others, count, RESPONSE, ALWAYS)
    for k in range(len(TOUCH_WINDOWS)):
        row[TOUCHES_IN[k]] = count_role(others, count, TOUCH, TOUCH_WINDOWS[k] - 1)
    for k in range(len(RESPONSE_WINDOWS)):
        row[RESPONSES_IN[k]] = count_role(others, count, RESPONSE, RESPONSE_WINDOWS[k] - 1)
    row[AT.touches] = contacted
    row[AT.last_touch_age_days] = age_of_last(others, count, TOUCH, moment.cutoff)
    row[AT.decayed_touches_30d] = decayed_role(others, count, TOUCH, decay, FADE_30)
    row[AT.responses] = responded
    row[AT.response_days] = response_days(others, count)
    row[AT.last_response_age_days] = age_of_last(others, count, RESPONSE, moment.cutoff)
    row[AT.decayed_responses_120d] = decayed_role(others, count, RESPONSE, decay, FADE_120)
    row[AT.responses_per_touch] = ratio(responded, contacted)
    row[AT.answered_touch_share] = ratio(answered_touches(others, count), contacted)
