"""Numbers by rank, found without sorting all of them (a library sort would triple the time to compile)."""

from features.kernel.columns import NEVER, Ints
from features.kernel.pieces import piece


@piece
def nth(numbers: Ints, count: int, rank: int) -> int:
    """The number of that rank, from 0 = smallest, among the first `count`; moves the numbers about.

    Source: Hoare, "Algorithm 65: Find", Communications of the ACM 4 (1961).
    """
    low, high = 0, count - 1
    while low < high:
        pivot = numbers[(low + high) // 2]
        left, right = low, high
        while left <= right:
            while numbers[left] < pivot:
                left += 1
            while numbers[right] > pivot:
                right -= 1
            if left <= right:
                numbers[left], numbers[right] = numbers[right], numbers[left]
                left += 1
                right -= 1
        low = left if rank > right else low
        high = right if rank < left else high
    return numbers[rank]


@piece
def median(numbers: Ints, count: int) -> float:
    """The median of the first `count` numbers; undefined for none; moves the numbers about."""
    if count == 0:
        return NEVER
    return (nth(numbers, count, (count - 1) // 2) + nth(numbers, count, count // 2)) / 2
