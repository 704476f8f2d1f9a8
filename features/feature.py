"""What a feature is: its name, its unit and how people speak of it."""

from dataclasses import dataclass

UNITS = ("money", "orders", "days", "count", "share", "ratio", "number", "pattern", "category")


@dataclass(frozen=True)
class Words:
    """The same words in English and in Chinese."""

    en: str
    zh: str


@dataclass(frozen=True)
class Feature:
    """One column of the feature table.

    `unit` is one of UNITS: money is in the book's currency, a share lies between 0 and 1, a ratio has no
    upper end, a pattern is a coordinate whose size says nothing to people, a category is the code of a level.
    `high` and `low` are short clauses that stand before the value in a sentence, as in "Orders often: 12 orders";
    they state what was seen, so that the value is true of them, and claim no cause. No two features share their
    words. What follows a semicolon in `meaning` says how the value is counted or when there is one. `turn` is
    where high turns into low for words that compare customers with themselves ("more than half", "most of the
    weeks"); without one the words compare with the typical customer. The words of a category are its meaning.
    `zero` stands instead of words and number where the value is 0, as in "No orders in the last 30 days".
    """

    name: str
    family: str
    unit: str
    meaning: Words
    high: Words
    low: Words
    turn: float | None = None
    zero: Words | None = None


@dataclass(frozen=True)
class Family:
    """Features that belong together, and the title people know them by."""

    name: str
    title: Words
    features: tuple[Feature, ...]
