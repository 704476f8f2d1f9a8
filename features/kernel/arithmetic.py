"""Small sums in a fixed order, so that a customer has the same bytes alone and in a crowd."""

import math

from features.kernel.columns import DAY, NEVER, Ints, Records
from features.kernel.pieces import piece


@piece
def ratio(part: float, whole: float) -> float:
    """`part` over `whole`; undefined unless the whole is positive."""
    return part / whole if whole > 0 else NEVER


@piece
def days_between(earlier: int, later: int) -> float:
    """Days, with their fraction, between two instants (us)."""
    return (later - earlier) / DAY


@piece
def total(numbers: Ints) -> int:
    """The sum of whole numbers."""
    result = 0
    for number in numbers:
        result += number
    return result


@piece
def standard_deviation(numbers: Ints) -> float:
    """The sample standard deviation, in the unit of the numbers; undefined below two."""
    if len(numbers) < 2:
        return NEVER
    mean = total(numbers) / len(numbers)
    squares = 0.0
    for number in numbers:
        squares += (number - mean) ** 2
    return math.sqrt(squares / (len(numbers) - 1))


@piece
def orders_between(orders: Records, newest: int, oldest: int) -> int:
    """Orders whose age in days lies between `newest` and `oldest`, both included."""
    found = 0
    for k in range(len(orders)):
        found += newest <= orders[k].age <= oldest
    return found


@piece
def spend_between(orders: Records, newest: int, oldest: int) -> int:
    """Purchases (minor units) whose age in days lies between `newest` and `oldest`, both included."""
    spend = 0
    for k in range(len(orders)):
        if newest <= orders[k].age <= oldest:
            spend += orders[k].amount
    return spend


@piece
def days_with_orders(orders: Records, oldest: int) -> int:
    """Calendar days with an order, at most `oldest` days before the cutoff's day."""
    found = 0
    for k in range(len(orders)):
        is_another_day = k == 0 or orders[k].age != orders[k - 1].age
        found += is_another_day and orders[k].age <= oldest
    return found


@piece
def weight(decay: Ints, half_life: int, age: int) -> int:
    """The whole-numbered weight of something `age` days old; `half_life` is a row of `decay`."""
    return decay[half_life, age] if age < decay.shape[1] else 0
