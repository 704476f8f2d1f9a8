"""Small sums in a fixed order, so that a customer has the same bytes alone and in a crowd."""

import numpy as np
from features.kernel.pieces import piece

from features.kernel.columns import DAY, NEVER, Ints
from features.kernel.desk import Orders


@piece
def ratio(part: float, whole: float) -> float:
    """`part` over `whole`; undefined unless the whole is positive."""
    return part / whole if whole > 0 else NEVER


@piece
def days_between(earlier: int, later: int) -> float:
    """Days, with their fraction, between two instants (us)."""
    return (later - earlier) / DAY


@piece
def total(numbers: Ints, first: int, last: int) -> int:
    """The sum of numbers[first:last]."""
    result = np.int64(0)
    for k in range(first, last):
        result += numbers[k]
    return result


@piece
def standard_deviation(numbers: Ints, count: int) -> float:
    """The sample standard deviation of the first `count` numbers, in their unit; undefined below two."""
    if count < 2:
        return NEVER
    mean = total(numbers, 0, count) / count
    squares = 0.0
    for k in range(count):
        squares += (numbers[k] - mean) ** 2
    return np.sqrt(squares / (count - 1))


@piece
def orders_between(orders: Orders, count: int, newest: int, oldest: int) -> int:
    """Orders whose age in days lies between `newest` and `oldest`, both included."""
    found = 0
    for k in range(count):
        found += newest <= orders.age[k] <= oldest
    return found


@piece
def spend_between(orders: Orders, count: int, newest: int, oldest: int) -> int:
    """Purchases (minor units) whose age in days lies between `newest` and `oldest`, both included."""
    spend = np.int64(0)
    for k in range(count):
        if newest <= orders.age[k] <= oldest:
            spend += orders.amount[k]
    return spend


@piece
def days_with_orders(orders: Orders, count: int, oldest: int) -> int:
    """Calendar days with an order, at most `oldest` days before the cutoff's day."""
    found = 0
    for k in range(count):
        is_another_day = k == 0 or orders.age[k] != orders.age[k - 1]
        found += is_another_day and orders.age[k] <= oldest
    return found


@piece
def weight(decay: Ints, half_life: int, age: int) -> int:
    """The whole-numbered weight of something `age` days old; `half_life` is a row of `decay`."""
    return decay[half_life, age] if age < decay.shape[1] else 0
