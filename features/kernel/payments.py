"""Payments, support and survey answers."""

import numpy as np

from features.kernel.arithmetic import days_between, ratio
from features.kernel.columns import AT, NEVER, PAYMENT, SUPPORT, SURVEY, Floats, Ints, Records
from features.kernel.contacts import count_role
from features.kernel.desk import Events
from features.kernel.pieces import piece

YEAR = 365
QUARTER = 91


@piece
def delays(row: Floats, events: Events, others: Records) -> None:
    """Writes how long payments came after they were due, from those that say so."""
    stated = late = 0
    days = 0.0
    last = worst = NEVER
    for k in range(len(others)):
        delay = events.quantity[others[k].row]
        if others[k].role == PAYMENT and not np.isnan(delay):
            stated += 1
            late += delay > 0
            days += delay
            last = delay
            if others[k].age < YEAR and not worst >= delay:
                worst = delay
    row[AT.late_payment_share] = ratio(late, stated)
    row[AT.mean_days_late] = ratio(days, stated)
    row[AT.last_days_late] = last
    row[AT.worst_days_late_365d] = worst


@piece
def surveys(row: Floats, events: Events, others: Records, cutoff: int) -> None:
    """Writes the scores of survey answers, from those that have one."""
    count = 0
    scores = 0.0
    last = age = NEVER
    for k in range(len(others)):
        score = events.quantity[others[k].row]
        if others[k].role == SURVEY and not np.isnan(score):
            count += 1
            scores += score
            last = score
            age = days_between(others[k].time, cutoff)
    row[AT.surveys] = count
    row[AT.last_survey_score] = last
    row[AT.mean_survey_score] = ratio(scores, count)
    row[AT.last_survey_age_days] = age


@piece
def payments(row: Floats, events: Events, others: Records, counts: Ints, cutoff: int) -> None:
    """Writes the family "payments"; `counts` holds the others by role."""
    delays(row, events, others)
    surveys(row, events, others, cutoff)
    row[AT.payments] = counts[PAYMENT]
    row[AT.support_tickets_91d] = count_role(others, SUPPORT, QUARTER - 1) if counts[SUPPORT] > 0 else 0
    row[AT.support_per_order] = ratio(counts[SUPPORT], row[AT.orders])
