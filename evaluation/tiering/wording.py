"""What the terminal and the page say of tiers."""

import math
from collections.abc import Iterator

from evaluation.interval import Estimate
from evaluation.overridden import Overridden, Split
from evaluation.tiering.outcomes import Name
from evaluation.tiering.result import Direction, Tiering
from evaluation.tiering.told import Event

METRICS: dict[Name, str] = {
    "repurchase": "Bought again",
    "churn": "Churned",
    "value": "Mean value",
    "nps": "NPS",
    "csat": "CSAT",
}
DIRECTIONS: dict[Direction, str] = {"up": "Moved up", "stayed": "Stayed", "down": "Moved down"}
EVENTS: dict[Event, str] = {"rises": "rises", "stays": "keeps the tier", "falls": "falls"}
SPLITS: dict[Split, str] = {"all": "all overrides", "raised": "raised", "lowered": "lowered"}
CAVEAT = (
    "A move follows what customers did, and so do the figures before it: whoever happened to do very well or badly "
    "moved for it, and is nearer to the average afterwards in any tier (regression to the mean). The difference is no "
    "effect of the tier."
)
NO_OVERRIDES = "None on record: nobody has set a tier by hand."


def shown(found: Tiering) -> list[Name]:
    """The figures that the book has: without surveys neither NPS nor CSAT."""
    return [name for name in METRICS if found.surveys or name not in ("nps", "csat")]


def surveys(found: Tiering) -> str:
    """Whence NPS and CSAT come, in plain words."""
    if not found.surveys:
        return "The book has no survey, so there is neither NPS nor CSAT."
    if len(found.surveys) == 1:
        return (
            f'The book has one survey question ("{found.surveys[0]}"), so NPS and CSAT come from the same answers: '
            "they are two readings of one thing."
        )
    return f"NPS and CSAT come from the answers to all surveys together: {', '.join(found.surveys)}."


def titled(name: Name, currency: str) -> str:
    """What a figure is called, with its currency."""
    return f"{METRICS[name]}, {currency}" if name == "value" else METRICS[name]


def figure(name: Name, value: float) -> str:
    """A figure in its own unit; money of 1,000 and more without its cents."""
    if math.isnan(value):
        return "–"
    if name == "value":
        return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:,.2f}"
    if name == "nps":
        return f"{100 * value:.0f}".replace("-", "−")
    return f"{value:.1f}" if name == "csat" else percent(value)


def difference(name: Name, value: float) -> str:
    """A difference of figures with its sign; shares in percentage points."""
    if math.isnan(value):
        return "–"
    sign = "−" if value < 0 else "+"
    size = f"{100 * abs(value):.1f} pp" if name in ("repurchase", "churn") else figure(name, abs(value))
    return f"{sign}{size}"


def between(name: Name, estimate: Estimate) -> str:
    """Its interval; empty where there is none."""
    if math.isnan(estimate.low):
        return ""
    return f"{figure(name, estimate.low)} to {figure(name, estimate.high)}"


def difference_between(name: Name, estimate: Estimate) -> str:
    """The interval of a difference; empty where there is none."""
    if math.isnan(estimate.low):
        return ""
    return f"{difference(name, estimate.low)} to {difference(name, estimate.high)}"


def percent(share: float) -> str:
    """A share of one."""
    return "–" if math.isnan(share) else f"{share:.1%}"


def number(value: float) -> str:
    """Three digits."""
    return "–" if math.isnan(value) else f"{value:.3f}".replace("-", "−")


def reliability(found: Tiering) -> str:
    """How reliable the chances of the next review were, in a sentence or two."""
    told = found.reliability
    if told is None:
        return "No plan told chances of the next review, or no next review is on record."
    skill = f"{number(told.skill.value)} ({number(told.skill.low)} to {number(told.skill.high)})"
    return (
        f"{percent(told.stayed)} of {told.n:,} customers at reviews had the same tier 30 days later. The chances told "
        f'are better than "everybody stays" by a Brier skill of {skill}, and off by '
        f"{percent(told.calibration['tiers'])} on average over tiers (expected calibration error)."
    )


def overridden(row: Overridden) -> str:
    """How overridden accounts did, in a sentence."""
    if row.verdict == "too few to tell":
        return f"{row.n:,} accounts of {row.customers:,} customers, {row.peers:,} peers: too few to tell."
    against = row.against_peers
    return (
        f"{row.n:,} accounts brought {row.ratio.value:.2f} of what was predicted, their {row.peers:,} peers "
        f"{row.peers_ratio.value:.2f}: {row.verdict} ({against.value:.2f} times, {against.low:.2f} to "
        f"{against.high:.2f})."
    )


def lines(found: Tiering) -> Iterator[str]:
    """What stands below the tables."""
    yield CAVEAT
    yield surveys(found)
    yield reliability(found)
    if not found.overridden:
        yield f"Overrides: {NO_OVERRIDES}"
    for row in found.overridden:
        yield f"Overrides, {SPLITS[row.split]}: {overridden(row)}"
