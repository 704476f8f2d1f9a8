"""What the terminal and the page say of policies."""

import math

from evaluation.policies.ranking import NAMES, PAST
from evaluation.policies.result import Care, Difference, Figure, Proof, Span, Verdict

SPANS: dict[Span, str] = {"pooled": "all cutoffs together", "judged": "the judged cutoff alone", "care": "care"}

VERDICTS: dict[Verdict, str] = {
    "better": "hold separably more than those by",
    "worse": "hold separably less than those by",
    "no separable difference": "cannot be told from those by",
}

CAVEATS = (
    "Captured value assumes nothing about causes: it is the money that came from the customers whom a policy would "
    "have chosen. It does not say that choosing them would have brought any of it.",
    "Profit rests on assumptions: how much each service adds is the range in the book's settings, not a measurement. "
    "The bands show what follows from either end of that range.",
    "The customers of the past were already treated by somebody's tiers, whatever they were: whom account managers "
    "favoured then brought more for that reason too.",
)
CARE_CAVEAT = (
    "These customers are simulated, and no model has seen them: the effect of care is known of each of them. It shows "
    "what choosing well is worth in that world; it says nothing of yours."
)


def name(policy: str, days: int) -> str:
    """What a policy is called; that of recent spend names the horizon."""
    return NAMES[policy].en.replace("{days}", str(days))


def percent(share: float) -> str:
    """A share with a decimal."""
    return "–" if math.isnan(share) else f"{100 * share:.1f} %".replace("-", "−")


def share(value: float) -> str:
    """Three digits."""
    return "–" if math.isnan(value) else f"{value:.3f}".replace("-", "−")


def difference(value: float) -> str:
    """Three digits and a sign."""
    return "–" if math.isnan(value) else f"{value:+.3f}".replace("-", "−")


def money(value: float) -> str:
    """Whole units of the currency."""
    return "–" if math.isnan(value) else f"{value:,.0f}".replace("-", "−")


def signed_money(value: float) -> str:
    """Whole units of the currency and a sign."""
    return "–" if math.isnan(value) else f"{value:+,.0f}".replace("-", "−")


def told(measure: str, value: float) -> str:
    """A figure of a measure."""
    return money(value) if measure.startswith(("profit", "gain", "realised", "expected")) else share(value)


def told_difference(measure: str, value: float) -> str:
    """A difference in a measure."""
    return signed_money(value) if measure.startswith("profit") else difference(value)


def between(row: Figure) -> str:
    """Its interval."""
    return "" if math.isnan(row.low) else f"{told(row.measure, row.low)} to {told(row.measure, row.high)}"


def difference_between(row: Difference) -> str:
    """Its interval, with signs."""
    if math.isnan(row.low):
        return ""
    return f"{told_difference(row.measure, row.low)} to {told_difference(row.measure, row.high)}"


def care_column(measure: str) -> str:
    """What a column of the table of care is called."""
    kind, top = measure.rsplit("_", 1)
    return f"{kind}, top {top} %"


def ratio_of(row: Figure, days: int) -> str:
    """What a ratio of regrets is the ratio of."""
    top = row.measure.rsplit("_", 1)[1]
    return f"Regret of {name(row.policy, days)} / of {name(PAST, days)}, top {top} %"


def care_title(care: Care) -> str:
    """Whose care was judged, and when."""
    days = listed([f"{each.cutoff} ({each.customers:,} customers)" for each in care.quarters])
    return (
        f"Care in the quarters after {days}, judged by the truth; taught by {care.taught:,} of "
        f"{care.customers:,} customers, asked of the others; realised and expected: profit per chosen customer"
    )


def sentence(found: Proof) -> str:
    """The whole in a sentence: how the expected-profit policy stands at the top 20 %."""
    span = found.spans[0]
    rows = list(found.between(span, "captured_20", "expected_profit"))
    parts = []
    for verdict, words in VERDICTS.items():
        named = [name(row.other, found.horizon_days) for row in rows if row.verdict == verdict]
        if named:
            parts.append(f"{words} {listed(named)}")
    if not parts:
        return "Nobody brought anything, so no policy can be told from another."
    return f"The top 20 % by expected profit {'; '.join(parts)} ({SPANS[span]}, 95 % intervals)."


def listed(names: list[str]) -> str:
    """An enumeration."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
