"""What the page and the terminal say of a signal's worth."""

import math

from evaluation.interval import Estimate
from evaluation.signals.figures import HalfLife, SignalWorth, Verdict
from evaluation.signals.worth import LEAST_LIFT

VERDICTS: dict[Verdict, str] = {
    "works": "works",
    "lowers": "lowers",
    "no_separable_lift": "no separable lift",
    "too_rare": "not measurable",
}
MEANINGS: dict[Verdict, str] = {
    "works": "Who shows it converts more often than others as active: the whole interval lies above 1, and the "
    f"ratio is at least {LEAST_LIFT}.",
    "lowers": "Who shows it converts less often than others as active: the whole interval lies below 1, and the "
    f"ratio is at most 1/{LEAST_LIFT}.",
    "no_separable_lift": "What it shows, plain activity shows as well, as far as these cases can tell.",
    "too_rare": "Too few cases, with it or without it, for any interval to be honest.",
}
PEOPLE = {
    "everyone": "customers",
    "buyers": "customers who had bought before",
    "prospects": "customers who had not bought yet",
}


def ratio(value: float) -> str:
    """How many times as often."""
    if math.isnan(value):
        return "–"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def percent(share: float) -> str:
    """A share of one; small ones with a digit more."""
    if math.isnan(share):
        return "–"
    return f"{share:.2%}" if 0 < share < 0.01 else f"{share:.1%}"


def between(estimate: Estimate) -> str:
    """The interval of a ratio; empty where there is none."""
    return "" if math.isnan(estimate.low) else f"{ratio(estimate.low)} – {ratio(estimate.high)}"


def half_life(found: HalfLife) -> str:
    """The half-life in days, or a dash."""
    return "–" if found.reason else f"{found.days.value:.0f} days"


def half_life_between(found: HalfLife) -> str:
    """The interval of the half-life in days; empty where there is none."""
    return "" if found.reason else f"{found.days.low:.0f} – {found.days.high:.0f}"


def fading(found: HalfLife) -> str:
    """What is known of the half-life, in a sentence."""
    if found.reason:
        return f"Half-life not measurable: {found.reason}."
    days = found.days
    return f"Half of the excess is gone after {days.value:.0f} days ({days.low:.0f} to {days.high:.0f})."


def conclusion(worth: SignalWorth) -> str:
    """What to make of a signal, in a sentence or two."""
    if worth.verdict == "too_rare":
        return f"{worth.reason}.".capitalize()
    found, converts = worth.comparable_lift, worth.converts
    rates = (
        f"{percent(converts.shown_rate)} of those who showed it converted, {percent(converts.asked_rate)} of all asked"
    )
    if worth.verdict != "no_separable_lift":
        return f"{rates}. {fading(worth.half_life)}"
    if found.low <= 1.0 <= found.high:
        return f"{rates}, but equally active customers without it may do as well: 1 lies in the interval."
    return f"{rates}, but equally active customers without it do nearly as well: a gap this small may be activity too."
