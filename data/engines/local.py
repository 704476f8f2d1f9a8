"""This process alone, or several processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import Any, Self

from data.engines.engine import ONE_THREAD, TRIES, Item, Result
from data.engines.quiet import undisturbed
from data.engines.trip import Trip, answer_of, too_often
from data.errors import EngineError

AHEAD = 2
"""Items a worker has at hand, so that it never waits for whoever takes the results."""


class LocalEngine:
    """`workers` processes of this machine, started when they are needed; one is this process itself."""

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers
        self._hands: list[_Hand] = []

    def map(self, task: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """As `Engine.map`."""
        if self.workers == 1:
            return (task(item) for item in items)
        return self._mapped(pickle.dumps(Trip.of(task)), items)

    def close(self) -> None:
        """Ends the workers."""
        while self._hands:
            self._hands.pop().end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _mapped(self, trip: bytes, items: Sequence[Any]) -> Iterator[Any]:
        waiting, deaths = deque(range(len(items))), Counter[int]()
        answers: dict[int, Any] = {}
        self._hands += [_Hand() for _ in range(len(self._hands), min(self.workers, len(items)))]
        for hand in self._hands:
            hand.learn(trip)
        try:
            for number in range(len(items)):
                while number not in answers:
                    for hand in self._hands:
                        hand.fill(waiting, items)
                    answers |= _next_answers(self._hands, waiting, deaths, items)
                yield answers.pop(number)
        finally:
            busy = [hand for hand in self._hands if hand.numbers]
            self._hands = [hand for hand in self._hands if not hand.numbers]
            for hand in busy:
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
            answer = hand.pipe.recv_bytes()
        except (EOFError, OSError):
            hand.end()
            deaths[number] += 1
            if deaths[number] == TRIES:
                raise too_often(items[number], TRIES, hand.how) from None
            waiting.extendleft(reversed(hand.numbers))
            hands[place] = _Hand()
            hands[place].learn(hand.trip)
            continue
        hand.numbers.popleft()
        answers[number] = answer_of(answer)
    return answers


class _Hand:
    """A worker process, and the numbers of the items that it has at hand, the one it is at first."""

    trip = b""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.numbers: deque[int] = deque()
        self.pipe, its_own = context.Pipe()
        self._process = context.Process(target=_work, args=(its_own,), daemon=True)
        with _one_thread(), undisturbed():
            self._process.start()
        its_own.close()

    def learn(self, trip: bytes) -> None:
        """Takes the task of what comes next."""
        self.trip = trip
        with suppress(OSError):  # it is dead, as will be seen
            self.pipe.send(trip)

    def fill(self, waiting: deque[int], items: Sequence[Any]) -> None:
        """Takes items to do."""
        while waiting and len(self.numbers) < AHEAD:
            self.numbers.append(waiting.popleft())
            with suppress(OSError):  # it is dead, as will be seen
                self.pipe.send((items[self.numbers[-1]],))

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


@contextmanager
def _one_thread() -> Iterator[None]:
    """The environment of a worker: libraries look at it as they are imported, which is before any work."""
    before = dict(os.environ)
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name in ONE_THREAD:
            del os.environ[name]
        os.environ.update(before)


def _work(pipe: Connection) -> None:
    """What a worker does until nobody is there any more. Ctrl-C is for the process that asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    trip: Any = None
    with suppress(EOFError, OSError):
        while True:
            asked = pipe.recv()
            if isinstance(asked, bytes):
                trip = _known(asked)
            else:
                pipe.send_bytes(trip(*asked))


def _end_with_parent() -> None:
    """Ends this process as soon as the one that asks is dead: nobody waits for what is at work."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def _known(trip: bytes) -> Callable[[Any], bytes]:
    """The task; where this process cannot import it, each item is answered with that."""
    try:
        known: Callable[[Any], bytes] = pickle.loads(trip)  # noqa: S301  from the process that started this one
    except Exception as error:  # whatever an import raises
        told = EngineError(f"a worker cannot import the task: {error}")
        return lambda _: pickle.dumps((None, told))
    return known
