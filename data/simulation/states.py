"""The states of a customer and the moves between them: the one table that lives and truth are both read from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

STATES = (
    "browsing",
    "inquired",
    "quoted",
    "sampled",
    "lost",
    "rested",  # has just ordered
    "waiting",
    "preparing",  # looks around for the next order
    "quiet",
    "gone",
)
CODES = {state: code for code, state in enumerate(STATES)}
LEAD_STATES = 5  # the first five have never bought


@dataclass(frozen=True, slots=True)
class Move:
    """From one state to another; `hazard` names the daily rate in `data.simulation.latent`.

    `order` says that the move is an order, `seasonal` that the season speeds it or slows it, `served` that
    an account manager's care lifts it.
    """

    before: str
    after: str
    hazard: str
    order: bool = False
    seasonal: bool = False
    served: bool = False


MOVES = (
    Move("browsing", "inquired", "inquire", seasonal=True),
    Move("browsing", "lost", "lose_interest"),
    Move("inquired", "quoted", "get_quote"),
    Move("inquired", "lost", "fail_inquiry"),
    Move("quoted", "sampled", "get_sample", seasonal=True),
    Move("quoted", "rested", "order_on_quote", order=True, seasonal=True, served=True),
    Move("quoted", "gone", "order_once_on_quote", order=True, seasonal=True, served=True),
    Move("quoted", "lost", "fail_quote"),
    Move("sampled", "rested", "order_on_sample", order=True, seasonal=True, served=True),
    Move("sampled", "gone", "order_once_on_sample", order=True, seasonal=True, served=True),
    Move("sampled", "lost", "fail_sample"),
    Move("lost", "browsing", "come_back"),
    Move("rested", "waiting", "sell_off"),
    Move("waiting", "preparing", "need", seasonal=True, served=True),
    Move("waiting", "quiet", "fall_quiet"),
    Move("waiting", "gone", "leave"),
    Move("preparing", "rested", "order", order=True, seasonal=True, served=True),
    Move("preparing", "waiting", "buy_elsewhere"),
    Move("quiet", "waiting", "wake"),
    Move("quiet", "gone", "leave_quietly"),
)

MOST_EXITS = 4
NO_MOVE = -1
HAZARDS = tuple(move.hazard for move in MOVES)
BEFORE = np.array([CODES[move.before] for move in MOVES])
AFTER = np.array([CODES[move.after] for move in MOVES])
ORDERS = np.array([move.order for move in MOVES])
SEASONAL = np.array([move.seasonal for move in MOVES])
SERVED = np.array([move.served for move in MOVES])
# The moves out of a state stand together: those of state s are FIRST_EXIT[s] to FIRST_EXIT[s + 1] − 1, but for
# "gone", which has none.
FIRST_EXIT = np.searchsorted(BEFORE, np.arange(len(STATES) + 1))
