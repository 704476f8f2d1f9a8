"""What the page and the terminal say of an audit."""

import math

from data.errors import listed
from evaluation.audit.planted import Planted
from evaluation.audit.result import Audit
from evaluation.audit.shuffled import Shuffle
from evaluation.audit.times import Check
from training.audit.outcomes import Kind

OUTCOMES: dict[tuple[str, Kind], str] = {
    ("lifetime_value", "window"): "Who brings any money in the horizon",
    ("lifetime_value", "later"): "Who brings any money by the training cutoff",
    ("lifetime_value", "money"): "How much money",
    ("conversion", "window"): "Who converts in the horizon",
    ("conversion", "later"): "Who converts by the training cutoff",
    ("churn", "window"): "Who buys nothing in the horizon",
    ("churn", "later"): "Who never buys again by the training cutoff",
}
LEAKS = {
    "copy": "a noisy copy of the label",
    "filled_in": "a column known for 97 % of those to whom it happened and 2 % of the others",
}
RULES: dict[str, str] = {
    "windows_ended": "Every label that is learnt from was complete by the training cutoff",
    "features_keep_to_the_past": "No feature changes when all that was not known yet is taken away",
    "labels_keep_to_the_future": "No label changes when everything before its window is turned into large purchases",
}
BROKEN: dict[str, str] = {
    "windows_ended": "still open",
    "features_keep_to_the_past": "changed",
    "labels_keep_to_the_future": "changed",
}


def verdict(audit: Audit) -> str:
    """The whole audit in a sentence or two."""
    suspects = len({suspect.feature for suspect in audit.suspects})
    features = "1 suspect" if suspects == 1 else f"{suspects} suspects" if suspects else "No suspects"
    tried = len(audit.shuffles) + len(audit.planted) + len(audit.checks)
    wires = f"{audit.tripped} of {tried} fail" if audit.tripped else f"all {tried} hold"
    return f"{features} among {len(audit.spec.names)} features. Tripwires and checks of time: {wires}."


def passed(held: bool) -> str:
    """How a tripwire ended."""
    return "holds" if held else "fails"


def shuffle(row: Shuffle) -> str:
    """What was learnt of shuffled labels."""
    if math.isnan(row.value):
        return f"too few to tell: {row.n:,} customers, or all alike"
    chance = "0 is chance" if row.target == "lifetime_value" else ".5 is chance"
    metric = "nGini" if row.target == "lifetime_value" else "AUC"
    return f"{metric} {figure(row.value)} ({figure(row.low)} to {figure(row.high)}); {chance}"


def planted(row: Planted) -> str:
    """What became of a planted leak."""
    told = f"named; alone it reaches {figure(row.figure)}" if row.named else f"not named at {figure(row.figure)}"
    return f"{told}, but so were {listed(row.others)}" if row.others else told


def check(row: Check) -> str:
    """What a check of time found."""
    return f"{row.cases:,} cases" + (f"; {BROKEN[row.rule]}: {listed(row.broken)}" if row.broken else "")


def figure(value: float) -> str:
    """A figure of three decimals."""
    return f"{value:.3f}".replace("-", "−")
