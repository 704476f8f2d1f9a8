"""What the page, the card and the terminal say of reasons and of how stable they are."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evaluation import wording
from evaluation.interval import Estimate
from evaluation.reasons.result import Grounds
from evaluation.reasons.stability import Stability
from evaluation.views.drivers import size_told
from serving.figures import percent

Write = Callable[[float], str]

SHARES: Mapping[str, str] = {
    "same_group": "The strongest group is the same",
    "same_sign": "The strongest group pulls the same way",
    "same_feature": "The strongest feature is the same",
    "same_three": "Of the three strongest features, the same",
}
LIKENESSES: Mapping[str, str] = {
    "group_cosine": "Contributions of all groups, cosine",
    "feature_cosine": "Contributions of all features, cosine",
    "group_order": "Order of the groups over the book, rank correlation",
    "feature_order": "Order of the features over the book, rank correlation",
}
MOVES: Mapping[str, str] = {
    "moved": "Scores that moved by more than a tenth of themselves",
    "median_move": "Median move of a score, as a share of it",
}
MEAN_MOVE = "Mean move of a score, in its unit"

NEARLY_ALL = 0.995
SURE = 0.95
"""(ours) From this share on a direction is said to hold."""
UNSURE = 0.75
"""(ours) Below this share the first place is said to change."""
MANY = 0.25
"""(ours) Above this share scores are said to move."""

PEOPLE = {"everyone": "everybody with an event", "buyers": "those who bought", "prospects": "those who never bought"}
MODELS = {
    "lifetime_value": "Lifetime value",
    "losses": "What is taken off value",
    "conversion": "Conversion",
    "churn": "Churn",
}

TOGETHER = {
    1: "Taken together, groups are surely steadier than single features",
    0: "Taken together, groups are about as steady as single features",
    -1: "Taken together, single features are surely steadier than groups",
}
LEADING = {
    1: "the leading group changes surely less often than the leading feature",
    0: "the leading group changes about as often as the leading feature",
    -1: "the leading group changes surely more often than the leading feature",
}

IS_AND_IS_NOT = (
    "They are exact: the starting point and all contributions add up to the score, customer by customer.",
    "They are the model's own attributions (TreeSHAP on the scale on which the model adds up, log or log-odds), "
    "re-expressed in the unit of the score. That is not the Shapley value of the money or of the probability itself.",
    "The starting point is what the model says before it looks at the customer, carried into the unit of the score. It "
    "is not the average of the book.",
    "They explain the score, not the world. A contribution does not say that one thing causes another, nor what "
    "would happen if it were changed.",
    "Features that say the same share their weight between them, more or less by chance; so read groups first.",
)


@dataclass(frozen=True)
class Row:
    """One figure of every target, as text: its value and its interval; empty where it is not defined."""

    title: str
    cells: tuple[tuple[str, str], ...]


def rows(found: Grounds) -> list[Row]:
    """Every figure of stability, a row each."""
    as_shares = {**SHARES, **MOVES}
    told = [_row(found, name, title, share) for name, title in as_shares.items()]
    told.append(Row(MEAN_MOVE, tuple(_in_unit(found, seen) for seen in found.stabilities)))
    return [*told, *(_row(found, name, title, figure) for name, title in LIKENESSES.items())]


def share(value: float) -> str:
    """A share as percent; `–` where undefined."""
    return percent(value) if math.isfinite(value) else "–"


def figure(value: float) -> str:
    """A likeness of three decimals, never rounded up to 1."""
    if not math.isfinite(value):
        return "–"
    return f"{math.floor(value * 1000) / 1000:.3f}".replace("-", "−")


def of_a_hundred(estimate: Estimate) -> str:
    """How many of a hundred customers, with the interval."""
    if estimate.value >= NEARLY_ALL:
        return "all customers" if estimate.value == 1.0 else "more than 99 of 100 customers"
    value, low, high = (100 * end for end in (estimate.value, estimate.low, estimate.high))
    return f"{value:.0f} of 100 customers ({low:.0f} to {high:.0f})"


def told(seen: Stability) -> str:
    """What another seed keeps of the reasons of one target."""
    return (
        f"the strongest group stays the same for {of_a_hundred(seen.same_group)} and pulls the same way for "
        f"{of_a_hundred(seen.same_sign)}; the strongest single feature stays for {of_a_hundred(seen.same_feature)}."
    )


def verdict(seen: Stability) -> str:
    """Whether groups are steadier than single features, as far as that was measured."""
    return f"{TOGETHER[_side(seen.closer)]}; {LEADING[_side(seen.firmer)]}."


def moved(found: Grounds, seen: Stability) -> str:
    """How far the scores themselves moved."""
    size = size_told(seen.target, seen.mean_move.value, found.bundle.currency)
    many = of_a_hundred(seen.moved)
    return f"The score itself moved by {size} on average, and for {many} by more than a tenth of itself."


def advice(found: Grounds) -> list[str]:
    """What to trust, each sentence only where it was measured."""
    seen = found.stabilities
    shown = []
    if all(part.same_sign.low >= SURE for part in seen):
        shown.append(
            "Trust the direction of the strongest group: another seed turns it round for fewer than "
            f"{100 - 100 * SURE:.0f} of 100 customers."
        )
    if all(part.closer.low > 0 for part in seen):
        shown.append("Read groups before single features: by group, reasons differ less between two seeds.")
    unsure = [wording.TARGETS[part.target].title.lower() for part in seen if part.same_feature.high < UNSURE]
    if unsure:
        shown.append(
            f"Do not lean on which single feature comes first for {' and '.join(unsure)}: for more than a quarter of "
            "the customers another seed names another one."
        )
    moving = [wording.TARGETS[part.target].title.lower() for part in seen if part.moved.low > MANY]
    if moving:
        shown.append(
            f"Take a single customer's score of {' and '.join(moving)} as a rough figure: more than a quarter of them "
            "move by over a tenth with the seed alone."
        )
    return shown


def asks(found: Grounds, target: str) -> str:
    """The question that a target answers."""
    return wording.TARGETS[target].asks.format(days=found.bundle.horizons[target])


def event(found: Grounds) -> str:
    """What counts as a conversion."""
    return " or ".join(found.book.targets.conversion.types) or "any purchase"


def _row(found: Grounds, name: str, title: str, write: Write) -> Row:
    estimates = [seen.estimates()[name] for seen in found.stabilities]
    return Row(title, tuple(_cell(estimate, write) for estimate in estimates))


def _cell(estimate: Estimate, write: Write) -> tuple[str, str]:
    between = f"{write(estimate.low)} – {write(estimate.high)}" if math.isfinite(estimate.low) else ""
    return write(estimate.value), between


def _in_unit(found: Grounds, seen: Stability) -> tuple[str, str]:
    return _cell(seen.mean_move, lambda value: size_told(seen.target, value, found.bundle.currency))


def _side(difference: Estimate) -> int:
    """1 where surely more, −1 where surely less, else 0."""
    return int(difference.low > 0) - int(difference.high < 0)
