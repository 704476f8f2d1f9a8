"""What the page and the terminal say of a family's worth."""

import math

from evaluation.ablation.result import Ablation
from evaluation.ablation.worth import Worth
from evaluation.wording import TARGETS
from features.catalog import TITLES

MEASURED = {"lifetime_value": "normalized_gini", "conversion": "auc", "churn": "auc"}
"""The metric that is shown of the judged cutoff; the JSON file has them all."""

BEYOND = "everything but purchases"
LUCK = "another seed"


def percent(share: float) -> str:
    """A share of what the trees learn, signed."""
    return "–" if math.isnan(share) else f"{100 * share:+.1f} %".replace("-", "−")


def between(worth: Worth) -> str:
    """Its interval."""
    return f"{percent(worth.low)} to {percent(worth.high)}"


def title(worth: Worth) -> str:
    """What was left out or added."""
    if worth.way == "reseeded":
        return LUCK
    return TITLES[worth.family].en if worth.family else BEYOND


def conclusion(ablation: Ablation, family: str) -> str:
    """Where a family is worth something, and in which way: separably, and more than another seed changes."""
    luck = {row.target: abs(row.share) for row in ablation.worths if row.way == "reseeded"}
    rows = [row for row in ablation.worths if row.family == family and row.low > 0 and row.share > luck[row.target]]
    told = [
        f"{words} {_listed([row for row in rows if row.way == way])}"
        for way, words in (("left_out", "missed by"), ("added", "adds to purchases for"))
        if any(row.way == way for row in rows)
    ]
    return "; ".join(told) or "nothing beyond luck"


def _listed(rows: list[Worth]) -> str:
    return " and ".join(TARGETS[row.target].title.lower() for row in rows)
