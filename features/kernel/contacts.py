"""Events that are neither purchase nor return: counts, ages and fading sums by role."""

from features.kernel.arithmetic import days_between, ratio, weight
from features.kernel.columns import NEVER, Ints, Records
from features.kernel.pieces import piece


@piece
def count_role(others: Records, role: int, oldest: int) -> int:
    """Events of one role, at most `oldest` calendar days old."""
    found = 0
    for k in range(len(others)):
        found += others[k].role == role and others[k].age <= oldest
    return found


@piece
def age_of_last(counts: Ints, lasts: Ints, role: int, cutoff: int) -> float:
    """Days since the last event of one role; undefined without one."""
    return days_between(lasts[role], cutoff) if counts[role] > 0 else NEVER


@piece
def decayed_role(others: Records, role: int, decay: Ints, half_life: int) -> float:
    """Events of one role, each fading with its age."""
    weights = 0
    for k in range(len(others)):
        if others[k].role == role:
            weights += weight(decay, half_life, others[k].age)
    return ratio(weights, decay[half_life, 0])
