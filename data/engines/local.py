"""This process alone, or several processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, Self

from data.engines.engine import ONE_THREAD, TRIES, Item, Result
from data.engines.trip import Trip, answer_of, too_often

AHEAD = 2
"""Items a worker has at hand, so that it never waits for whoever takes the results."""


class LocalEngine:
    """`workers` processes of this machine; one is this process itself."""

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers

    def map(self, task: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """As `Engine.map`."""
        if self.workers == 1:
            return (task(item) for item in items)
        return _mapped(Trip.of(task), items, min(self.workers, len(items)))

    def close(self) -> None:
        """Workers end with their `map`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _mapped(trip: Trip, items: Sequence[Any], workers: int) -> Iterator[Any]:
    waiting, deaths = deque(range(len(items))), Counter[int]()
    answers: dict[int, Any] = {}
    hands = [_Hand(trip) for _ in range(workers)]
    try:
        for number in range(len(items)):
            while number not in answers:
                for hand in hands:
                    hand.fill(waiting, items)
                answers |= _next_answers(hands, waiting, deaths, items)
            yield answers.pop(number)
    finally:
        for hand in hands:
            hand.end()


def _next_answers(
    hands: list[_Hand], waiting: deque[int], deaths: Counter[int], items: Sequence[Any]
) -> dict[int, Any]:
    """Waits for somebody to answer or to die; what the dead had at hand waits again, before all else."""
    answers = {}
    heard = wait([hand.pipe for hand in hands])
    for place, hand in enumerate(hands):
        if hand.pipe not in heard:
            continue
        number = hand.numbers[0]
        try:
            answers[number] = answer_of(hand.pipe.recv_bytes())
            hand.numbers.popleft()
        except (EOFError, OSError):
            hand.end()
            deaths[number] += 1
            if deaths[number] == TRIES:
                raise too_often(items[number], TRIES, hand.how) from None
            waiting.extendleft(reversed(hand.numbers))
            hands[place] = _Hand(hand.trip)
    return answers


class _Hand:
    """A worker process, and the numbers of the items that it has at hand, the one it is at first."""

    def __init__(self, trip: Trip) -> None:
        context = multiprocessing.get_context("spawn")
        self.trip = trip
        self.numbers: deque[int] = deque()
        self.pipe, its_own = context.Pipe()
        self._process = context.Process(target=_work, args=(its_own,), daemon=True)
        self._process.start()
        its_own.close()
        with suppress(OSError):  # it is dead already, as will be seen
            self.pipe.send_bytes(pickle.dumps(trip))

    def fill(self, waiting: deque[int], items: Sequence[Any]) -> None:
        """Takes items to do."""
        while waiting and len(self.numbers) < AHEAD:
            self.numbers.append(waiting.popleft())
            with suppress(OSError):  # it is dead, as will be seen
                self.pipe.send(items[self.numbers[-1]])

    @property
    def how(self) -> str:
        """How the process ended."""
        code = self._process.exitcode or 0
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def end(self) -> None:
        """At once: what is at work is given up."""
        self.pipe.close()
        self._process.kill()
        self._process.join()


def _work(pipe: Connection) -> None:
    """What a worker does until nobody is there any more. Ctrl-C is for the process that asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(ONE_THREAD)
    with suppress(EOFError, OSError):
        trip: Trip = pickle.loads(pipe.recv_bytes())  # noqa: S301  from the process that started this one
        while True:
            pipe.send_bytes(trip(pipe.recv()))
