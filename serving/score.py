"""The whole book: every customer's scores, the plan that cuts the tiers, one row per customer in a file."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.histories import Histories
from serving.batch.job import Job, Part
from serving.batch.quarantine import one_by_one, write_quarantine
from serving.degraded import UNKNOWN_CUSTOMER
from serving.engine import Engine
from serving.errors import ServingError
from serving.figures import Language
from serving.ledger.decisions import Decisions
from serving.ledger.roster import Account
from serving.overview.overview import Overview
from serving.overview.survey import overview_of
from serving.plan import Plan, promote, stands
from serving.recommendation import Recommendation, to_json
from serving.sheet import COLUMNS, PLAIN, Row, open_sheet, require_place
from serving.tiers.fit import fit, needed
from serving.tiers.gather import Gathered, gather, joined
from serving.tiers.ladder import TIERS

CHUNK = 512

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Written:
    """How many `customers` have a row and how many are `quarantined`, together everybody; how many of those on record
    each tier has, by name; how many had been `resumed` from a run that was cut off; whether the plan is now current."""

    customers: int
    quarantined: int
    tiers: dict[str, int]
    resumed: int
    promoted: bool


def fit_plan(engine: Engine, cutoff: int, advance: Advance) -> Plan:
    """The plan of everybody who can be scored and has an event by the cutoff (µs). PlanError where nobody has."""
    names = needed(engine.book, engine.bundle)

    def gathered(histories: Histories) -> Gathered:
        return gather([histories], cutoff, engine.bundle, names)

    parts: list[Gathered] = []
    for histories in chunks(engine):
        parts += [part for part, _ in one_by_one(gathered, histories) if part]
        advance(len(histories))
    found = joined(parts, names)
    return fit(found, engine.book, engine.bundle, cutoff, previous=engine.ledger.previous(cutoff))


def write_scores(
    engine: Engine,
    plan: Plan,
    cutoff: int,
    file: Path,
    *,
    home: Path,
    language: Language,
    recorded: int,
    advance: Advance,
) -> Written:
    """Writes a row for every customer of the book, keeps what was recommended (`recorded` at µs UTC), and promotes the
    plan; a run that was cut off goes on where it was, to the same bytes.

    The file appears whole or not at all, then the ledger keeps tiers and roster, then the plan, which was saved before,
    assigns. Customers who cannot be answered lie in a file beside it. Raises ServingError for a file that is neither
    .parquet nor .csv, where another scoring is at work, or where nobody can be answered.
    """
    require_place(file)
    decisions = engine.ledger.decisions(cutoff)
    job = Job.of(engine, plan, cutoff, language, decisions, CHUNK, home)
    with job.at_work():
        count = resumed = 0
        for count, histories in enumerate(chunks(engine), start=1):
            if job.has(count):
                resumed += len(histories)
            else:
                job.finish(count, _part(engine, plan, cutoff, language, recorded, decisions, histories))
            advance(len(histories))
        written, quarantined = _assembled(engine, job, count, file)
        tiers, promoted = _settled(engine, plan, cutoff, job, count, home)
    return Written(written, quarantined, tiers, resumed, promoted)


def _part(
    engine: Engine,
    plan: Plan,
    cutoff: int,
    language: Language,
    recorded: int,
    decisions: Decisions,
    histories: Histories,
) -> Part:
    """What is said of some customers, kept in the ledger."""

    def recommended(some: Histories) -> list[Recommendation]:
        return engine.recommend(some, cutoff, plan, language, decisions)

    tried = list(one_by_one(recommended, histories))
    answers = [answer for done, _ in tried for answer in done or ()]
    rows = [row(answer) for answer in answers]
    ids = engine.ledger.keep(answers, language, recorded, [text_of(each).encode() for each in rows])
    called = zip(engine.names_of(histories), engine.owners_of(histories), strict=True)
    people = dict(zip(histories.customer_ids, called, strict=True))
    accounts = [_account(answer, id_, *people[answer.customer_id]) for answer, id_ in zip(answers, ids, strict=True)]
    return Part(rows, accounts, [said for _, said in tried if said])


def _account(answer: Recommendation, id_: str, name: str | None, owner: str | None) -> dict[str, Any] | None:
    """The account of who is on record by the cutoff, and whether a memory holds the tier."""
    if UNKNOWN_CUSTOMER.code in answer.degraded:
        return None
    assert answer.tier
    return {
        "customer_id": answer.customer_id,
        "name": name,
        "owner": owner,
        "tier": answer.tier.name,
        "lifetime_value": answer.lifetime_value.value,
        "conversion": answer.conversion.value,
        "churn": answer.churn.value,
        "priority": max((action.priority for action in answer.actions), default=0.0),
        "recommendation": id_,
        "held": answer.tier.held,
    }


def _assembled(engine: Engine, job: Job, count: int, file: Path) -> tuple[int, int]:
    """Writes the file from the parts, and answers how many customers are in it and how many are not."""
    left_out = [said for number in range(1, count + 1) for said in job.quarantined(number)]
    written = 0
    with open_sheet(file) as sheet:
        for number in range(1, count + 1):
            rows = job.rows(number)
            sheet.write(rows)
            written += len(rows)
        if left_out and not written:
            first = left_out[0]
            raise ServingError(f"nobody could be answered: {first['error']} in {first['place']}")
        engine.store.require_as_opened()
        write_quarantine(file, left_out)
    return written, len(left_out)


def _settled(engine: Engine, plan: Plan, cutoff: int, job: Job, count: int, home: Path) -> tuple[dict[str, int], bool]:
    """Keeps tiers and, of a plan that will assign, the roster; then promotes the plan."""

    def accounts() -> Iterator[dict[str, Any]]:
        for number in range(1, count + 1):
            yield from job.accounts(number)

    ledger, model = engine.ledger, engine.bundle.version
    assigned = [(account["customer_id"], account["tier"], account["held"]) for account in accounts()]
    ledger.write_tiers(cutoff, plan.version, model, assigned)
    if stands(plan, home, engine.latest_cutoff):
        ledger.write_roster(cutoff, plan.version, model, map(_roster_account, accounts()))
    held = Counter(tier for _, tier, _ in assigned)
    return {tier: held[tier] for tier in TIERS}, promote(plan, home, engine.latest_cutoff)


def _roster_account(account: dict[str, Any]) -> Account:
    return Account(**{name: value for name, value in account.items() if name != "held"})


def overview(engine: Engine, plan: Plan, cutoff: int, advance: Advance) -> Overview:
    """The whole book at the plan's cutoff, with the tiers that the ledger keeps of it."""
    standing = engine.ledger.previous(cutoff, through=True)
    customers = len(engine.store.customers())
    return overview_of(engine.store, chunks(engine), customers, engine.bundle, plan, cutoff, standing, advance)


def chunks(engine: Engine) -> Iterator[Histories]:
    """The book's histories bucket by bucket, some hundred customers at a time."""
    for histories in engine.store.each():
        for start in range(0, len(histories), CHUNK):
            yield histories.select(range(start, min(start + CHUNK, len(histories))))


def row(answer: Recommendation) -> Row:
    """The fields of the HTTP answer; nested ones as JSON text."""
    plain = answer.to_dict()
    return {name: plain[name] if name in PLAIN else to_json(plain[name]) for name in COLUMNS}


def text_of(row: Row) -> str:
    """The answer as JSON, from its row: what is written already is not written again."""
    fields = (f'"{name}":{to_json(row[name]) if name in PLAIN else row[name]}' for name in COLUMNS)
    return f"{{{','.join(fields)}}}"
