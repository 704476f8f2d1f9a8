"""What the services are worth to one customer, and where that changes with the value expected of them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from serving.tiers.ladder import LOWEST
from serving.tiers.services import Effect, Services


@dataclass(frozen=True, slots=True)
class Posted:
    """By tier, the `prices` of a seat and its hours, and whether it is `open`; nets no further apart than `tie` are
    equal."""

    prices: tuple[float, ...]
    open: tuple[bool, ...]
    tie: float


@dataclass(frozen=True, slots=True)
class Offer:
    """One customer with this expected value (currency) and churn (nan for who never bought), before these prices."""

    services: Services
    value: float
    churn: float
    posted: Posted

    def gains(self, effect: Effect = "mid") -> tuple[float, ...]:
        """The profit of every service."""
        return self.services.gains_of(self.value, self.churn, effect)

    def nets(self) -> list[float]:
        """The profit of every service net of its price, minus infinity where it is closed."""
        return self.nets_at(self.value)

    def nets_at(self, value: float) -> list[float]:
        """The same, were so much expected of the customer."""
        gains, posted = self.services.gains_of(value, self.churn), self.posted
        given = zip(gains, posted.prices, posted.open, strict=True)
        return [gain - price if opened else -math.inf for gain, price, opened in given]

    def place_at(self, value: float) -> int:
        """The best service, were so much expected of the customer; of equal ones the lowest."""
        nets = self.nets_at(value)
        least = max(nets) - self.posted.tie
        place = len(nets) - 1
        while not nets[place] >= least:
            place -= 1
        return place

    def cuts(self) -> Iterator[float]:
        """The values above 0 at which two services are as good: their nets are lines in the value."""
        nothing, one = self.nets_at(0.0), self.nets_at(1.0)
        for high in range(LOWEST):
            for low in range(high + 1, LOWEST + 1):
                steeper = (one[high] - nothing[high]) - (one[low] - nothing[low])
                if math.isfinite(nothing[high]) and math.isfinite(nothing[low]) and steeper > 0.0:
                    cut = (nothing[low] - nothing[high]) / steeper
                    if cut > 0.0:
                        yield cut
