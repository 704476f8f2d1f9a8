"""Every feature, declared once: columns, their order, the documentation and the reasons come from here."""

from features.families.breadth import BREADTH
from features.families.cadence import CADENCE
from features.families.calendar import CALENDAR
from features.families.engagement import ENGAGEMENT
from features.families.evidence import EVIDENCE
from features.families.loyalty import LOYALTY
from features.families.payments import PAYMENTS
from features.families.purchases import PURCHASES
from features.families.relationship import RELATIONSHIP
from features.families.sequences import SEQUENCES
from features.families.sessions import SESSIONS
from features.families.stages import STAGES
from features.families.steps import STEPS
from features.families.touches import TOUCHES
from features.families.trends import TRENDS
from features.families.windows import WINDOW_FAMILY
from features.feature import Family, Feature, Words
from features.indicators import rows

__all__ = ["CATALOG", "FAMILIES", "NAMES", "TITLES", "Family", "Feature", "Words", "markdown"]

FAMILIES = (
    PURCHASES,
    BREADTH,
    CADENCE,
    WINDOW_FAMILY,
    TRENDS,
    EVIDENCE,
    SEQUENCES,
    STAGES,
    SESSIONS,
    STEPS,
    CALENDAR,
    TOUCHES,
    ENGAGEMENT,
    RELATIONSHIP,
    LOYALTY,
    PAYMENTS,
)

CATALOG: tuple[Feature, ...] = tuple(feature for family in FAMILIES for feature in family.features)
NAMES: tuple[str, ...] = tuple(feature.name for feature in CATALOG)
TITLES: dict[str, Words] = {
    **{family.name: family.title for family in FAMILIES},
    "signals": Words("Purchase signals", "购买信号"),
    "profile": Words("Profile", "客户资料"),
}
"""How families are called: those of the catalogue, and what a book adds."""


PREFACE = """
What the models see of a customer at a cutoff, from the events that had happened and were known by then.

- A window of so many days holds calendar days of the book's time zone, the cutoff's own day included.
- An order counts once, however many lines it has (only `events` counts lines). Without a value (nothing to divide
  by, a record too short) a feature is undefined, which is not 0.
- Events of one instant, as those of a day without clock times, stand in the order contact, response, visit, content,
  inquiry, meeting, quote, sample, purchase, payment, return, support, survey.
- "High" and "low" are how a reason words a value above or below the typical customer's, or, where the words
  compare customers with themselves, above or below the neutral point in the column "turn". A value of 0 and a
  value that cannot be told have words of their own: "Has not ordered yet", "too few orders to tell yet".
- The quantity of a payment is the days that it came after it was due, negative if before
  (`quantity = { days_from = "due", days_to = "paid" }`); the quantity of a survey answer is its score.
- Contacts are the people at the customer: the attribute `contact` of an event names one
  (`attributes = { contact = "contact_person" }`).

A book adds columns of its own: three for each of its signals (times so far, times within the window, days since
the last time; `signal_set = "trade"` or `"retail"` switches on a shipped set, `[[signals]]` adds rows), up to six
patterns in the order of events, learnt by training, and its profile: at a cutoff, the value known last. Human
ratings are profile columns with `known_time`, and `expires` or `valid_days`, after which they lapse.
"""


def markdown() -> str:
    """The catalogue as a Markdown page, one table per family."""
    count = f"{len(CATALOG)} features in {len(FAMILIES)} families."
    tables = "\n".join(line for family in FAMILIES for line in section(family))
    indicators = "\n".join(rows())
    return f"# Features\n\n{count}\n{PREFACE}\n{indicators}{tables}"


def section(family: Family) -> list[str]:
    """One family as Markdown lines: a heading and a table."""
    return [
        "",
        f"## {family.title.en} · {family.title.zh}",
        "",
        "| feature | unit | turn | meaning | 含义 | high | 高 | low | 低 |",
        "|---|---|---|---|---|---|---|---|---|",
        *(table_row(feature) for feature in family.features),
    ]


def table_row(feature: Feature) -> str:
    """One feature as a row of a Markdown table."""
    words = (feature.meaning, feature.high, feature.low)
    texts = [text for pair in words for text in (pair.en, pair.zh)]
    turn = "" if feature.turn is None else f"{feature.turn:g}"
    return "| " + " | ".join([f"`{feature.name}`", feature.unit, turn, *texts]) + " |"
