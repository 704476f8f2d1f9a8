"""What the services are worth to one customer, and where that changes with the value expected of them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

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
        given = zip(self.gains(), self.posted.prices, self.posted.open, strict=True)
        return [gain - price if opened else -math.inf for gain, price, opened in given]

    def place(self) -> int:
        """The best service, of equal ones the lowest."""
        nets = self.nets()
        least = max(nets) - self.posted.tie
        return max(place for place, net in enumerate(nets) if net >= least)

    def at(self, value: float) -> "Offer":
        """The same customer, were so much expected of them."""
        return replace(self, value=value)

    def cuts(self) -> Iterator[float]:
        """The values above 0 at which two services are as good: their nets are lines in the value."""
        nothing, one = self.at(0.0).nets(), self.at(1.0).nets()
        for high in range(LOWEST):
            for low in range(high + 1, LOWEST + 1):
                steeper = (one[high] - nothing[high]) - (one[low] - nothing[low])
                if math.isfinite(nothing[high]) and math.isfinite(nothing[low]) and steeper > 0.0:
                    cut = (nothing[low] - nothing[high]) / steeper
                    if cut > 0.0:
                        yield cut
