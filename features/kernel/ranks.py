"""Numbers by rank, found without sorting all (a library sort would add a quarter to the time to compile)."""

from features.kernel.columns import NEVER, Ints
from features.kernel.pieces import piece


@piece
def nth(numbers: Ints, rank: int) -> int:
    """The number of that rank, 0 being the smallest; moves the numbers about.

    Source: Hoare, "Algorithm 65: Find", Communications of the ACM 4 (1961).
    """
    low, high = 0, len(numbers) - 1
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
    found: int = numbers[rank]
    return found


@piece
def median(numbers: Ints) -> float:
    """The median; undefined for none; moves the numbers about."""
    count = len(numbers)
    if count == 0:
        return NEVER
    return (nth(numbers, (count - 1) // 2) + nth(numbers, count // 2)) / 2
