"""Every feature, declared once: columns, their order, the documentation and the reasons come from here."""

from features.families.cadence import CADENCE
from features.families.calendar import CALENDAR
from features.families.engagement import ENGAGEMENT
from features.families.purchases import PURCHASES
from features.families.relationship import RELATIONSHIP
from features.families.sequences import SEQUENCES
from features.families.touches import TOUCHES
from features.families.trends import TRENDS
from features.families.windows import WINDOW_FAMILY
from features.feature import Family, Feature, Words

__all__ = ["CATALOG", "FAMILIES", "NAMES", "Family", "Feature", "Words", "markdown"]

FAMILIES = (
    PURCHASES,
    CADENCE,
    WINDOW_FAMILY,
    TRENDS,
    SEQUENCES,
    CALENDAR,
    TOUCHES,
    ENGAGEMENT,
    RELATIONSHIP,
)

CATALOG: tuple[Feature, ...] = tuple(feature for family in FAMILIES for feature in family.features)
NAMES: tuple[str, ...] = tuple(feature.name for feature in CATALOG)


def markdown() -> str:
    """The catalogue as a Markdown page, one table per family."""
    count = f"{len(CATALOG)} features in {len(FAMILIES)} families; a book's profile columns come on top."
    return "\n".join(["# Features", "", count, *(line for family in FAMILIES for line in section(family))])


def section(family: Family) -> list[str]:
    """One family as Markdown lines: a heading and a table."""
    return [
        "",
        f"## {family.title.en} · {family.title.zh}",
        "",
        "| feature | unit | meaning | 含义 | high | 高 | low | 低 |",
        "|---|---|---|---|---|---|---|---|",
        *(table_row(feature) for feature in family.features),
    ]


def table_row(feature: Feature) -> str:
    """One feature as a row of a Markdown table."""
    words = (feature.meaning, feature.high, feature.low)
    texts = [text for pair in words for text in (pair.en, pair.zh)]
    return "| " + " | ".join([f"`{feature.name}`", feature.unit, *texts]) + " |"
