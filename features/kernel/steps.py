"""Steps: the last tokens, the mix of roles, and transitions seen through a fitted embedding."""

import math

from data.events import ROLES
from features.families.steps import AGED_PLACES, PLACES
from features.kernel.arithmetic import days_between, ratio
from features.kernel.columns import AT, NEVER, Floats, Ints, Records, columns
from features.kernel.pieces import piece

LAST_ROLES = columns(*(f"{name}_role" for name, _, _ in PLACES))
LAST_AGES = columns(*(f"{name}_event_age_days" for name, _, _ in AGED_PLACES))
ROLE_COUNT = len(ROLES)


@piece
def last_steps(row: Floats, tokens: Records, cutoff: int) -> None:
    """Writes the roles of the last five tokens, and the ages of all of them but the last."""
    for k in range(len(PLACES)):
        place = len(tokens) - 1 - k
        row[LAST_ROLES[k]] = tokens[place].role if place >= 0 else NEVER
        if k > 0:
            row[LAST_AGES[k - 1]] = days_between(tokens[place].time, cutoff) if place >= 0 else NEVER


@piece
def steps(row: Floats, tokens: Records, transitions: Ints, cutoff: int) -> None:
    """Writes the family "steps"; `transitions`, int64[roles²], then holds the counts by (from, to)."""
    last_steps(row, tokens, cutoff)
    count = len(tokens)
    transitions[:] = 0
    changes = 0
    for k in range(1, count):
        changes += tokens[k].role != tokens[k - 1].role
        transitions[tokens[k - 1].role * ROLE_COUNT + tokens[k].role] += 1
    kinds = 0
    entropy = 0.0
    for role in range(ROLE_COUNT):
        met = int(count > 0 and tokens[0].role == role)
        for before in range(ROLE_COUNT):
            met += transitions[before * ROLE_COUNT + role]
        if met > 0:
            kinds += 1
            entropy -= met / count * math.log2(met / count)
    span = days_between(tokens[0].time, tokens[count - 1].time) if count > 1 else NEVER
    row[AT.kinds_of_events] = kinds
    row[AT.event_entropy] = entropy if count > 0 else NEVER
    row[AT.change_share] = ratio(changes, count - 1)
    row[AT.mean_event_gap_days] = ratio(span, count - 1)
    row[AT.quiet_ratio] = (
        ratio(days_between(tokens[count - 1].time, cutoff), span / (count - 1)) if count > 1 else NEVER
    )


@piece
def embed(row: Floats, first: int, transitions: Ints, count: int, loadings: Floats) -> None:
    """Writes the columns from `first` on: √(share of each transition) · loadings, added in a fixed order.

    `loadings` is float64[roles², dimensions]; `count` is the number of transitions, undefined without one.
    """
    for dimension in range(loadings.shape[1]):
        row[first + dimension] = 0.0 if count > 0 else NEVER
    for pair in range(len(transitions)):
        if transitions[pair] > 0:
            root = math.sqrt(transitions[pair] / count)
            for dimension in range(loadings.shape[1]):
                row[first + dimension] += root * loadings[pair, dimension]
