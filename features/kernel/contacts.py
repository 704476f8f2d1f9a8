"""Events that are neither purchase nor return: counts, ages and fading sums by role."""

import numpy as np
from features.kernel.pieces import piece

from features.kernel.arithmetic import days_between, weight
from features.kernel.columns import NEVER, Ints
from features.kernel.desk import Others


@piece
def count_role(others: Others, count: int, role: int, oldest: int) -> int:
    """Events of one role, at most `oldest` calendar days old."""
    found = 0
    for k in range(count):
        found += others.role[k] == role and others.age[k] <= oldest
    return found


@piece
def age_of_last(others: Others, count: int, role: int, cutoff: int) -> float:
    """Days since the last event of one role; undefined without one."""
    for k in range(count - 1, -1, -1):
        if others.role[k] == role:
            return days_between(others.time[k], cutoff)
    return NEVER


@piece
def decayed_role(others: Others, count: int, role: int, decay: Ints, half_life: int) -> float:
    """Events of one role, each fading with its age."""
    weights = np.int64(0)
    for k in range(count):
        if others.role[k] == role:
            weights += weight(decay, half_life, others.age[k])
    return weights / decay[half_life, 0]
