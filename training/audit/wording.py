"""What is said of a suspect: why it is one, and what to do."""

import math

from features.feature import Words
from training.audit.scan import Finding

HAPPENED: dict[tuple[str, str], str] = {
    ("lifetime_value", "window"): "brought money within {days} days",
    ("lifetime_value", "later"): "brought money by the training cutoff",
    ("lifetime_value", "money"): "brought money within {days} days",
    ("conversion", "window"): "converted within {days} days",
    ("conversion", "later"): "converted by the training cutoff",
    ("churn", "window"): "bought nothing within {days} days",
    ("churn", "later"): "never bought again by the training cutoff",
}

TELLING = 0.8
"""Of a suspect's lead over chance, what being known must account for to be named as the reason."""


def reason(target: str, finding: Finding, days: int, honest: Words | None) -> str:
    """Why a feature is too good to be true, in one sentence; `honest` is the title of the best honest feature."""
    happened = HAPPENED[target, finding.strength.outcome].format(days=days)
    told = [_known(finding, happened)] if _tells_by_being_known(finding) else []
    parts = [*told, _alone(finding, happened), _beside(finding, honest), *_among_alike(finding), *_ground(finding)]
    return "; ".join(parts)


def advice(finding: Finding, family: str) -> str:
    """What to do about it, by where the column comes from."""
    if family != "profile":
        return (
            "Check when the events behind it are entered: give them the time they became known (known_time), "
            "or leave their type out of the book."
        )
    if finding.ground == "undated":
        return (
            "Check when it is filled in. Give it a known_time in the book, so that the past does not see it, or "
            "remove the column."
        )
    return (
        "Check that its known_time is when the value was filled in, not when the customer was entered; correct it, "
        "or remove the column from the book."
    )


def _tells_by_being_known(finding: Finding) -> bool:
    if finding.strength.outcome == "money":
        return False
    lead = abs(finding.known_if - finding.known_else) / 2.0
    return lead >= TELLING * (finding.strength.figure - 0.5)


def _known(finding: Finding, happened: str) -> str:
    known, others = (f"{100 * share:.0f} %" for share in (finding.known_if, finding.known_else))
    return f"known for {known} of those who {happened} and {others} of the others"


def _alone(finding: Finding, happened: str) -> str:
    figure = f"{100 * finding.strength.figure:.0f}"
    if finding.strength.outcome == "money":
        return f"alone it reaches {figure} % of the perfect order of the money"
    told = "" if _tells_by_being_known(finding) else f" of one who {happened} and one who did not"
    return f"alone it ranks {figure} of 100 pairs{told} rightly"


def _beside(finding: Finding, honest: Words | None) -> str:
    if honest is None:
        return "no honest feature tells anything"
    name = honest.en.partition(";")[0]
    return f"the best honest feature ({name[:1].lower()}{name[1:]}) reaches {100 * finding.honest.figure:.0f}"


def _among_alike(finding: Finding) -> list[str]:
    if math.isnan(finding.among_alike):
        return []
    figure = f"{100 * finding.among_alike:.0f}"
    return [f"among customers alike in recency, frequency and money it still ranks {figure} of 100 rightly"]


def _ground(finding: Finding) -> list[str]:
    if finding.ground == "undated":
        return ["the book does not say when its values became known"]
    return ["it says next to nothing of those who are asked about now"] if finding.ground == "faded" else []
