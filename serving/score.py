"""The whole book: every customer's scores, the plan that cuts the tiers, one row per customer in a file."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from data.histories import Histories
from serving.degraded import UNKNOWN_CUSTOMER
from serving.engine import Engine
from serving.figures import Language
from serving.ledger.standing import Assigned
from serving.plan import Plan
from serving.recommendation import Recommendation, to_json
from serving.sheet import COLUMNS, PLAIN, Row, open_sheet
from serving.tiers.fit import fit, needed
from serving.tiers.gather import gather
from serving.tiers.ladder import TIERS

CHUNK = 512

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Written:
    """How many `customers` have a row, and how many of those on record each tier has, by name."""

    customers: int
    tiers: dict[str, int]


def fit_plan(engine: Engine, cutoff: int, advance: Advance) -> Plan:
    """The plan of everybody who has an event by the cutoff (µs). Raises PlanError where nobody has."""
    bundle = engine.bundle
    found = gather(chunks(engine), cutoff, bundle, needed(engine.book, bundle), advance)
    return fit(found, engine.book, bundle, cutoff, previous=engine.ledger.previous(cutoff))


def write_scores(
    engine: Engine,
    plan: Plan,
    cutoff: int,
    file: Path,
    *,
    language: Language,
    advance: Advance,
) -> Written:
    """Writes a row for every customer of the book and answers what was written; the file appears whole or not
    at all, and then the ledger keeps the tiers. Raises ServingError for a file that is neither .parquet nor .csv."""
    written = 0
    assigned: list[Assigned] = []
    with open_sheet(file) as sheet:
        for histories in chunks(engine):
            answers = engine.recommend(histories, cutoff, plan, language)
            sheet.write([row(answer) for answer in answers])
            assigned += [_assigned(answer) for answer in answers if UNKNOWN_CUSTOMER.code not in answer.degraded]
            written += len(answers)
            advance(len(answers))
    engine.ledger.write_tiers(cutoff, plan.version, engine.bundle.version, assigned)
    held = Counter(tier for _, tier, _ in assigned)
    return Written(written, {tier: held[tier] for tier in TIERS})


def _assigned(answer: Recommendation) -> Assigned:
    assert answer.tier
    return answer.customer_id, answer.tier.name, answer.tier.held


def chunks(engine: Engine) -> Iterator[Histories]:
    """The book's histories bucket by bucket, some hundred customers at a time."""
    for histories in engine.store.each():
        for start in range(0, len(histories), CHUNK):
            yield histories.select(range(start, min(start + CHUNK, len(histories))))


def row(answer: Recommendation) -> Row:
    """The fields of the HTTP answer; nested ones as JSON text."""
    plain = answer.to_dict()
    return {name: plain[name] if name in PLAIN else to_json(plain[name]) for name in COLUMNS}
