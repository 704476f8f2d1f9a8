"""Places at work, the queue before them, and what overload does to it."""

import asyncio

import pytest

from serving.guard.demand import Demand
from serving.guard.places import Places
from serving.guard.refusal import Refusal


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_who_waits_longest_is_next() -> None:
    async def play() -> None:
        places, order = Places(1, 3, 1), []

        async def visit(number: int) -> None:
            async with places.taken():
                order.append(number)
                await asyncio.sleep(0)

        await asyncio.gather(*map(visit, range(4)))
        assert order == [0, 1, 2, 3]

    asyncio.run(play())


def test_more_than_fit_are_refused_until_somebody_leaves() -> None:
    async def play() -> None:
        places = Places(2, 0, 7)
        await places.take()
        await places.take()
        with pytest.raises(Refusal) as caught:
            await places.take()
        assert caught.value.headers == ((b"retry-after", b"7"),)
        places.leave()
        await places.take()

    asyncio.run(play())


@pytest.mark.parametrize("too_late", [False, True])
def test_who_gives_up_waiting_leaves_no_place_taken(too_late: bool) -> None:
    async def play() -> None:
        places = Places(1, 5, 1)
        await places.take()
        waiting = asyncio.create_task(places.take())
        await settle()
        if too_late:
            places.leave()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        if not too_late:
            places.leave()
        await asyncio.wait_for(places.take(), 1)

    asyncio.run(play())


def test_under_overload_the_newest_waits_and_the_late_are_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        places = Places(1, 4, 1)
        await places.take()
        waiting = [asyncio.create_task(places.take()) for _ in range(4)]
        await settle()
        monkeypatch.setattr(Demand, "is_too_much", True)
        newest = asyncio.create_task(places.take())
        await settle()
        assert all(isinstance(turn.exception(), Refusal) for turn in waiting)
        assert not newest.done()
        places.leave()
        await newest

    asyncio.run(play())


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def overloaded(asked_per_answer: float, *, burst: int = 32, seconds: float = 30.0) -> bool:
    """Whether it is too much when so many ask for each one that is answered, a hundred a second."""
    clock = Clock()
    demand, owed = Demand(burst, clock), 0.0
    for _ in range(int(100 * seconds)):
        clock.now += 0.01
        demand.answered()
        owed += asked_per_answer
        while owed >= 1.0:
            demand.asked()
            owed -= 1.0
    return demand.is_too_much


def test_twice_as_much_is_too_much_and_as_much_is_not() -> None:
    assert overloaded(2.0)
    assert not overloaded(1.0)
    assert not overloaded(1.1)


def test_callers_who_wait_for_their_answers_are_never_too_much() -> None:
    clock = Clock()
    demand = Demand(33, clock)
    for _ in range(33):
        demand.asked()
    for _ in range(1_000):
        clock.now += 0.01
        demand.answered()
        demand.asked()
        assert not demand.is_too_much


def test_overload_is_forgotten_once_it_is_over() -> None:
    clock = Clock()
    demand = Demand(10, clock)
    for _ in range(100):
        demand.asked()
    assert demand.is_too_much
    clock.now += 10.0
    demand.asked()
    assert not demand.is_too_much
