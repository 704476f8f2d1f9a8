"""What was recommended to a customer before, as it stands in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

from serving.engine import Engine
from serving.figures import Language
from serving.ledger.kept import Kept
from serving.pages.tone import chance, coin

MOST = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A kept recommendation in figures (texts); its id leads to the whole of it."""

    id: str
    day: str
    tier: str | None
    value: str
    conversion: str
    churn: str
    model: str


def rows(engine: Engine, history: Sequence[Kept], language: Language) -> list[Row]:
    """The latest recommendation of each day, the newest first."""
    found: dict[str, Row] = {}
    for each in history:
        day = engine.local_day(each.cutoff)
        row = Row(
            id=each.id,
            day=day,
            tier=each.tier,
            value=coin(each.lifetime_value, engine.bundle.currency, language),
            conversion=chance(each.conversion),
            churn=chance(each.churn),
            model=each.model_version,
        )
        found.setdefault(f"{day} {row.model} {row.tier}", row)
    return list(found.values())[:MOST]
