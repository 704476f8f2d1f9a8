"""How fast a key may ask: requests and customers a minute."""

import math
import time
from contextvars import ContextVar
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from serving.caller import CALLER
from serving.guard.problem import Problem
from serving.guard.refusal import Refusal

REQUESTS = 600
CUSTOMERS_A_REQUEST = 10
MOST_CUSTOMERS_AT_ONCE = 1_000
WRONG_KEYS = 20
"""(ours) Requests of a key, customers for each of these on average, and wrong keys of an address, a minute."""

Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class Standing:
    """What is left of a rate: so many of `most` for the next `seconds`."""

    name: str
    most: int
    left: int
    seconds: int

    @property
    def headers(self) -> tuple[Header, ...]:
        """As draft-ietf-httpapi-ratelimit-headers-10 has them."""
        policy = f'"{self.name}";q={self.most};w=60'
        now = f'"{self.name}";r={self.left};t={self.seconds}'
        return ((b"ratelimit-policy", policy.encode()), (b"ratelimit", now.encode()))


class Rates:
    """The rates of one worker, in its memory: a sliding window a minute long for each key. `requests` a minute;
    customers ten times as many, and no fewer than one request may hold."""

    def __init__(self, requests: int = REQUESTS) -> None:
        self._requests = RateLimitItemPerMinute(requests, namespace="requests")
        customers = max(CUSTOMERS_A_REQUEST * requests, MOST_CUSTOMERS_AT_ONCE)
        self._customers = RateLimitItemPerMinute(customers, namespace="customers")
        self._wrong = RateLimitItemPerMinute(WRONG_KEYS, namespace="wrong keys")
        self._windows = SlidingWindowCounterRateLimiter(MemoryStorage())

    def request(self, key: str) -> Standing:
        """Counts a request of a key, and answers what is left. Raises Refusal (429) where it is one too many."""
        return self._taken(self._requests, key, 1)

    def customers(self, key: str, number: int) -> Standing:
        """Counts customers that a key asks about; as `request`."""
        return self._taken(self._customers, key, number)

    def wrong_key(self, address: str) -> Standing:
        """Counts a wrong key, or an attempt to sign in, from an address; as `request`."""
        return self._taken(self._wrong, address, 1)

    def _taken(self, rate: RateLimitItem, who: str, number: int) -> Standing:
        taken = self._windows.hit(rate, who, cost=number)
        stats = self._windows.get_window_stats(rate, who)
        seconds = max(math.ceil(stats.reset_time - time.time()), 1)
        standing = Standing(rate.namespace, rate.amount, stats.remaining, seconds)
        if not taken:
            problem = Problem(429, f"more than {rate.amount:,} {rate.namespace} a minute; try again in {seconds} s")
            raise Refusal(problem, (b"retry-after", str(seconds).encode()), *standing.headers)
        return standing


RATES: ContextVar[Rates | None] = ContextVar("rates", default=None)
"""The rates that this request is held to; the guard sets it where keys are on."""


def charge(customers: int) -> None:
    """Counts the customers that the caller of this request asks about. Raises Refusal (429) where they are too many."""
    rates, key = RATES.get(), CALLER.get().key
    if rates is not None and key is not None:
        rates.customers(key, customers)
