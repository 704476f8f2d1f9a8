"""Whole units for what is printed: parts that add up to their total, to the last cent."""

import math
from collections.abc import Sequence


def apportion(parts: Sequence[float], total: int) -> list[int]:
    """Whole numbers near the parts (in units of what is printed) whose sum is `total` exactly.

    The nearest ones, where their sum is right. Else the method of the largest remainder (Hamilton): every part is
    rounded down, and what is then lacking goes, one each, to those with the largest remainders; equal ones in their
    order. Where `total` is the rounded sum of the parts, each differs from its part by less than one. Raises ValueError
    for no parts that are to have a sum.
    """
    if not parts:
        if total:
            raise ValueError(f"no parts to share {total} among")
        return []
    nearest = [round(part) for part in parts]
    if sum(nearest) == total:
        return nearest
    whole = [math.floor(part) for part in parts]
    each, left = divmod(total - sum(whole), len(parts))
    by_remainder = sorted(range(len(parts)), key=lambda place: whole[place] - parts[place])
    for place in by_remainder[:left]:
        whole[place] += 1
    return [units + each for units in whole] if each else whole
