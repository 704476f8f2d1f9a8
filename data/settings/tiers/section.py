"""The section `[tiers]` of a book."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from data.settings.declared import Declared
from data.settings.tiers.cuts import PercentCuts
from data.settings.tiers.hybrid import Hybrid
from data.settings.tiers.profit import ExpectedProfit
from data.settings.tiers.rules import Lifecycle, Matrix, Pyramid, Rfm7, Rfm8
from data.settings.tiers.scorecard import Scorecard

PolicyName = Literal[
    "value_percentile",
    "rfm7",
    "rfm8",
    "pyramid",
    "matrix",
    "lifecycle",
    "scorecard",
    "hybrid",
    "expected_profit",
]


class Stability(Declared):
    """When a customer keeps the tier they had.

    A tier is left only if the policy would still leave it were its predictions `margin` better, or worse, than they are
    (0.1: a tenth), `return_margin` for the way back within `return_days` of a move; and not within `stay_days` of the
    last move.
    """

    margin: Annotated[float, Field(ge=0, lt=1)] = 0.05
    return_margin: Annotated[float, Field(ge=0, lt=1)] = 0.7
    return_days: Annotated[int, Field(ge=0, le=3650)] = 63
    stay_days: Annotated[int, Field(ge=0, le=31)] = 0


class Tiers(Declared):
    """The policy that assigns the tiers of a book, and the settings of every policy that it may be compared with."""

    policy: PolicyName = "value_percentile"
    stability: Stability = Stability()
    value_percentile: PercentCuts = PercentCuts()
    rfm7: Rfm7 = Rfm7()
    rfm8: Rfm8 = Rfm8()
    pyramid: Pyramid = Pyramid()
    matrix: Matrix = Matrix()
    lifecycle: Lifecycle = Lifecycle()
    scorecard: Scorecard = Scorecard()
    hybrid: Hybrid = Hybrid()
    expected_profit: ExpectedProfit = ExpectedProfit()
