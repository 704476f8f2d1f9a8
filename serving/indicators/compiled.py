"""The formulas of health and the measures of the risk scan for one customer after the other, compiled.

A request asks about one customer: a hundred steps of numpy on one number each take longer than everything else of it.
Compiled, a customer alone and in a batch give the same bytes, as each is computed by itself.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROOT = math.sqrt(3.0)
HALF_A_YEAR = 182
YEAR = 365
NOTHING = math.nan

HEALTH_INPUTS = (
    "orders",
    "buying_period_share",
    "buying_streak_91d",
    "engagement_depth_30d",
    "late_payment_share",
    "mean_days_late",
    "products",
    "categories",
)
"""What health is made of; the number of products stands for that of categories where it is told."""

RISK_INPUTS = (
    "overdue_ratio",
    "orders_rise_91d",
    "quotes",
    "quotes_won_share",
    "last_value_ratio",
    "second_last_value_ratio",
    "third_last_value_ratio",
    "order_value_variation",
    "orders_rise_182d",
    "orders_year_rise_91d",
    "recent_gap_ratio",
    "first_order_age_days",
    "categories",
    "new_categories_91d",
    "contacts_seen",
    "active_contacts_91d",
    "touches",
    "answered_touch_share",
    "interactions_rise_91d",
    "last_meeting_age_days",
    "worst_days_late_365d",
    "last_survey_age_days",
    "last_survey_score",
    "support_tickets_91d",
    "orders",
    "last_order_age_days",
    "interactions_91d",
    "intents_since_last_order",
)
"""What the signs are measured by, and whom the rules look at."""

CHANGE, WEAKNESS, SIGNS = 3, 9, 17
"""Where the signs of the second and the third rule begin, and how many there are."""


class Limits(NamedTuple):
    """The settings of the rules that are no steps of a sign; `orders` are the fewest of each rule."""

    quotes: float
    touches: float
    season: float
    interest: float
    silence: float
    orders: tuple[float, float, float]
    signs: float
    watch_points: float
    alert_points: float


@njit(cache=True, nogil=True, error_model="numpy")
def half_at(count: float, half: float) -> float:
    """From 0 towards 100, 50 at `half`: monotone as a function of the count, even in the last bit."""
    return 100.0 - 100.0 * (half / (count + half))


@njit(cache=True, nogil=True, error_model="numpy")
def healths(given: Floats, scales: Floats, weights: Floats) -> Floats:
    """Health and its four parts, (5, n), of HEALTH_INPUTS (8, n); `scales` are full_streak, full_repeats,
    interaction_half, breadth_half and worst_delay."""
    health = np.full((5, given.shape[1]), np.nan)
    for row in range(given.shape[1]):
        orders, periods, streak, depth, late, delay, products, categories = given[:, row]
        loyal = periods + min(streak / scales[0], 1.0) + min((orders - 1.0) / scales[1], 1.0)
        bought = categories if math.isnan(products) else products
        health[1, row] = min(loyal * (100 / 3), 100.0)
        health[2, row] = half_at(depth, scales[2])
        health[3, row] = half_at(bought, scales[3]) if orders > 0 else np.nan
        health[4, row] = 100.0 - 50.0 * late - 50.0 * min(max(delay / scales[4], 0.0), 1.0)
        total = counted = 0.0
        for part in range(4):
            if not math.isnan(health[1 + part, row]):
                total += weights[part] * health[1 + part, row]
                counted += weights[part]
        if counted > 0:
            health[0, row] = min(total / counted, 100.0)
    return health


@njit(cache=True, nogil=True, error_model="numpy")
def smaller(first: float, second: float, third: float, spread: float) -> float:
    """How many standard errors the last three orders lie below the average order: (1 − mean ratio) √3 / spread."""
    return (3.0 - (first + second + third)) / (ROOT * spread) if spread > 0 else NOTHING


@njit(cache=True, nogil=True, error_model="numpy")
def fall(quarter: float, half: float, year: float, least_season: float) -> float:
    """The stronger evidence of a fall over 91 and 182 days; none where the same days of last year tell otherwise."""
    lower = half if math.isnan(quarter) or half < quarter else quarter
    return max(lower, 0.5) if year >= least_season else lower


@njit(cache=True, nogil=True, error_model="numpy")
def mix(age: float, categories: float, new: float) -> float:
    """Of the categories bought, the share that is new in 91 days, for who has bought for twice as long."""
    return new / max(categories, 1.0) if age >= HALF_A_YEAR else NOTHING


@njit(cache=True, nogil=True, error_model="numpy")
def measure(x: Floats, told: Floats, limits: Limits) -> None:
    """Writes the number of every sign of one customer in the order of `signs.SIGNS`, nan where it cannot be told."""
    below = smaller(x[4], x[5], x[6], x[7])
    told[0] = x[0]
    told[1] = x[1]
    told[2] = x[3] if x[2] >= limits.quotes else np.nan
    told[3] = below
    told[4] = -below
    told[5] = fall(x[1], x[8], x[9], limits.season)
    told[6] = x[10]
    told[7] = x[10]
    told[8] = mix(x[11], x[12], x[13])
    told[9] = x[14]
    told[10] = x[15]
    told[11] = x[17] if x[16] >= limits.touches else np.nan
    told[12] = x[18]
    told[13] = x[19]
    told[14] = x[20]
    told[15] = x[22] if x[21] <= YEAR else np.nan
    told[16] = x[23]


@njit(cache=True, nogil=True, error_model="numpy")
def scanned(given: Floats, steps: Floats, limits: Limits) -> tuple[NDArray[np.bool_], Floats]:
    """Which signs show, (17, n), and the levels of the rules, (3, n), nan where they cannot be told.

    `given` are RISK_INPUTS (28, n); `steps` (3, 17) direction, watch and alert: a sign shows where direction × number
    reaches watch, strongly where it reaches alert.
    """
    count = given.shape[1]
    shown, levels = np.zeros((SIGNS, count), np.bool_), np.full((3, count), np.nan)
    told = np.empty(SIGNS)
    for row in range(count):
        x = given[:, row]
        measure(x, told, limits)
        worst, points, known = np.zeros(3), np.zeros(3), np.zeros(3)
        for sign in range(SIGNS):
            rule = 0 if sign < CHANGE else 1 if sign < WEAKNESS else 2
            number = steps[0, sign] * told[sign]
            severity = (number >= steps[1, sign]) + (number >= steps[2, sign])
            shown[sign, row] = severity > 0
            worst[rule] = max(worst[rule], severity)
            points[rule] += severity
            known[rule] += not math.isnan(number)
        if x[25] <= limits.silence:
            interest = x[27] > 0 or (x[26] > 0 and x[18] >= limits.interest)
            if x[24] >= limits.orders[0] and known[0] > 0 and x[26] >= 0:
                levels[0, row] = worst[0] if interest else 0.0
            if x[24] >= limits.orders[1] and known[1] > 0:
                levels[1, row] = worst[1]
            if x[24] >= limits.orders[2] and known[2] >= limits.signs:
                levels[2, row] = (points[2] >= limits.watch_points) + (points[2] >= limits.alert_points)
    return shown, levels
