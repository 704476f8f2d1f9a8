"""What honest features reach alone: recency, frequency and money, which no feature beats by far without a reason."""

from collections.abc import Sequence

from data.settings.book import Book

PURCHASES = ("last_order_age_days", "orders", "spend")
ACTIVITY = ("last_event_age_days", "events", "tenure_days")
OF_ROLE: dict[str, tuple[str, ...]] = {
    "return": ("last_return_age_days", "returns"),
    "payment": ("payments",),
    "inquiry": ("last_inquiry_age_days", "inquiries"),
    "quote": ("last_quote_age_days", "quotes"),
    "sample": ("last_sample_age_days", "samples"),
    "visit": ("last_visit_age_days", "visits"),
    "content": ("contents",),
    "touch": ("last_touch_age_days", "touches"),
    "response": ("last_response_age_days", "responses"),
    "meeting": ("last_meeting_age_days", "meetings"),
    "support": ("last_support_age_days", "support_tickets"),
    "survey": ("last_survey_age_days", "surveys"),
}
"""Recency and frequency of the events of a role: who did something lately will do it again."""


def honest_features(book: Book, target: str, speaking: Sequence[str]) -> tuple[str, ...]:
    """The columns that a target's features are measured against, of those that say anything.

    Purchases, or any activity where nobody has bought yet; for a conversion of another kind also what it repeats.
    """
    types = book.targets.conversion.types if target == "conversion" else ()
    own = [name for type_ in types for name in OF_ROLE.get(book.roles[type_], ())]
    bought = [name for name in PURCHASES if name in speaking]
    return tuple(name for name in dict.fromkeys((*(bought or ACTIVITY), *own)) if name in speaking)
