"""What the terminal and the page say of stability."""

import math

from evaluation.interval import Estimate
from evaluation.stability.result import LEAST_FOLLOWED, MOST_FLAPS, MOST_LOST, Followed, Stability, Who

NAMES: dict[Who, str] = {"ours": "With memory", "memoryless": "Without memory"}
ASKED: dict[str, str] = {
    "flaps": f"flaps: at most {MOST_FLAPS:.0%} of those without memory",
    "captured": f"value captured: at most {MOST_LOST:.0%} lost",
    "seats": "seats: never more customers than seats",
    "followed": f"changes for good: {LEAST_FOLLOWED:.0%} followed within two months",
}
CHANGES: dict[str, str] = {
    "all": "all changes",
    "< 2×": "true value changed less than 2 times",
    "2–4×": "2 to 4 times",
    "≥ 4×": "4 times or more",
}


def percent(share: float) -> str:
    """A share of one; small ones with a digit more."""
    if math.isnan(share):
        return "–"
    return (f"{share:.2%}" if abs(share) < 0.01 and share else f"{share:.1%}").replace("-", "−")


def between(estimate: Estimate) -> str:
    """Its interval; empty where there is none."""
    return "" if math.isnan(estimate.low) else f"{percent(estimate.low)} to {percent(estimate.high)}"


def flaps_told(found: Stability) -> str:
    """The flaps beside those of the memoryless policy."""
    theirs = found.flaps("memoryless")
    if not theirs:
        return "Without memory no tier flapped at all."
    return f"{found.flaps('ours'):,} flaps instead of {theirs:,}: {percent(found.flaps_share)} of them."


def seats_told(found: Stability) -> str:
    """Whether seats were kept."""
    if found.over is None:
        return "The policy shares out no seats."
    if found.over == 0:
        return "At no review had a tier more customers than seats."
    return f"{found.over:,} customers stood beyond the seats of their tier."


def followed_told(found: Stability) -> str:
    """How many changes for good were followed; that nobody knows where the truth is not told."""
    if found.whole is None:
        return "Whose value changed for good is known of simulated customers at ends of months alone."
    return f"{percent(found.whole.share.value)} of {found.whole.n:,} changes for good were followed within two months."


def verdict(found: Stability, name: str) -> str:
    """Whether something that is asked holds."""
    return "met" if found.met[name] else "not met"


def of_change(row: Followed) -> str:
    """By how much the true value changed."""
    return CHANGES[row.change]
